import CatalogStore
import Foundation
import Match
import MatchRun
import Survivors
import Testing
import XMDBTestSupport

/// Whole runs with photometry on the real cones, against another program's answers, of which about half are given.
@Suite(.enabled(if: Golden.isPresent, "../shared/golden is absent"))
struct GoldenPhotometryRunTests {
  private let judged: GoldenJudged
  private let theirs: [Golden.Pair: Double]
  private let loneA: Set<Int64>
  private let loneB: Set<Int64>

  init() throws {
    judged = try GoldenJudged("photometry")
    theirs = try Golden.matches("photometry").filter { [judged] in judged.covers($0.key) }
    func ids(_ name: String, _ column: String) throws -> Set<Int64> {
      Set(try Golden.rows("photometry/" + name).map { Int64($0[column]!)! })
    }
    loneA = try ids("nonmatches_gaia.csv", "gaia_source_id").filter(judged.coversA)
    loneB = try ids("nonmatches_catwise.csv", "catwise_cntr").filter(judged.coversB)
  }

  private func configuration(_ method: MatchConfiguration.Method) -> MatchConfiguration {
    var configuration = MatchConfiguration()
    configuration.candidateFraction = 0.999
    configuration.epoch = .asGiven
    configuration.method = method
    return configuration
  }

  private struct Comparison {
    var same = 0
    var lost = 0
    var changed = 0
    var sameAlone = 0
    var alone = 0
    var differences: [Double] = []
  }

  private func compare(_ ours: [Golden.Pair: Double]) -> Comparison {
    let partner = Dictionary(uniqueKeysWithValues: ours.keys.map { ($0.a, $0.b) })
    let (matchedA, matchedB) = (Set(ours.keys.map(\.a)), Set(ours.keys.map(\.b)))
    var result = Comparison()
    for (pair, p) in theirs {
      if let own = ours[pair] {
        result.same += 1
        result.differences.append(abs(own - p))
      } else if partner[pair.a] == nil {
        result.lost += 1
      } else {
        result.changed += 1
      }
    }
    result.alone = loneA.count + loneB.count
    result.sameAlone = loneA.count { !matchedA.contains($0) } + loneB.count { !matchedB.contains($0) }
    result.differences.sort()
    return result
  }

  private func run(_ configuration: MatchConfiguration, _ name: String) throws -> Comparison {
    let workdir = try Workdir()
    let database = try RealCones.ingest(into: workdir)
    let plan = try MatchPlan(database: database, a: "gaia", b: "catwise", configuration: configuration)
    let ours = try Golden.matches(database, run: MatchDriver(plan: plan, threads: 2).run().run)
    let found = compare(ours)
    let differences = found.differences
    print(
      """
      \(name): \(ours.count) pairs; of \(theirs.count) given \(found.same) the same, \(found.lost) alone, \
      \(found.changed) with another partner; of \(found.alone) given alone \(found.sameAlone) the same; \
      median |ΔP| \(differences[differences.count / 2]), 99 % \(differences[differences.count * 99 / 100])
      """)
    try printPriors(plan)
    return found
  }

  private func printPriors(_ plan: MatchPlan) throws {
    for region in try LiveMatch(plan).measurement().regions where region.areaDegrees2 > 0 {
      print(
        "  \(region.areaDegrees2) deg²: N_c \(region.counterparts), N_a \(region.unmatchedA), N_b \(region.unmatchedB)")
      for pair in region.bandPairs { print("  \(pair.bandA), \(pair.bandB): N_c \(pair.counterparts)") }
    }
  }

  @Test func theReportsMethodGivesItsPairs() throws {
    var configuration = configuration(.survivors)
    configuration.survivors = .report
    let found = try run(configuration, "survivors, report")
    #expect(Double(found.same) >= 0.99 * Double(theirs.count))
  }

  @Test func theRepairedSurvivorsAgreeBroadly() throws {
    let found = try run(configuration(.survivors), "survivors, repaired")
    #expect(Double(found.same) >= 0.97 * Double(theirs.count))
  }

  @Test func theMixtureAgreesBroadly() throws {
    let found = try run(configuration(.mixture), "mixture")
    #expect(Double(found.same) >= 0.95 * Double(theirs.count))
  }
}
