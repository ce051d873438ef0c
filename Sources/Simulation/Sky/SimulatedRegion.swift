import Glibc
public import Indexing

/// A part of the sky in which objects are made, that a catalogue covers, or that it leaves out.
public enum SimulatedRegion: Sendable, Hashable {
  /// All of it.
  case wholeSky
  /// All points within `radiusDegrees` of a centre.
  case cone(center: SkyPosition, radiusDegrees: Double)
  /// Right ascensions eastward from the first to the second (350 to 10 crosses 0; a difference of 360 is all), and
  /// declinations.
  case box(fromRADegrees: Double, toRADegrees: Double, decDegrees: ClosedRange<Double>)

  /// The solid angle, square degrees.
  public var areaDegrees2: Double {
    let square = (180 / Double.pi) * (180 / Double.pi)
    switch self {
    case .wholeSky: return 4 * .pi * square
    case .cone(_, let radius):
      let half = sin(min(radius, 180) * .pi / 360)
      return 4 * .pi * half * half * square
    case .box(let from, let to, let dec):
      let height = sin(dec.upperBound * .pi / 180) - sin(dec.lowerBound * .pi / 180)
      return Self.width(from, to) * .pi / 180 * height * square
    }
  }

  /// The cone of an area around a centre; the whole sky if the area is as large.
  public static func cone(center: SkyPosition, areaDegrees2: Double) -> SimulatedRegion {
    let part = areaDegrees2 / SimulatedRegion.wholeSky.areaDegrees2
    return part >= 1 ? .wholeSky : .cone(center: center, radiusDegrees: 2 * asin(part.squareRoot()) * 180 / .pi)
  }

  /// Whether a position lies inside.
  public func contains(raDegrees: Double, decDegrees: Double) -> Bool {
    switch self {
    case .wholeSky: return true
    case .cone(let center, let radius):
      let away = separation(
        ra1Degrees: center.raDegrees, dec1Degrees: center.decDegrees, ra2Degrees: raDegrees, dec2Degrees: decDegrees)
      return away.degrees <= radius
    case .box(let from, let to, let dec):
      return dec.contains(decDegrees) && Self.turned(raDegrees - from) <= Self.width(from, to)
    }
  }

  /// Pixels that hold all of it, and everything within `margin` of it.
  func cover(margin: Angle) -> PixelRangeSet {
    switch self {
    case .wholeSky: return .wholeSky
    case .cone(let center, let radius): return .cone(center: center, radius: .degrees(radius) + margin)
    case .box(let from, let to, let dec):
      let box = PixelRangeSet.box(raDegrees: from...(from + Self.width(from, to)), decDegrees: dec)
      guard margin > .zero, let order = HealpixGeometry.safeOrder(reach: margin) else { return box }
      return box.dilated(rings: 1, order: min(order, 12))
    }
  }

  /// Degrees eastward, more than 0 and at most 360.
  private static func width(_ from: Double, _ to: Double) -> Double {
    let turned = turned(to - from)
    return turned == 0 ? 360 : turned
  }

  /// A difference of right ascensions in [0, 360).
  private static func turned(_ degrees: Double) -> Double {
    let rest = fmod(degrees, 360)
    return rest < 0 ? rest + 360 : rest
  }
}

extension SimulatedRegion: CustomStringConvertible, LosslessStringConvertible {
  /// `sky`, `cone:RA,DEC,RADIUS` or `box:RA1,RA2,DEC1,DEC2`, degrees.
  public var description: String {
    switch self {
    case .wholeSky: "sky"
    case .cone(let center, let radius): "cone:\(center.raDegrees),\(center.decDegrees),\(radius)"
    case .box(let from, let to, let dec): "box:\(from),\(to),\(dec.lowerBound),\(dec.upperBound)"
    }
  }

  /// Reads the text form; nil when it is malformed or names no region.
  public init?(_ description: String) {
    if description == "sky" {
      self = .wholeSky
      return
    }
    let parts = description.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let fields = parts[1].split(separator: ",", omittingEmptySubsequences: false)
    let numbers = fields.compactMap { Double($0) }.filter(\.isFinite)
    guard numbers.count == fields.count else { return nil }
    switch (parts[0], numbers.count) {
    case ("cone", 3): self.init(cone: numbers)
    case ("box", 4): self.init(box: numbers)
    default: return nil
    }
  }

  private init?(cone numbers: [Double]) {
    guard let center = SkyPosition(raDegrees: numbers[0], decDegrees: numbers[1]) else { return nil }
    guard numbers[2] > 0, numbers[2] <= 180 else { return nil }
    self = .cone(center: center, radiusDegrees: numbers[2])
  }

  private init?(box numbers: [Double]) {
    guard numbers[2] < numbers[3], numbers[2] >= -90, numbers[3] <= 90, numbers[0] != numbers[1] else { return nil }
    guard abs(numbers[1] - numbers[0]) <= 360 else { return nil }
    self = .box(fromRADegrees: numbers[0], toRADegrees: numbers[1], decDegrees: numbers[2]...numbers[3])
  }
}
