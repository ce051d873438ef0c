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
    return models.measurement(of: self)
  }
}
