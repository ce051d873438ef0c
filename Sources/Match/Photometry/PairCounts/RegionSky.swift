/// The sky of a region that both catalogues cover.
public struct RegionSky: Sendable, Equatable {
  /// Its area, deg².
  public var areaDegrees2: Double
  /// Sources of a in it.
  public var countA: Double
  /// Sources of b in it.
  public var countB: Double

  /// Makes one.
  public init(areaDegrees2: Double, countA: Double, countB: Double) {
    self.areaDegrees2 = areaDegrees2
    self.countA = countA
    self.countB = countB
  }
}
