import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@testable import MatchRun

/// What is measured over regions does not depend on how the work is cut either.
@Suite struct PhotometricCutTests {
  @Test(arguments: MatchConfiguration.Method.allCases)
  func photometryGivesTheSameBytesHoweverTheSkyIsCut(method: MatchConfiguration.Method) throws {
    var pair = PhotometricSky.pair(seed: 3)
    addFewSourcesFarAway(to: &pair)
    let whole = try MatchBench(pair)
    var configuration = PhotometricSky.configuration
    configuration.method = .survivors
    let plan = try whole.plan(configuration, sourcesPerChunk: 10_000_000)
    let expected = try whole.run(plan)
    let exported = try whole.export()
    let measured = try #require(try whole.database.registry().measurement(of: expected.outcome.run))
    #expect(measured.regions.count { $0.measuredIn == .pixel($0.pixel) } >= 3)
    #expect(measured.regions.contains { $0.flags.contains(.coarserRegion) })
    #expect(expected.pairs.contains { abs($0.double("eta")) > 1 })
    var shuffled = pair
    shuffled.a = pair.a.shuffled(seed: 7)
    shuffled.b = pair.b.shuffled(seed: 8)
    let cut = try MatchBench(shuffled, shardBytes: 100_000)
    for (bench, sources, threads) in [(whole, 700, 2), (cut, 10_000_000, 1), (cut, 1500, 2)] {
      let rows = try bench.run(bench.plan(configuration, sourcesPerChunk: sources), threads: threads)
      #expect(rows.text == expected.text, "\(sources) sources per chunk, \(threads) threads")
      #expect(try bench.export() == exported)
      #expect(try bench.database.registry().measurement(of: rows.outcome.run) == measured)
    }
  }

  /// One base pixel in which both catalogues have too few sources to measure anything, and one that only a covers.
  private func addFewSourcesFarAway(to pair: inout SimulatedPair) {
    for index in 0..<40 {
      var (a, b) = (pair.a.sources[index], pair.b.sources[index])
      (a.id, b.id) = (a.id + 1_000_000, b.id + 1_000_000)
      (a.ra, a.dec) = (index < 20 ? 120 : 210, -30 + Double(index) / 100)
      (b.ra, b.dec) = (a.ra, a.dec)
      pair.a.sources.append(a)
      if index < 20 { pair.b.sources.append(b) }
    }
  }

  @Test func exchangingTheCataloguesChangesNothing() throws {
    let there = try MatchBench(PhotometricSky.pair(seed: 4))
    let back = MatchBench(there.workdir, there.database, there.nameB, there.nameA)
    let forward = try there.run(PhotometricSky.configuration, sourcesPerChunk: 1500)
    let backward = try back.run(PhotometricSky.configuration)
    let others = Dictionary(uniqueKeysWithValues: backward.pairs.map { (RunRows.Pair(a: $0.ids.b, b: $0.ids.a), $0) })
    #expect(others.count == forward.pairs.count)
    for row in forward.pairs {
      let other = try #require(others[row.ids])
      for column in ["pair_p", "pair_p_without_photometry", "eta", "xi"] {
        #expect(abs(row.double(column) - other.double(column)) < 1e-12, "\(column) of \(row.ids)")
      }
    }
    let matched = Set(backward.matchedPairs.map { RunRows.Pair(a: $0.b, b: $0.a) })
    #expect(forward.matchedPairs == matched)
  }

  /// A query measures only the regions that it touches, and gives the rows of a run.
  @Test(arguments: MatchConfiguration.Method.allCases)
  func aPartOfTheSkyIsMeasuredAsInARun(method: MatchConfiguration.Method) throws {
    let bench = try MatchBench(PhotometricSky.pair(seed: 5))
    var configuration = PhotometricSky.configuration
    configuration.method = method
    let plan = try bench.plan(configuration, sourcesPerChunk: 1000)
    let run = try bench.run(plan)
    var matcher = ChunkMatcher(LiveMatch(plan))
    let chunk = plan.chunks[plan.chunks.count / 2]
    let fresh = try matcher.match(chunk)
    let islands = Set(fresh.pairs.map(\.island))
    let stored = run.pairs.filter { islands.contains($0.integer("island")) }
    #expect(!stored.isEmpty)
    #expect(stored.map { $0.double("pair_p") } == fresh.pairs.map(\.pairP))
    #expect(stored.map { $0.double("eta") } == fresh.pairs.map(\.eta))
  }

  @Test func theSwitchesOfSurvivorsAreIndependent() throws {
    let bench = try MatchBench(PhotometricSky.pair(seed: 6))
    var configuration = PhotometricSky.configuration
    configuration.method = .survivors
    let both = try bench.run(configuration)
    configuration.photometry = false
    let positions = try bench.run(configuration)
    #expect(positions.pairs.allSatisfy { $0.double("eta") == 0 })
    #expect(positions.pairs.map { $0.double("pair_p") } == both.pairs.map { $0.double("pair_p_without_photometry") })
    configuration.priors = .counts
    let counts = try bench.run(configuration)
    #expect(counts.pairs[0].double("n_c") != positions.pairs[0].double("n_c"))
    configuration.photometry = true
    let magnitudes = try bench.run(configuration)
    #expect(magnitudes.pairs.map { $0.double("eta") } == both.pairs.map { $0.double("eta") })
    #expect(magnitudes.pairs.map { $0.double("n_c") } == counts.pairs.map { $0.double("n_c") })
  }

  @Test func theSwitchesOfTheMixtureChangeWhatTheySay() throws {
    let pair = PhotometricSky.pair(seed: 6)
    let bench = try MatchBench(pair)
    var configuration = PhotometricSky.configuration
    let both = try bench.run(configuration)
    configuration.photometry = false
    let positions = try bench.run(configuration)
    #expect(positions.pairs.allSatisfy { $0.double("eta") == 0 })
    // Magnitudes tell which widths are real, so that positions are not judged quite alike.
    func sum(_ rows: RunRows, _ column: String) -> Double { rows.pairs.reduce(0) { $0 + $1.double(column) } }
    let alone = sum(positions, "pair_p")
    #expect(abs(sum(both, "pair_p_without_photometry") - alone) < 0.02 * alone)
    configuration.priors = .counts
    let counts = try bench.run(configuration)
    let half = Double(min(pair.a.sources.count, pair.b.sources.count)) / 2
    #expect(abs(sum(counts, "pair_p") - half) < 0.1 * half)
    configuration.photometry = true
    #expect(try bench.run(configuration).pairs.contains { $0.double("eta") != 0 })
  }

  /// What is known of sources without magnitude is one class of its own.
  @Test func sourcesWithoutMagnitudeAreAClass() throws {
    var pair = PhotometricSky.pair(seed: 7)
    for index in pair.a.sources.indices where index % 10 == 0 { pair.a.sources[index].magnitudes = [nil, nil] }
    let rows = try MatchBench(pair).run(PhotometricSky.configuration)
    let blind = Set(pair.a.sources.filter { $0.magnitudes == [nil, nil] }.map(\.id))
    for row in rows.pairs where blind.contains(row.ids.a) { #expect(row.flags.contains(.noMagnitude)) }
    #expect(rows.pairs.contains { blind.contains($0.ids.a) && $0.double("pair_p") > 0.9 })
  }

  @Test func sourcesWithoutMagnitudeAreJudgedByPosition() throws {
    var pair = PhotometricSky.pair(seed: 7)
    for index in pair.a.sources.indices where index % 10 == 0 { pair.a.sources[index].magnitudes = [nil, nil] }
    var configuration = PhotometricSky.configuration
    configuration.method = .survivors
    let rows = try MatchBench(pair).run(configuration)
    let blind = Set(pair.a.sources.filter { $0.magnitudes == [nil, nil] }.map(\.id))
    for row in rows.pairs where blind.contains(row.ids.a) {
      #expect(row.double("eta") == 0)
      #expect(row.flags.contains(.noMagnitude))
    }
    #expect(rows.pairs.contains { blind.contains($0.ids.a) && $0.double("pair_p") > 0.9 })
  }

  @Test func aFieldTooPoorForSurvivorsFallsBackToCounts() throws {
    var pair = PhotometricSky.pair(seed: 8)
    pair.a.sources = Array(pair.a.sources.prefix(60))
    pair.b.sources = Array(pair.b.sources.prefix(60))
    var configuration = PhotometricSky.configuration
    configuration.method = .survivors
    let rows = try MatchBench(pair).run(configuration)
    #expect(rows.pairs.count >= 50)
    for row in rows.pairs {
      #expect(row.double("eta") == 0)
      #expect(row.flags.contains(.countPriors))
    }
  }

  @Test func aCatalogueWithoutMagnitudesIsNamed() throws {
    var pair = PhotometricSky.pair(seed: 9)
    pair.b.bands = []
    let bench = try MatchBench(pair)
    let plan = try bench.plan(PhotometricSky.configuration)
    #expect(plan.notes.contains { $0.contains("no magnitudes of \(bench.nameB) are known") }, "\(plan.notes)")
    let pairs = try bench.run(plan).pairs
    // Only sources of a can lack what others of their catalogue have.
    #expect(pairs.contains { $0.double("eta") != 0 && !$0.flags.contains(.noMagnitude) })
    var survivors = PhotometricSky.configuration
    survivors.method = .survivors
    let compared = try bench.plan(survivors)
    #expect(compared.notes.contains { $0.contains("photometry is not used") }, "\(compared.notes)")
    #expect(try bench.run(compared).pairs.allSatisfy { $0.double("eta") == 0 && !$0.flags.contains(.noMagnitude) })
    var positions = PhotometricSky.configuration
    positions.photometry = false
    #expect(try !bench.plan(positions).notes.contains { $0.contains("magnitudes") })
  }
}
