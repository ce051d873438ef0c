import Glibc

/// A plane angle. The unit is named wherever a number goes in or comes out.
public struct Angle: Sendable, Hashable, Comparable {
  /// The angle in radians.
  public var radians: Double

  private init(_ radians: Double) { self.radians = radians }

  /// No angle at all.
  public static let zero = Angle(0)

  /// An angle of so many radians.
  public static func radians(_ value: Double) -> Angle { Angle(value) }

  /// An angle of so many degrees.
  public static func degrees(_ value: Double) -> Angle { Angle(value / degreesPerRadian) }

  /// An angle of so many minutes of arc.
  public static func arcminutes(_ value: Double) -> Angle { Angle(value / (60 * degreesPerRadian)) }

  /// An angle of so many seconds of arc.
  public static func arcseconds(_ value: Double) -> Angle { Angle(value / arcsecondsPerRadian) }

  /// An angle of so many thousandths of a second of arc.
  public static func milliarcseconds(_ value: Double) -> Angle { Angle(value / (1000 * arcsecondsPerRadian)) }

  /// The angle in degrees.
  public var degrees: Double { radians * degreesPerRadian }
  /// The angle in minutes of arc.
  public var arcminutes: Double { radians * (60 * degreesPerRadian) }
  /// The angle in seconds of arc.
  public var arcseconds: Double { radians * arcsecondsPerRadian }
  /// The angle in thousandths of a second of arc.
  public var milliarcseconds: Double { radians * (1000 * arcsecondsPerRadian) }
}

extension Angle {
  /// The straight line between two points of the unit sphere this far apart: 2 sin(s / 2), increasing for 0 ≤ s ≤ π.
  public var chord: Double { 2 * sin(radians / 2) }

  /// The separation of two points of the unit sphere whose straight distance is `chord`, from 0 to 2 (capped there
  /// against rounding): 2 asin(c / 2). Full precision for the smallest separations.
  public static func chord(_ chord: Double) -> Angle { Angle(2 * asin(min(1, chord / 2))) }
}

extension Angle {
  /// Smaller before larger.
  public static func < (left: Angle, right: Angle) -> Bool { left.radians < right.radians }
  /// The sum of two angles, not wrapped.
  public static func + (left: Angle, right: Angle) -> Angle { Angle(left.radians + right.radians) }
  /// The difference of two angles, not wrapped.
  public static func - (left: Angle, right: Angle) -> Angle { Angle(left.radians - right.radians) }
  /// A multiple of an angle.
  public static func * (left: Angle, right: Double) -> Angle { Angle(left.radians * right) }
  /// A multiple of an angle.
  public static func * (left: Double, right: Angle) -> Angle { Angle(left * right.radians) }
  /// A part of an angle.
  public static func / (left: Angle, right: Double) -> Angle { Angle(left.radians / right) }
  /// The opposite angle.
  public static prefix func - (angle: Angle) -> Angle { Angle(-angle.radians) }
}

/// 180 / π.
let degreesPerRadian = 57.295_779_513_082_320_876_798_154_814_105
/// 180 · 3600 / π.
let arcsecondsPerRadian = 206_264.806_247_096_355_156_473_357_330_78
/// π / 180.
let radiansPerDegree = 0.017_453_292_519_943_295_769_236_907_684_886
