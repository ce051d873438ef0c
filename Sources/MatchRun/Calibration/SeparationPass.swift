internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// Compares probabilities with separations, piece by piece of the sky.
struct SeparationPass: Sendable {
  let run: FinishedRun
  let groups: SeparationGroups
  let sample: SkySample
  /// Of the wide search: whatever the method of the run looked at, chance pairs must be among the candidates.
  let inputs: MatchInputs
  let searchReach: SearchReach
  let reach: Angle
  /// How far the larger PSF reaches; 0: hidden neighbours are not known.
  let circleArcsec: Double
  /// Below it ln R was negligible for the run.
  let logLeast: Double

  /// - Parameters:
  ///   - sources: No more sources of both catalogues are looked at, nearly.
  ///   - order: Of the table by place; nil: the finest that gives a few dozen.
  init(_ run: FinishedRun, sources: Double, order: Int?) throws {
    self.run = run
    let plan = run.plan
    groups = SeparationGroups(plan, order: order)
    var inputs = plan.searchReach == nil ? try WideSearch(plan.inputs, plan.regions).inputs : plan.inputs
    guard let wide = (inputs.likelihood as? WideLikelihood)?.reach else {
      throw StoreError(.usage, "calibrate", "knows no separations of a likelihood other than that of Gaussian errors")
    }
    circleArcsec = [inputs.a, inputs.b].map { $0.crowding?.pointSpread.circleArcsec ?? 0 }.max() ?? 0
    searchReach = Self.beyondBlends(wide, circleArcsec: circleArcsec, plan)
    inputs.likelihood = WideLikelihood(reach: searchReach)
    self.inputs = inputs
    reach = MatchPlan.reach(inputs, plan.epoch)
    let negligible = plan.configuration.negligibleProbability
    logLeast = negligible > 0 ? log(negligible / (1 - negligible)) : -.infinity
    sample = SkySample(
      plan.loads, sources: sources, finestOrder: max(0, (HealpixGeometry.safeOrder(reach: reach) ?? 0) - 3))
  }

  /// The outer half of the search lies beyond the PSF: within it, where blends are, chance pairs are not spread evenly.
  private static let circles = 1.5
  /// Chance pairs for each source at most, on the average.
  private static let mostChancePairs = 20.0

  private static func beyondBlends(_ reach: SearchReach, circleArcsec: Double, _ plan: MatchPlan) -> SearchReach {
    let tail = circles * circleArcsec
    let density = max(plan.inputs.a.meanDensityPerDegree2, plan.inputs.b.meanDensityPerDegree2)
    guard density * .pi * tail * tail / (3600 * 3600) <= mostChancePairs else { return reach }
    return SearchReach(
      level: reach.level, tailArcsec: max(reach.tailArcsec, tail),
      largestSeparationArcsec: reach.largestSeparationArcsec)
  }

  /// The result files that may hold pairs of a part of the sky.
  func chunks(touching sky: PixelRangeSet) -> [RunChunk] { run.chunks.filter { sky.intersects($0.pixel.range29) } }

  /// Goes through the pieces.
  /// - Parameter progress: Called with the number of pieces done, from the thread that did the last one.
  func tally(threads: Int, cancellation: Cancellation, progress: @escaping @Sendable (Int) -> Void) throws
    -> SeparationTally
  {
    let pieces = sample.pieces
    if !sample.isPart { try checkRowids(cancellation) }
    let state = Guarded((done: 0, parts: [SeparationTally?](repeating: nil, count: pieces.count)))
    try WorkerThreads.run(count: pieces.count, threads: threads) { piece in
      try cancellation.check("calibrate")
      var counter = SeparationCounter(self, cancellation)
      let part = try counter.tally(of: pieces[piece])
      let done = state.withLock { state in
        state.parts[piece] = part
        state.done += 1
        return state.done
      }
      progress(done)
    }
    // In the order of the sky, so that the sums do not depend on the threads.
    return state.withLock { $0.parts.reduce(into: SeparationTally(groups)) { sum, part in part.map { sum += $0 } } }
  }

  /// A pair of a source that does not exist would be in no piece.
  private func checkRowids(_ cancellation: Cancellation) throws {
    for chunk in run.chunks {
      try cancellation.check("calibrate")
      let rows = try ResultReader(database: run.plan.database, chunk: chunk).rows(
        .pairs, columns: [], where: "a_rowid IS NULL OR a_rowid < 0 OR a_rowid >= ?"
      ) { $0.bind(1, run.plan.a.rows) }
      if try rows.step() {
        throw StoreError(
          .damaged, chunk.path, "holds a pair of a source that \(run.plan.a.name) has not; run `xmdb verify`")
      }
    }
  }
}
