internal import CatalogStore
internal import Indexing
internal import Match
internal import Synchronization

/// Measures regions when somebody asks for them: what a query needs that touches a part of the sky.
///
/// Which regions there are, and what each one says, is the same as in a run over the whole sky.
final class RegionMeasurer: RegionModelSource {
  private struct State {
    var counts: [Int: RegionCounts] = [:]
    var models: [Int: RegionModels.Model] = [:]
  }

  private let plan: MatchPlan
  private let state = Mutex(State())

  init(plan: MatchPlan) { self.plan = plan }

  /// The model of a region.
  func model(of region: Int, cancellation: Cancellation) throws -> RegionModels.Model {
    try state.withLock { state in
      if let known = state.models[region] { return known }
      var found = state.counts
      var estimator = RegionEstimator(plan: plan) { [plan] region in
        if let known = found[region] { return known }
        let counts = try Self.count(region, of: plan, cancellation)
        found[region] = counts
        return counts
      }
      let model = try estimator.model(of: region)
      state.counts = found
      state.models[region] = model
      return model
    }
  }

  /// The counts of one region, unit by unit, so that memory stays bounded.
  private static func count(_ region: Int, of plan: MatchPlan, _ cancellation: Cancellation) throws -> RegionCounts {
    let counter = RegionCounter(plan: plan)
    let sky = PixelRangeSet(pixels: [plan.regions.regions[region].pixel])
    var sum = plan.emptyCounts
    for unit in plan.units(touching: plan.regions.regions[region].pixel.range29) {
      try cancellation.check("match")
      let part = sky.intersection(PixelRangeSet(pixels: [unit.pixel]))
      if let counts = try counter.counts(in: part, order: unit.pixel.order)[region] { sum += counts }
    }
    return sum
  }
}
