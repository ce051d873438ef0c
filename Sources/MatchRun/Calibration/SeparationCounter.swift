internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// Compares the probabilities of the candidate pairs in pieces of sky with the separations at which these stand; use one per thread.
struct SeparationCounter {
  private let pass: SeparationPass
  private let plan: MatchPlan
  private let reader: NeighbourhoodReader
  private var models: RegionModels
  private var stop: StopCheck
  private var grids = SeparationGrids()
  private var spread = ChanceSpread()

  init(_ pass: SeparationPass, _ cancellation: Cancellation) {
    self.pass = pass
    plan = pass.run.plan
    models = pass.run.models
    reader = NeighbourhoodReader(pass.inputs)
    stop = cancellation.stopCheck("calibrate")
  }

  /// A pair is counted where its source of a lies.
  mutating func tally(of piece: HealpixPixel) throws -> SeparationTally {
    let core = PixelRangeSet(pixels: [piece])
    let loaded = ChunkSky.withNeighbours(core, order: piece.order, reach: pass.reach, rings: ChunkSky.countedRings)
    let (a, b) = try reader.placed(reader.sources(in: loaded, stop: &stop))
    let sky = try reader.neighbourhood(a, b, stop: &stop)
    let odds = try CandidateOdds(sky, plan, pass.inputs, models: &models, stop: &stop)
    let own = Self.members(a, core)
    let rowids = own.isEmpty ? 0..<0 : a.columns.rowid[own.lowerBound]..<a.columns.rowid[own.upperBound - 1] + 1
    let given = try GivenProbabilities(
      sky, rowids: rowids, pass.chunks(touching: loaded), plan.database, stop: &stop)
    let groups = PairGroups(sky, pass.groups, pass.inputs)
    var tally = SeparationTally(pass.groups, pixels: groups.pixels)
    try count(sky, own, core, odds, given, groups, into: &tally)
    return tally
  }

  /// Pairs of blends are no part of the test: separations say nothing of them.
  private mutating func count(
    _ sky: Neighbourhood, _ own: Range<Int>, _ core: PixelRangeSet, _ odds: CandidateOdds, _ given: GivenProbabilities,
    _ groups: PairGroups, into tally: inout SeparationTally
  ) throws {
    let photometric = candidates(odds.photometric, sky, odds)
    let positional = candidates(odds.positional, sky, odds)
    let rivals = Rivals(sky, logRatios: photometric, logLeast: pass.logLeast)
    let positionalRivals = Rivals(sky, logRatios: positional, logLeast: pass.logLeast)
    countLone(sky, core, odds, rivals, into: &tally)
    for edge in 0..<sky.edges.count where own.contains(Int(sky.edges.a[edge])) {
      try stop.after(steps: 8)
      let (i, j) = (sky.edges.a[edge], sky.edges.b[edge])
      let far = farPair(sky, edge, odds)
      let places = groups.places(i, j, spreadArcsec2: odds.spreads[edge])
      let both = judged(photometric[edge], rivals.logRoom(edge, i, j), given.photometric[edge])
      if rivals.isBlended(edge, sky, spreads: odds.spreads, circleArcsec: pass.circleArcsec)
        || positionalRivals.isBlended(edge, sky, spreads: odds.spreads, circleArcsec: pass.circleArcsec)
      {
        if both.given >= Self.leastCounted { tally.addBlended(both.given) }
        continue
      }
      tally.update(places) { $0.add(given: both.given, direct: both.direct) }
      let alone = judged(positional[edge], positionalRivals.logRoom(edge, i, j), given.positional[edge])
      tally.updatePositional { $0.add(given: alone.given, direct: alone.direct) }
      tally.updateCrossed { $0.add(given: both.given, direct: alone.direct) }
      guard let far else { continue }
      take(far, both, odds.photometric[edge])
      tally.update(places) { [spread] in
        $0.add(spread, scale: far.scale, split: far.split, given: both.given, direct: both.direct)
      }
      take(far, alone, odds.positional[edge])
      tally.updatePositional { [spread] in
        $0.add(spread, scale: far.scale, split: far.split, given: alone.given, direct: alone.direct)
      }
      tally.updateCrossed { [spread] in
        $0.add(spread, scale: far.scale, split: far.split, given: both.given, direct: alone.direct)
      }
    }
  }

  /// The sources in a pixel: they lie along the curve.
  private static func members(_ sources: PlacedSources, _ core: PixelRangeSet) -> Range<Int> {
    let (sky, range) = (sources.columns.healpix29, core.ranges.first ?? 0..<0)
    return sky.binarySearch { $0 >= range.lowerBound }..<sky.binarySearch { $0 >= range.upperBound }
  }

  /// Counts the sources in a pixel that have no candidates.
  private func countLone(
    _ sky: Neighbourhood, _ core: PixelRangeSet, _ odds: CandidateOdds, _ rivals: Rivals,
    into tally: inout SeparationTally
  ) {
    for (isA, sources) in [(true, sky.a), (false, sky.b)] {
      for source in Self.members(sources, core) where rivals.isLone(isA: isA, source) {
        tally.addLone(odds.aloneProbability(isA: isA, source))
      }
    }
  }

  /// ln R of the candidates of the run; −∞ of other pairs.
  private func candidates(_ logRatios: [Double], _ sky: Neighbourhood, _ odds: CandidateOdds) -> [Double] {
    logRatios.indices.map {
      odds.isCandidate(level: sky.edges.level[$0], spreadArcsec2: odds.spreads[$0]) ? logRatios[$0] : -.infinity
    }
  }

  /// Pairs of blends are counted from this P.
  private static let leastCounted = 0.1

  // MARK: One pair

  /// What a pair was given, and what it has by itself.
  private struct Judged {
    let logRoom: Double
    /// P*.
    let direct: Double
    /// P; P* where the run has no row.
    let given: Double
  }

  private func judged(_ logRatio: Double, _ logRoom: Double, _ given: Double) -> Judged {
    let direct = PairQuantities.matchProbability(logRatio: logRatio + logRoom)
    return Judged(logRoom: logRoom, direct: direct, given: given.isNaN ? direct : given)
  }

  /// A candidate in the outer half of the search, of this one or of the run's.
  private struct FarPair {
    let grid: SeparationGrid
    /// ln e(t)/c(t) where it is.
    let logFactor: Double
    /// 1/(1 − C).
    let scale: Double
    /// Beyond the PSF 1, within it −1; 0 where only one search is asked.
    let split: Double
  }

  private mutating func farPair(_ sky: Neighbourhood, _ edge: Int, _ odds: CandidateOdds) -> FarPair? {
    let (level, spread) = (sky.edges.level[edge], odds.spreads[edge])
    let limit = pass.searchReach.limit(spreadArcsec2: spread)
    let (i, j) = (sky.edges.a[edge], sky.edges.b[edge])
    let regions = odds.regions(i, j)
    guard let ring = ring(level / limit, spread, limit, slope: odds.slope(regions)) else { return nil }
    let grid = grids.grid(
      regions, pulls: odds.pullClasses(i, j), spreadArcsec2: spread, limit: limit, odds)
    return FarPair(
      grid: grid, logFactor: odds.logFactor(regions, level: level, spreadArcsec2: spread, pulls: odds.pulls(i, j)),
      scale: ring.scale, split: ring.split)
  }

  /// The ring of far pairs that a pair is in: how many chance pairs each stands for, and which ring it is.
  ///
  /// Beyond the PSF chance pairs are even, but those within it are fewer or more. The outer half of the run's own search has these, and
  /// counterparts that a blend has moved there besides. Where both differ, the truth is taken to lie between them.
  private func ring(_ place: Double, _ spread: Double, _ limit: Double, slope: Double) -> (
    scale: Double, split: Double
  )? {
    let own = (plan.searchReach?.limit(spreadArcsec2: spread) ?? limit) / limit
    let outer = 1 / (1 - ChanceLaw.share(below: 0.5, slope: slope))
    guard own < 0.5 else { return place > 0.5 ? (outer, 0) : nil }
    if place > 0.5 { return (outer / 2, 1) }
    guard place > own / 2, place < own else { return nil }
    let share = ChanceLaw.share(below: own, slope: slope) - ChanceLaw.share(below: own / 2, slope: slope)
    return (1 / (2 * share), -1)
  }

  private mutating func take(_ far: FarPair, _ judged: Judged, _ logRatio: Double) {
    spread.take(far.grid, logOdds: logRatio - far.logFactor + judged.logRoom)
  }
}
