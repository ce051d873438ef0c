import Glibc

/// The magnitudes of objects: how many there are of each, and how those of one object hang together.
public struct MagnitudeModel: Sendable, Hashable {
  /// First-band magnitudes in a of the objects that both catalogues can see.
  public var counterparts = MagnitudeLaw(range: 10...20, slope: 0.3)
  /// Those of the objects that only a can see; nil: the law of the counterparts.
  public var onlyA: MagnitudeLaw?
  /// First-band magnitudes in b of the objects that only b can see; nil: the law of the counterparts, seen in b.
  public var onlyB: MagnitudeLaw?
  /// Colour a − b, in the first bands, of an object of magnitude 15 in a.
  public var color = 1.0
  /// Change of the colour with the magnitude in a.
  public var colorSlope = 0.0
  /// Intrinsic 1-σ scatter of the colour, mag.
  public var colorScatter = 0.3
  /// Intrinsic 1-σ scatter of further bands against the first, mag.
  public var bandScatter = 0.1

  /// The defaults.
  public init() {}

  /// The magnitude in b, without scatter, of an object of magnitude `a` in a.
  @inline(__always)
  func magnitudeInB(_ a: Double) -> Double { a - (color + colorSlope * (a - 15)) }

  var lawOnlyA: MagnitudeLaw { onlyA ?? counterparts }

  var lawOnlyB: MagnitudeLaw { onlyB ?? counterpartsInB }

  /// The law of the counterparts as b sees it, but for the scatter of the colour.
  public var counterpartsInB: MagnitudeLaw {
    let ends = (magnitudeInB(counterparts.range.lowerBound), magnitudeInB(counterparts.range.upperBound))
    let (low, high) = (min(ends.0, ends.1), max(ends.0, ends.1))
    // A colour that is no number is refused later, by its name.
    return MagnitudeLaw(range: low <= high ? low...high : counterparts.range, slope: counterparts.slope)
  }
}

/// Numbers that grow exponentially with the magnitude, dN/dm ∝ 10^(slope · m) between two limits.
public struct MagnitudeLaw: Sendable, Hashable {
  /// The limits, mag.
  public var range: ClosedRange<Double>
  /// Growth, dex/mag; 0.6 for stars spread evenly in space, 0: as many of each magnitude.
  public var slope: Double

  /// A law.
  public init(range: ClosedRange<Double>, slope: Double) {
    self.range = range
    self.slope = slope
  }

  /// The magnitude below which a fraction `u` of the objects lies.
  @inline(__always)
  func quantile(_ u: Double) -> Double {
    let width = range.upperBound - range.lowerBound
    if slope == 0 || width == 0 { return range.lowerBound + u * width }
    let growth = slope * M_LN10
    return range.lowerBound + log1p(u * expm1(growth * width)) / growth
  }
}
