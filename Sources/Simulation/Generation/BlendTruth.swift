/// The truth about blends, column by column, in the order of the rows. Empty where a sky has no blends.
public struct BlendTruth: Sendable, Hashable {
  /// Right ascension of the brightest object of the blend, degrees.
  public var raDegrees: [Double] = []
  /// Its declination, degrees.
  public var decDegrees: [Double] = []
  /// Its magnitude.
  public var magnitude: [Float] = []
  /// Objects hidden behind it.
  public var hidden: [Int64] = []
  /// Flux of the brightest hidden object relative to that of the brightest object; 0 without any.
  public var brightest: [Float] = []
  /// Flux of all hidden objects, relative in the same way.
  public var total: [Float] = []
  /// How far hidden objects move the measured position, without noise, arcsec.
  public var pullArcsec: [Float] = []

  mutating func removeAll() {
    raDegrees.removeAll(keepingCapacity: true)
    decDegrees.removeAll(keepingCapacity: true)
    magnitude.removeAll(keepingCapacity: true)
    hidden.removeAll(keepingCapacity: true)
    brightest.removeAll(keepingCapacity: true)
    total.removeAll(keepingCapacity: true)
    pullArcsec.removeAll(keepingCapacity: true)
  }
}
