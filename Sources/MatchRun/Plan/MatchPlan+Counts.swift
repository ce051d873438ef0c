public import Indexing

extension MatchPlan {
  /// Stars and galaxies among which hidden neighbours of a catalogue are counted on the sightline of a position; nil where nothing is hidden, or in a
  /// band that no survey has.
  /// - Throws: `StoreError.usage` for what no model can be made of.
  public func counts(ofA isA: Bool, at position: SkyPosition) throws -> SightlineCounts? {
    guard let crowding = (isA ? inputs.a : inputs.b).crowding else { return nil }
    return try crowding.modelledCounts(HealpixPixel(containing: position, order: crowding.order))
  }
}
