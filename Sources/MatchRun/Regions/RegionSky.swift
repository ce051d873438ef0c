/// The sky of a region that both catalogues cover.
struct RegionSky: Sendable, Equatable {
  /// Its area, deg².
  var areaDegrees2: Double
  /// Sources of a in it.
  var countA: Double
  /// Sources of b in it.
  var countB: Double
}
