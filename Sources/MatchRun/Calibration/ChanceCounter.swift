internal import CatalogStore
internal import Indexing
internal import Match

/// Counts the chance pairs of chunks; use one per thread.
struct ChanceCounter {
  private let pass: ChancePass
  private let plan: MatchPlan
  private let reader: NeighbourhoodReader
  private let cancellation: Cancellation
  private var models: RegionModels
  private var solver = JointIslandSolver()
  private var stop: StopCheck

  /// What one shift of a chunk may take, in steps of some nanoseconds: as much for each source and candidate pair, and enough for
  /// small chunks to be done in full. In crowded sky chance pairs are more, and some are chosen to stand for all.
  private static let stepsPerPair = 200
  private static let leastSteps = 20_000_000

  init(_ pass: ChancePass, _ cancellation: Cancellation) {
    self.pass = pass
    self.cancellation = cancellation
    stop = cancellation.stopCheck("calibrate")
    plan = pass.run.plan
    models = pass.run.models
    reader = NeighbourhoodReader(plan.inputs)
  }

  /// A pair is counted where its source of a lies.
  mutating func counts(of chunk: MatchChunk) throws -> Grouped<ChanceSums> {
    var counts = Grouped(ChanceSums(), pass.groups)
    let core = PixelRangeSet(pixels: [chunk.pixel])
    let reach = Angle.arcseconds(plan.reach.arcseconds + (pass.shifts.first?.distanceArcsec ?? 0))
    let sky = ChunkSky(core, order: chunk.pixel.order, reach: reach)
    let (a, b) = try reader.placed(reader.sources(in: sky.loaded, stop: &stop))
    let real = try field(a, b)
    let (islands, entangled) = try real.disentangledIslands(complete: .wholeSky, stop: &stop)
    let edgesBySource = EdgesBySource(real.edges, countA: a.count, countB: b.count)
    let limit = Self.leastSteps + Self.stepsPerPair * (real.edges.count + a.count + b.count)
    let isOwn = a.columns.healpix29.map { core.contains($0) && isCovered($0) }
    let magnitudes = pass.groups.magnitudes(of: a.columns)
    var trials = [Int](repeating: 0, count: a.count)
    for shift in pass.shifts {
      try cancellation.check("calibrate")
      let isTried = tried(a, isOwn, shift)
      for row in trials.indices where isTried[row] { trials[row] += 1 }
      let (forward, backward) = (try field(a, b.shifted(by: shift)), try field(a.shifted(by: shift), b))
      if let entangled {
        try forward.takeOutNegligible(of: entangled, stop: &stop)
        try backward.takeOutNegligible(of: entangled, stop: &stop)
      }
      let strangers = try JointIslands(
        real: real, islands: islands, edgesBySource: edgesBySource, forward: forward, backward: backward,
        isCounted: isTried, stop: &stop)
      try add(strangers, a, magnitudes, limit: limit, to: &counts)
    }
    for row in trials.indices where isOwn[row] {
      counts.update(rowidA: a.columns.rowid[row], magnitude: magnitudes[row], pass.groups) {
        $0.addSource(trials: trials[row])
      }
    }
    return counts
  }

  private mutating func field(_ a: PlacedSources, _ b: PlacedSources) throws -> IslandField {
    try IslandField(plan: plan, models: &models, reader.neighbourhood(a, b, stop: &stop), stop: &stop)
  }

  private func isCovered(_ healpix29: Int64) -> Bool { plan.coverageB.node(containing: healpix29) != nil }

  /// The chunk's sources of a that b covers, and covers where the shift comes from.
  private func tried(_ a: PlacedSources, _ isOwn: [Bool], _ shift: SkyShift) -> [Bool] {
    isOwn.indices.map { row in
      guard isOwn[row] else { return false }
      let origin = shift.reversed.moved(a.states.raDegrees[row], a.states.decDegrees[row])
      return isCovered(Healpix29.index(raDegrees: origin.raDegrees, decDegrees: origin.decDegrees))
    }
  }

  private mutating func add(
    _ strangers: JointIslands, _ a: PlacedSources, _ magnitudes: [UInt8], limit: Int,
    to counts: inout Grouped<ChanceSums>
  ) throws {
    let groups = pass.groups
    let (meetings, weight) = strangers.sample(limit: limit)
    for meeting in meetings {
      try solver.solve(meeting, strangers, &stop) { edge, photometric, positional in
        let (i, _) = strangers.forward.sources(ofEdge: edge)
        guard strangers.isCounted[i] else { return }
        counts.update(rowidA: a.columns.rowid[i], magnitude: magnitudes[i], groups) {
          $0.photometric.addPair(photometric, weight: weight)
          $0.positional.addPair(positional, weight: weight)
        }
      }
    }
  }
}
