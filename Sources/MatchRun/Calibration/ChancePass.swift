internal import CatalogStore
internal import Indexing
internal import Match
internal import Synchronization

/// Chance pairs with and without photometry.
struct ChanceSums: Sendable {
  var photometric = ChanceCounts()
  var positional = ChanceCounts()

  mutating func addSource(trials: Int) {
    photometric.addSource(trials: trials)
    positional.addSource(trials: trials)
  }

  static func += (sum: inout ChanceSums, part: ChanceSums) {
    sum.photometric += part.photometric
    sum.positional += part.positional
  }
}

/// Finds chance pairs: those that sources of a form with sources of b that have been shifted on the sky.
///
/// A pair gets the probability that the run would have given to it, had the stranger stood there: that of one more pair
/// between the islands that both sources have in the run.
struct ChancePass: Sendable {
  let run: FinishedRun
  let shifts: [SkyShift]
  let single: SingleProbabilities
  let groups: SourceGroups

  /// Goes through all units.
  /// - Parameter progress: Called with the number of units done, from the thread that did the last one.
  func counts(threads: Int, cancellation: Cancellation, progress: @escaping @Sendable (Int) -> Void) throws
    -> Grouped<ChanceSums>
  {
    let queue = UnitQueue(run.plan.units)
    let sums = Mutex((counts: Grouped(ChanceSums(), groups), unitsDone: 0))
    let workers = max(1, min(threads, run.plan.units.count))
    try WorkerThreads.run(count: workers, threads: workers) { _ in
      var counter = ChanceCounter(self, cancellation)
      try queue.work { unit in
        try cancellation.check("calibrate")
        let part = try counter.counts(of: unit)
        let done = sums.withLock { sums in
          sums.counts.merge(part) { $0 += $1 }
          sums.unitsDone += 1
          return sums.unitsDone
        }
        progress(done)
      }
    }
    return sums.withLock { $0.counts }
  }
}

/// Counts the chance pairs of units; use one per thread.
private struct ChanceCounter {
  private let pass: ChancePass
  private let plan: MatchPlan
  private let readerA: CatalogueReader
  private let readerB: CatalogueReader
  private let cancellation: Cancellation
  private var models: RegionModels

  init(_ pass: ChancePass, _ cancellation: Cancellation) {
    self.pass = pass
    self.cancellation = cancellation
    plan = pass.run.plan
    models = pass.run.models
    readerA = CatalogueReader(database: plan.database, info: plan.a)
    readerB = CatalogueReader(database: plan.database, info: plan.b)
  }

  /// A pair is counted where its member of a lies.
  mutating func counts(of unit: MatchUnit) throws -> Grouped<ChanceSums> {
    var counts = Grouped(ChanceSums(), pass.groups)
    let core = PixelRangeSet(pixels: [unit.pixel])
    let reach = Angle.arcseconds(plan.reach.arcseconds + (pass.shifts.first?.distanceArcsec ?? 0))
    let loaded = UnitSky.withNeighbours(core, order: unit.pixel.order, reach: reach)
    let a = PlacedSources(try readerA.sources(in: core), plan: plan, isA: true)
    let b = PlacedSources(try readerB.sources(in: loaded), plan: plan, isA: false)
    let isTried = pass.shifts.map { tried(a, $0) }
    for row in 0..<a.count where isCovered(a.columns.healpix29[row]) {
      let trials = isTried.count { $0[row] }
      counts.update(rankA: a.columns.rank[row], pass.groups) { $0.addSource(trials: trials) }
    }
    for (shift, isTried) in zip(pass.shifts, isTried) {
      try cancellation.check("calibrate")
      try add(a, b.shifted(by: shift), isTried, to: &counts)
    }
    return counts
  }

  private func isCovered(_ healpix29: Int64) -> Bool { plan.coverageB.node(containing: healpix29) != nil }

  /// The sources of a that b covers, and covered where the shift has come from.
  private func tried(_ a: PlacedSources, _ shift: SkyShift) -> [Bool] {
    (0..<a.count).map { row in
      guard isCovered(a.columns.healpix29[row]) else { return false }
      let origin = shift.reversed.moved(a.raDegrees[row], a.decDegrees[row])
      return isCovered(Healpix29.index(raDegrees: origin.raDegrees, decDegrees: origin.decDegrees))
    }
  }

  private mutating func add(
    _ a: PlacedSources, _ b: PlacedSources, _ isTried: [Bool], to counts: inout Grouped<ChanceSums>
  ) throws {
    let field = try IslandField(
      plan: plan, models: &models, edges: CandidateEdges(a, b, plan.configuration), a: a, b: b,
      cancellation: cancellation)
    for edge in 0..<field.edges.count {
      let (i, j) = field.sources(ofEdge: edge)
      guard isTried[i] else { continue }
      let (rankA, rankB) = (a.columns.rank[i], b.columns.rank[j])
      let (aloneA, aloneB) = (pass.single.ofA(rankA), pass.single.ofB(rankB))
      let ratios = field.logRatios(ofEdge: edge)
      let positional = PairQuantities.strangerProbability(
        logRatio: ratios.position, aloneA: aloneA.positional, aloneB: aloneB.positional)
      let photometric = PairQuantities.strangerProbability(
        logRatio: ratios.position + ratios.photometry, aloneA: aloneA.photometric, aloneB: aloneB.photometric)
      counts.update(rankA: rankA, pass.groups) {
        $0.photometric.addPair(photometric)
        $0.positional.addPair(positional)
      }
    }
  }
}
