import Glibc
import Indexing

/// Two positions: how far, in which direction, inside a cone or not.
enum SphereFunctions {
  static let all = [distance, positionAngle, inCone]

  private static let twoPositions = [
    Parameter.ra("ra1"), Parameter.dec("dec1"), Parameter.ra("ra2"), Parameter.dec("dec2"),
  ]

  private static let distance = ScalarFunction(
    "xm_separation", in: .sphere, parameters: twoPositions,
    summary: "Great-circle separation of two positions in arcsec, at full precision also where it is tiny.",
    example: "SELECT xm_separation(10, 0, 11, 0)", answer: "3600.0"
  ) { arguments in
    .real(try separation(of: arguments).arcseconds)
  }

  private static let positionAngle = ScalarFunction(
    "xm_position_angle", in: .sphere, parameters: twoPositions,
    summary: """
      Direction from position 1 to position 2 in degrees, 0 to 360, from north through east. NULL where both are the \
      same position.
      """,
    example: "SELECT round(xm_position_angle(10, 0, 10.5, 0), 9)", answer: "90.0"
  ) { arguments in
    let angle = positionAngleDegrees(
      ra1Degrees: try turn(arguments, 0), dec1Degrees: try arguments.degrees(1),
      ra2Degrees: try turn(arguments, 2), dec2Degrees: try arguments.degrees(3))
    return angle.map(SQLValue.real) ?? .null
  }

  private static let inCone = ScalarFunction(
    "xm_in_cone", in: .sphere,
    parameters: [
      .ra("ra"), .dec("dec"), .ra("ra_center"), .dec("dec_center"),
      .real("radius", "degrees", NumberRange(from: 0, to: 180)),
    ],
    summary: "1 if the position lies within `radius` (in degrees) of the center, its border included; otherwise 0.",
    example: "SELECT xm_in_cone(359.9, 0, 0, 0, 0.2), xm_in_cone(1, 0, 0, 0, 0.2)", answer: "1|0"
  ) { arguments in
    .integer(try separation(of: arguments) <= .degrees(try arguments.degrees(4)) ? 1 : 0)
  }

  /// Between the positions in arguments 1, 2 and 3, 4.
  private static func separation(of arguments: borrowing FunctionArguments) throws(SQLFunctionError) -> Angle {
    Indexing.separation(
      ra1Degrees: try turn(arguments, 0), dec1Degrees: try arguments.degrees(1),
      ra2Degrees: try turn(arguments, 2), dec2Degrees: try arguments.degrees(3))
  }

  /// A right ascension without whole turns, exactly: the difference of two is a number however large they were.
  private static func turn(_ arguments: borrowing FunctionArguments, _ index: Int) throws(SQLFunctionError) -> Double {
    try arguments.degrees(index).truncatingRemainder(dividingBy: 360)
  }
}

/// The position angle of point 2 as seen from point 1: degrees in [0, 360), from north through east. Nil for equal points.
///
///     tan θ = cos δ₂ sin Δα / (cos δ₁ sin δ₂ − sin δ₁ cos δ₂ cos Δα)
///
/// The denominator is written as sin(δ₂ − δ₁) + 2 sin δ₁ cos δ₂ sin²(Δα/2), which does not cancel for near points.
private func positionAngleDegrees(
  ra1Degrees: Double, dec1Degrees: Double, ra2Degrees: Double, dec2Degrees: Double
) -> Double? {
  let radians = Double.pi / 180
  let difference = remainder(ra2Degrees - ra1Degrees, 360) * radians
  let (dec1, dec2) = (dec1Degrees * radians, dec2Degrees * radians)
  let east = cos(dec2) * sin(difference)
  let half = sin(difference / 2)
  let north = sin((dec2Degrees - dec1Degrees) * radians) + 2 * sin(dec1) * cos(dec2) * half * half
  guard east != 0 || north != 0 else { return nil }
  let angle = atan2(east, north) / radians
  return angle < 0 ? angle + 360 : angle
}
