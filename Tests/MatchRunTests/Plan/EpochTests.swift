import CatalogStore
import Foundation
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Positions are brought to one epoch, once, and what cannot be moved says so.
@Suite struct EpochTests {
  /// Moving sources seen at two epochs.
  private struct Movers {
    var pair: SimulatedPair
    var epochA = 2016.0
    var epochB = 1991.25

    /// - Parameter speed: The largest motion, mas/yr.
    init(
      _ count: Int, ra: Double, dec: Double, radius: Double, speed: Double, isElliptical: Bool = false, seed: UInt64 = 3
    ) {
      var rng = SplitMix64(seed: seed)
      var detection = SimulatedPair.Detection()
      (detection.completenessA, detection.completenessB) = (1, 1)
      detection.isElliptical = isElliptical
      let objects = Sky.cap(count, raDegrees: ra, decDegrees: dec, radiusDegrees: radius, using: &rng)
      pair = SimulatedPair(objects: objects, detection, using: &rng)
      (pair.a.hasMotions, pair.b.hasMotions) = (true, true)
      for index in pair.a.sources.indices {
        let motion = (east: rng.uniform(-speed, speed) * 0.7, north: rng.uniform(-speed, speed) * 0.7)
        pair.a.sources[index].motion = motion
        pair.a.sources[index].motionSigma = (rng.uniform(1, 20), rng.uniform(1, 20))
        pair.b.sources[index].motion = motion
        sendBack(&pair.b.sources[index])
        pair.b.sources[index].motionSigma = pair.a.sources[index].motionSigma
      }
      (pair.a.epochYears, pair.b.epochYears) = (epochA, epochB)
    }

    /// b sees the object where it was, and its motion along east and north of that place.
    private func sendBack(_ source: inout SimulatedSource) {
      guard let motion = source.motion else { return }
      let (ra, dec) = (source.ra, source.dec)
      let speed = hypot(motion.east, motion.north)
      var place = Sky()
      place.append(
        vector: Sky.vector(
          aroundRA: ra, dec: dec, distanceRadians: atan(speed * (epochB - epochA) / 206_264_806.2),
          direction: atan2(motion.north, motion.east)))
      (source.ra, source.dec) = (place.raDegrees[0], place.decDegrees[0])
      let onward = PairGeometry.direction(source.ra, source.dec, ra, dec)
      source.motion = (speed * onward.x, speed * onward.y)
    }
  }

  private func epoch(_ choice: MatchConfiguration.Epoch) -> MatchConfiguration {
    var configuration = MatchConfiguration.positionsOnly
    configuration.epoch = choice
    return configuration
  }

  /// The run against vectors moved in space; moved coordinates are rounded at 10⁻¹⁰ arcsec.
  private func expectAgreement(
    _ bench: MatchBench, _ pair: SimulatedPair, _ configuration: MatchConfiguration, at target: Double
  ) throws {
    func wide(_ catalogue: SimulatedCatalogue) -> [WideSource] {
      catalogue.sources.map { source in
        var wide = WideSource(source)
        if let motion = source.motion, let own = source.epoch ?? catalogue.epochYears {
          wide.move(motion, sigma: source.motionSigma, years: target - own)
        }
        return wide
      }
    }
    let plan = try bench.plan(configuration, sourcesPerChunk: 50)
    #expect(plan.epoch.targetYears == target)
    let rows = try bench.run(plan, threads: 2)
    let regions = plan.regions
    let models = RegionModels(counting: regions)
    let oracle = NaiveMatcher(wide(pair.a), wide(pair.b), searchDegrees: 0.2) { a, b in
      models.priors(
        ofA: regions.region(of: Healpix29.index(raDegrees: a.ra, decDegrees: a.dec)),
        ofB: regions.region(of: Healpix29.index(raDegrees: b.ra, decDegrees: b.dec)))
    }
    #expect(!rows.pairs.isEmpty)
    #expect(Set(rows.pairs.map(\.ids)) == Set(oracle.pairs.keys))
    #expect(rows.matchedPairs == Set(oracle.pairs.filter(\.value.isMatched).keys))
    for row in rows.pairs {
      guard let expected = oracle.pairs[row.ids] else { continue }
      #expect(abs(row.double("separation_arcsec") - expected.separation) < 1e-9, "\(row.ids)")
      #expect(abs(row.double("pair_p") - expected.probability) < 1e-8, "\(row.ids)")
    }
  }

  @Test func positionsMoveToTheCatalogueThatCannotMove() throws {
    var movers = Movers(150, ra: 66, dec: 16, radius: 0.1, speed: 800)
    movers.pair.b.hasMotions = false
    for index in movers.pair.b.sources.indices { movers.pair.b.sources[index].motion = nil }
    let bench = try MatchBench(movers.pair)
    try expectAgreement(bench, movers.pair, MatchConfiguration.positionsOnly, at: movers.epochB)
    let back = MatchBench(bench.workdir, bench.database, bench.nameB, bench.nameA)
    try expectAgreement(back, movers.pair.exchanged, MatchConfiguration.positionsOnly, at: movers.epochB)
  }

  @Test func bothMoveToTheLaterEpochOrToTheYearAskedFor() throws {
    let movers = Movers(150, ra: 0, dec: -40, radius: 0.1, speed: 800, isElliptical: true)
    let bench = try MatchBench(movers.pair)
    try expectAgreement(bench, movers.pair, MatchConfiguration.positionsOnly, at: 2016)
    try expectAgreement(bench, movers.pair, epoch(.year(2100)), at: 2100)
    try expectAgreement(bench, movers.pair, epoch(.year(1950.5)), at: 1950.5)
  }

  /// The axes of an error ellipse are carried along with the source; near a pole east and north turn on the way.
  @Test(arguments: [90.0, -89.95])
  func errorEllipsesAreCarriedAlongNearThePoles(dec: Double) throws {
    let movers = Movers(120, ra: 10, dec: dec, radius: 0.05, speed: 3000, isElliptical: true)
    try expectAgreement(MatchBench(movers.pair), movers.pair, MatchConfiguration.positionsOnly, at: 2016)
  }

  /// 10″/yr over 25 years: 250″, a hundred times the reach of the errors, across chunks and over the pole.
  @Test(arguments: [(45.0, 41.81), (200, 90), (0.0, -20)])
  func fastMoversAreFoundAcrossChunksAndOverThePole(ra: Double, dec: Double) throws {
    let movers = Movers(120, ra: ra, dec: dec, radius: 0.15, speed: 10_000)
    let bench = try MatchBench(movers.pair, shardBytes: 20_000)
    let rows = try bench.run(sourcesPerChunk: 30, threads: 2)
    #expect(rows.chunks.count > 4)
    let found = Set(rows.pairs.map(\.ids))
    let missed = movers.pair.truth.filter { !found.contains(RunRows.Pair(a: $0.key, b: $0.value)) }
    // 0.1 % of the pairs lie outside F_max.
    #expect(missed.count <= 2, "missed \(missed)")
    let asGiven = try bench.run(epoch(.asGiven))
    #expect(asGiven.pairs.count < movers.pair.truth.count / 4)
    #expect(rows.text == (try bench.run(sourcesPerChunk: 1_000_000).text))
  }

  @Test func errorsGrowWithTheTimeThatPositionsAreMoved() throws {
    var source = SimulatedSource(10, 20, sigma: 0.3)
    source.motion = (100, -50)
    source.motionSigma = (30, 40)
    var pair = SimulatedPair(a: [source], b: [SimulatedSource(10, 20.1, sigma: 0.2)])
    (pair.a.epochYears, pair.b.epochYears, pair.a.hasMotions) = (2000, 2020, true)
    let rows = try MatchBench(pair).run()
    let used = rows.nonmatches.first(where: \.isA)!.double("sigma_used_arcsec")
    #expect(abs(used - (0.3 * 0.3 + 0.8 * 0.8).squareRoot()) < 1e-12)
    #expect(rows.nonmatches.first { !$0.isA }!.double("sigma_used_arcsec") == 0.2)
  }

  @Test func rowsMoveFromEpochsOfTheirOwnAndUnknownOnesStayAndAreFlagged() throws {
    var movers = Movers(150, ra: 120, dec: 70, radius: 0.1, speed: 800)
    movers.pair.a.epochYears = nil
    movers.pair.a.hasEpochs = true
    var rng = SplitMix64(seed: 77)
    for index in movers.pair.a.sources.indices {
      movers.pair.a.sources[index].epoch = index % 9 == 0 ? nil : rng.uniform(2005, 2017)
      if index % 7 == 0 { movers.pair.a.sources[index].motion = nil }
    }
    movers.pair.b.hasMotions = false
    for index in movers.pair.b.sources.indices { movers.pair.b.sources[index].motion = nil }
    let bench = try MatchBench(movers.pair)
    try expectAgreement(bench, movers.pair, MatchConfiguration.positionsOnly, at: movers.epochB)
    let plan = try bench.plan()
    #expect(plan.notes.contains { $0.contains("no known motion") }, "\(plan.notes)")
    let rows = try bench.run(plan)
    let sources = Dictionary(uniqueKeysWithValues: movers.pair.a.sources.map { ($0.id, $0) })
    for row in rows.nonmatches where row.isA && row["nnm_id"] == .null {
      let source = sources[row.id]!
      #expect(row.flags.contains(.epochUnknown) == (source.epoch == nil), "\(row.id)")
      #expect(row.flags.contains(.unknownMotionA) == (source.epoch != nil && source.motion == nil), "\(row.id)")
      #expect(!row.flags.contains(.unknownMotionB))
    }
    for row in rows.matches where sources[row.ids.a]!.epoch == nil { #expect(row.flags.contains(.epochUnknown)) }
  }

  @Test func aFewRowsWithOtherEpochsDoNotMoveTheMatch() throws {
    var movers = Movers(150, ra: 120, dec: 70, radius: 0.1, speed: 800)
    (movers.pair.b.epochYears, movers.pair.b.hasEpochs, movers.pair.b.hasMotions) = (nil, true, false)
    for index in movers.pair.b.sources.indices {
      movers.pair.b.sources[index].motion = nil
      movers.pair.b.sources[index].epoch = movers.epochB
    }
    let usual = try MatchBench(movers.pair)
    movers.pair.b.sources[3].epoch = 2499
    movers.pair.b.sources[40].epoch = 1501
    movers.pair.b.sources[41].epoch = 2499
    let bench = try MatchBench(movers.pair)
    let plan = try bench.plan()
    #expect(plan.epoch.targetYears == movers.epochB && plan.b.medianEpochYears == movers.epochB)
    #expect(plan.epoch.notes.contains { $0.contains("1501.0 and 2499.0, half of them before 1991.25") })
    #expect(try usual.plan().epoch.notes.allSatisfy { !$0.contains("lie between") })
    #expect(try bench.run(plan).matchedPairs == usual.run().matchedPairs)
  }

  @Test func aCatalogueOfAnOlderProgramHasNoMedianAndTheNoteSaysSo() throws {
    var movers = Movers(30, ra: 120, dec: 70, radius: 0.1, speed: 800)
    (movers.pair.b.epochYears, movers.pair.b.hasEpochs, movers.pair.b.hasMotions) = (nil, true, false)
    for index in movers.pair.b.sources.indices { movers.pair.b.sources[index].epoch = index == 0 ? 2011 : 1991 }
    let bench = try MatchBench(movers.pair)
    #expect(try bench.plan().epoch.targetYears == 1991)
    try bench.database.rewriteRegistry("UPDATE generation SET median_epoch_yr = NULL")
    let plan = try bench.plan()
    #expect(plan.epoch.targetYears == 2001)
    #expect(plan.epoch.notes.contains { $0.contains("ingest it again") }, "\(plan.epoch.notes)")
  }

  @Test(arguments: [Double.nan, .infinity, 1e300, 1499.9, 2500.1])
  func anImpossibleEpochIsRefused(year: Double) throws {
    let error = #expect(throws: StoreError.self) { try epoch(.year(year)).validate() }
    #expect(error?.code == .usage)
  }

  @Test func sourcesWithoutAMotionOfASecondCatalogueAreFlaggedAsItsOwn() throws {
    var movers = Movers(60, ra: 120, dec: 70, radius: 0.1, speed: 50)
    for index in movers.pair.b.sources.indices where index % 2 == 0 { movers.pair.b.sources[index].motion = nil }
    let rows = try MatchBench(movers.pair).run()
    let unknown = Set(movers.pair.b.sources.filter { $0.motion == nil }.map(\.id))
    for row in rows.matches { #expect(row.flags.contains(.unknownMotionB) == unknown.contains(row.ids.b)) }
    #expect(rows.matches.contains { $0.flags.contains(.unknownMotionB) })
    #expect(!(rows.matches + rows.nonmatches).contains { $0.flags.contains(.unknownMotionA) })
  }

  @Test func anUnknownEpochIsNotedFlaggedAndRefusedWhenAYearIsAskedFor() throws {
    var movers = Movers(60, ra: 120, dec: 70, radius: 0.1, speed: 800)
    movers.pair.b.epochYears = nil
    let bench = try MatchBench(movers.pair)
    let plan = try bench.plan()
    #expect(plan.epoch.targetYears == nil)
    #expect(plan.epoch.notes.contains { $0.contains("right") && $0.contains("unknown") }, "\(plan.epoch.notes)")
    let rows = try bench.run(plan)
    #expect(rows.nonmatches.filter { !$0.isA }.allSatisfy { $0.flags.contains(.epochUnknown) })
    #expect(rows.text == (try bench.run(epoch(.asGiven)).text))
    let error = #expect(throws: StoreError.self) { try bench.plan(epoch(.year(2000))) }
    #expect(error?.code == .usage && error?.subject == "right")
  }

  @Test func positionsAsGivenAndResultsStayAtTheirOwnEpoch() throws {
    let movers = Movers(60, ra: 120, dec: 70, radius: 0.1, speed: 800)
    let bench = try MatchBench(movers.pair)
    let sources = Dictionary(uniqueKeysWithValues: (movers.pair.a.sources + movers.pair.b.sources).map { ($0.id, $0) })
    var texts: [[String]] = []
    for choice in [MatchConfiguration.Epoch.year(2050), .asGiven, .year(2050)] {
      let rows = try bench.run(epoch(choice))
      for row in rows.matches {
        #expect(row.double("a_ra_deg") == sources[row.ids.a]!.ra && row.double("b_dec_deg") == sources[row.ids.b]!.dec)
      }
      for row in rows.nonmatches { #expect(row.double("ra_deg") == sources[row.id]!.ra) }
      texts.append(rows.text)
    }
    #expect(texts[0] == texts[2] && texts[0] != texts[1])
  }
}
