import CatalogStore
import Match
import Survivors
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Matches whose densities come from survivors.
@Suite struct SurvivorRunTests {
  private static var configuration: MatchConfiguration {
    var configuration = PhotometricSky.configuration
    configuration.method = .survivors
    return configuration
  }

  /// Both bands of a, both of b: the densities of every band pair are kept, and pairs use their own.
  @Test func everyBandPairHasItsDensities() throws {
    let bench = try MatchBench(PhotometricSky.pair(seed: 11))
    let plan = try bench.plan(Self.configuration)
    let rows = try bench.run(plan)
    let stored = try #require(try bench.database.registry().measurement(of: rows.outcome.run))
    let measured = stored.regions.filter { $0.measuredIn != nil }
    #expect(!measured.isEmpty)
    for region in measured {
      #expect(
        region.bandPairs.map { [$0.bandA, $0.bandB] } == [["G", "W1"], ["G", "W2"], ["R", "W1"], ["R", "W2"]])
      #expect(region.bandPairs[0].counterparts == region.counterparts)
    }
    let used = Set(rows.pairs.map { $0.double("n_c") })
    let others = Set(measured.flatMap { $0.bandPairs.dropFirst().map(\.counterparts) })
    #expect(!others.intersection(used).isEmpty)
    #expect(try RegionModels(stored, of: plan).measurement(of: plan, stored.regions.indices) == stored)
  }

  /// The means of both directions are symmetric, but for rounding in the fits.
  @Test func exchangingTheCataloguesChangesAlmostNothing() throws {
    let there = try MatchBench(PhotometricSky.pair(seed: 4))
    let back = MatchBench(there.workdir, there.database, there.nameB, there.nameA)
    let forward = try there.run(Self.configuration, sourcesPerChunk: 1500)
    let backward = try back.run(Self.configuration)
    let others = Dictionary(uniqueKeysWithValues: backward.pairs.map { (RunRows.Pair(a: $0.ids.b, b: $0.ids.a), $0) })
    #expect(others.count == forward.pairs.count)
    for row in forward.pairs {
      #expect(abs(row.double("pair_p") - (try #require(others[row.ids])).double("pair_p")) < 1e-9)
    }
  }

  /// The truth has 2000 counterparts a cap: the priors of the report's choices and of the repaired ones are near it.
  @Test(arguments: [SurvivorChoice.repaired, .report])
  func countsOfCounterpartsAreNearTheTruth(choice: SurvivorChoice) throws {
    let pair = PhotometricSky.pair(seed: 12)
    let bench = try MatchBench(pair)
    var configuration = Self.configuration
    configuration.sourcesPerRegion = 1_000_000
    if choice == .report { configuration.survivors = .report }
    let rows = try bench.run(configuration)
    let truth = Double(pair.truth.count)
    let found = rows.matchedPairs.count { pair.truth[$0.a] == $0.b }
    let expected = rows.pairs.reduce(0.0) { $0 + $1.double("pair_p") }
    print(
      "\(choice): \(found) true pairs of \(rows.matchedPairs.count) matched, \(truth) in truth, Σ pair_p \(expected)")
    #expect(abs(expected / truth - 1) < 0.03)
  }

  enum SurvivorChoice: Sendable { case repaired, report }

  /// Survivors are counted in bands: without any, half the smaller density is taken.
  @Test func cataloguesWithoutMagnitudesHaveCountPriors() throws {
    var pair = PhotometricSky.pair(seed: 13)
    pair.b.bands = []
    for index in pair.b.sources.indices { pair.b.sources[index].magnitudes = [] }
    let rows = try MatchBench(pair).run(Self.configuration)
    #expect(!rows.pairs.isEmpty)
    #expect(rows.pairs.allSatisfy { $0.flags.contains(.countPriors) && $0.double("eta") == 0 })
  }

  @Test func settingsOfSurvivorsNeedTheMethod() throws {
    var configuration = MatchConfiguration()
    configuration.survivors.columns = .normalised
    let error = #expect(throws: StoreError.self) { try configuration.validate() }
    #expect(error?.code == .usage && error?.description.contains("method: survivors") == true)
    configuration.method = .survivors
    try configuration.validate()
  }

  @Test func aMethodIsRecordedAsItAlwaysWas() throws {
    #expect(
      MatchConfiguration().yaml.hasSuffix(
        "method: mixture\nframe: measured\nunknown_motions: modelled\npsf_a: auto\npsf_b: auto\n"))
    var asGiven = MatchConfiguration()
    asGiven.frame = .asGiven
    asGiven.unknownMotions = .ignored
    (asGiven.psfOfA, asGiven.psfOfB) = (.none, .none)
    #expect(asGiven.yaml.hasSuffix("method: mixture\n"))
    for configuration in [asGiven, MatchConfiguration()] {
      #expect(try MatchConfiguration(recorded: configuration.yaml, run: 1) == planned(configuration))
    }
    #expect(Self.configuration.yaml.contains("method: survivors\nestimator: binomial\ncolumns: kept\n"))
  }

  /// Runs of a method that there is no more.
  @Test(arguments: ["", "method: pairs\n"])
  func otherMethodsAreNamedAsUnknown(_ method: String) throws {
    let text = MatchConfiguration().yaml.replacing("method: mixture\n", with: method)
    let error = #expect(throws: StoreError.self) { try MatchConfiguration(recorded: text, run: 7) }
    #expect(error?.code == .damaged && error?.description.contains("match again") == true)
  }

  @Test func whatIsRecordedIsReadBack() throws {
    var configuration = Self.configuration
    configuration.survivors = .report
    #expect(try MatchConfiguration(recorded: configuration.yaml, run: 1) == planned(configuration))
  }

  /// What a plan makes of a configuration where neither catalogue has corrections.
  private func planned(_ configuration: MatchConfiguration) -> MatchConfiguration {
    var planned = configuration
    planned.corrections = .runs(a: nil, b: nil)
    return planned
  }
}
