import CatalogStore
import Foundation
import MatchRun
import Testing
import XMDBTestSupport

/// A whole run on the real cones against another program that answered for them.
@Suite(.enabled(if: Golden.isPresent, "../shared/golden is absent"))
struct GoldenRunTests {
  /// Outside the sources that it rejected, and those with a pair on the other side of its inexact cut, the pairs agree.
  @Test(arguments: [MatchConfiguration.Epoch.asGiven, .automatic])
  func pairsAgreeOutsideItsCut(epoch: MatchConfiguration.Epoch) throws {
    let workdir = try Workdir()
    let database = try RealCones.ingest(into: workdir)
    var configuration = MatchConfiguration.positionsOnly
    configuration.epoch = epoch
    let plan = try MatchPlan(database: database, a: "gaia", b: "catwise", configuration: configuration)
    let outcome = try MatchDriver(plan: plan, threads: 2).run()
    let ours = try Golden.matches(database, run: outcome.run)
    let theirs = try Golden.matches("no-photometry")
    let judged = try GoldenJudged("no-photometry")
    let (own, other) = (ours.filter { judged.covers($0.key) }, theirs.filter { judged.covers($0.key) })
    let common = Set(own.keys).intersection(other.keys)
    let all = Set(own.keys).union(other.keys)
    print(
      "pairs: ours \(own.count), theirs \(other.count), common \(common.count) of \(all.count); all ours \(ours.count), all theirs \(theirs.count)"
    )
    let worst = common.map { abs(own[$0]! - other[$0]!) }.sorted()
    print("median |ΔP| \(worst[worst.count / 2]), 99 % \(worst[worst.count * 99 / 100]), max \(worst.last!)")
    #expect(Double(common.count) >= 0.995 * Double(all.count))
  }
}
