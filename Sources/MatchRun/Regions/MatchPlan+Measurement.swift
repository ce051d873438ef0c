public import CatalogStore
public import Indexing

extension MatchPlan {
  /// Measures all regions, as a run does before it pairs anything.
  /// - Parameter check: Called between regions; throws to stop.
  /// - Complexity: A pass over both catalogues.
  public func measurement(check: () throws -> Void = {}) throws -> RunMeasurement {
    var models = unmeasuredModels
    var never = StopCheck.never
    for region in regions.regions.indices {
      try check()
      try models.require(CollectionOfOne(Int32(region)), stop: &never)
    }
    return models.measurement(of: self, regions.regions.indices)
  }

  /// Measures the region that holds an order-29 index, and nothing else.
  /// - Parameter stop: Asked while it works; nil: the cancellation is.
  public func measurement(
    at healpix29: Int64, cancellation: Cancellation = Cancellation(), stop: StopCheck? = nil
  ) throws -> RunMeasurement {
    var models = unmeasuredModels
    let region = regions.region(of: healpix29)
    var stop = stop ?? cancellation.stopCheck("match", isResumable: true)
    try models.require(CollectionOfOne(Int32(region)), stop: &stop)
    return models.measurement(of: self, region..<(region + 1))
  }
}
