public import CatalogStore

extension MatchPlan {
  /// Measures all regions, as a run does before it pairs anything.
  /// - Parameter check: Called between regions; throws to stop.
  /// - Complexity: A pass over both catalogues.
  public func measurement(check: () throws -> Void = {}) throws -> RunMeasurement {
    var models = unmeasuredModels
    for region in regions.regions.indices {
      try check()
      try models.require(CollectionOfOne(Int32(region)), cancellation: Cancellation())
    }
    return models.measurement(of: self, regions.regions.indices)
  }

  /// Measures the region that holds an order-29 index, and nothing else.
  public func measurement(at healpix29: Int64, cancellation: Cancellation = Cancellation()) throws -> RunMeasurement {
    var models = unmeasuredModels
    let region = regions.region(of: healpix29)
    try models.require(CollectionOfOne(Int32(region)), cancellation: cancellation)
    return models.measurement(of: self, region..<(region + 1))
  }
}
