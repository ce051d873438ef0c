public import CatalogStore
public import Indexing

/// A match that nobody has run: its regions are measured when they are asked for, and only those. Copies share what was measured.
public struct LiveMatch: Sendable {
  /// What the match would do.
  public let plan: MatchPlan
  /// The densities, as far as they were asked for.
  let models: RegionModels

  /// A match in which nothing is measured yet.
  public init(_ plan: MatchPlan) {
    self.plan = plan
    models = plan.configuration.needsMeasurement ? RegionModels(measuring: plan) : RegionModels(counting: plan.regions)
  }

  /// Measures all regions, as a run does before it pairs anything.
  /// - Parameter check: Called between regions; throws to stop.
  /// - Complexity: A pass over both catalogues.
  public func measurement(check: () throws -> Void = {}) throws -> RunMeasurement {
    var models = models
    var never = StopCheck.never
    var found: [(region: Int, model: RegionModels.Model)] = []
    for region in plan.regions.regions.indices {
      try check()
      try models.require(CollectionOfOne(Int32(region)), stop: &never)
      found.append((region, models[region]))
    }
    return RegionModels.measurement(of: plan, found)
  }

  /// Measures the region that holds an order-29 index, and nothing else.
  /// - Parameter stop: Asked while it works; nil: the cancellation is.
  public func measurement(
    at healpix29: Int64, cancellation: Cancellation = Cancellation(), stop: StopCheck? = nil
  ) throws -> RunMeasurement {
    var models = models
    let region = plan.regions.region(of: healpix29)
    var stop = stop ?? cancellation.stopCheck("match", isResumable: true)
    try models.require(CollectionOfOne(Int32(region)), stop: &stop)
    return models.measurement(of: plan, region..<(region + 1))
  }
}
