internal import CatalogStore

/// What a configuration gives of the sky.
extension MatchConfiguration {
  /// What is given for either catalogue.
  /// - Throws: `StoreError.damaged` when the database lacks what was recorded.
  func skies(in registry: Registry) throws -> (a: GivenSky, b: GivenSky) {
    (
      try GivenSky(stars: countsOfA, extinction: extinction, in: registry),
      try GivenSky(stars: countsOfB, extinction: extinction, in: registry)
    )
  }

  /// Keeps in the database what was read from files, before a run names it.
  func keepSkyTables(in registry: Registry) throws {
    for setting in [countsOfA, countsOfB] { try setting?.keep(in: registry) }
    try extinction.keep(in: registry)
  }
}
