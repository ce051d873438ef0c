internal import CatalogStore
internal import Indexing
internal import Match

/// Measures regions when somebody asks for them: what a query needs that touches a part of the sky.
///
/// Which regions there are, and what each one says, is the same as in a run over the whole sky.
final class RegionMeasurer: RegionModelSource {
  private struct State {
    var counts: RecentValues<Int, RegionCounts>
    var models: RecentValues<Int, RegionModels.Model>
    var coarser = CoarserDensities()
  }

  private let plan: MatchPlan
  private let state: Guarded<State>

  /// What is kept of regions that were asked for, bytes: of counts, and as much again of densities.
  private static let mostKept = 64_000_000
  /// What the kinds of the pairs of a region take, about.
  private static let bytesOfKinds = 4_000_000

  init(plan: MatchPlan) {
    self.plan = plan
    let cells = (plan.classesA.count + 1) * (plan.classesB.count + 1)
    let hasKinds = plan.configuration.method == .mixture
    state = Guarded(
      State(
        counts: RecentValues(
          capacity: min(256, Self.mostKept / (hasKinds ? Self.bytesOfKinds : 4 * cells))),
        models: RecentValues(capacity: min(4096, Self.mostKept / ((hasKinds ? 40 : 8) * cells)))))
  }

  /// The model of a region.
  func model(of region: Int, stop: inout StopCheck) throws -> RegionModels.Model {
    // Asked on this thread alone, before the lock is given back.
    nonisolated(unsafe) let asked = stop
    return try state.withLock { state in
      if let known = state.models[region] { return known }
      var found = state.counts
      var estimator = RegionEstimator(plan: plan, coarser: state.coarser) { [plan] region in
        if let known = found[region] { return known }
        let counts = try Self.count(region, of: plan, asked)
        found[region] = counts
        return counts
      }
      let model = try estimator.model(of: region)
      (state.counts, state.coarser) = (found, estimator.coarser)
      state.models[region] = model
      return model
    }
  }

  /// The counts of one region, chunk by chunk, so that memory stays bounded.
  private static func count(_ region: Int, of plan: MatchPlan, _ stop: StopCheck) throws -> RegionCounts {
    let counter = RegionCounter(plan: plan)
    let sky = PixelRangeSet(pixels: [plan.regions.regions[region].pixel])
    var sum = plan.emptyCounts
    var stop = stop
    for chunk in plan.chunks(touching: plan.regions.regions[region].pixel.range29) {
      try stop.now()
      let part = sky.intersection(PixelRangeSet(pixels: [chunk.pixel]))
      if let counts = try counter.counts(in: part, order: chunk.pixel.order, stop: &stop)[region] { sum += counts }
    }
    return sum
  }
}
