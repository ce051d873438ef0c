import Indexing

/// Positions moved along their proper motion from one epoch to another.
enum MotionFunctions {
  static let all = [move, moveRA, moveDec]

  private static let parameters: [Parameter] = [
    .ra("ra"), .dec("dec"), .motion("pm_ra"), .motion("pm_dec"), .epoch("epoch_from"), .epoch("epoch_to"),
  ]

  private static let move = ScalarFunction(
    "xm_move", in: .motion, parameters: parameters,
    summary: """
      The position at `epoch_to` as the JSON array [ra, dec] in degrees: linear motion along a great circle. `pm_ra` \
      includes cos(dec). A NULL motion is unknown, not zero, and gives NULL.
      """,
    example: "SELECT xm_move(10, 0, 3600000, 0, 2000, 2000)", answer: "[10.0,0.0]"
  ) { arguments in
    let position = try moved(arguments)
    return .text("[\(position.raDegrees),\(position.decDegrees)]")
  }

  private static let moveRA = ScalarFunction(
    "xm_move_ra", in: .motion, parameters: parameters,
    summary: "The right ascension of `xm_move`, in degrees, 0 to 360.",
    example: "SELECT round(xm_move_ra(359.9999, 0, 1000, 0, 2000, 2001), 6)", answer: "0.000178"
  ) { arguments in .real(try moved(arguments).raDegrees) }

  private static let moveDec = ScalarFunction(
    "xm_move_dec", in: .motion, parameters: parameters,
    summary: "The declination of `xm_move`, in degrees.",
    example: "SELECT round(xm_move_dec(10, 45, 0, -360, 2016, 2026), 6)", answer: "44.999"
  ) { arguments in .real(try moved(arguments).decDegrees) }

  private static func moved(
    _ arguments: borrowing FunctionArguments
  ) throws(SQLFunctionError) -> (raDegrees: Double, decDegrees: Double) {
    let motion = ProperMotion(raMasPerYear: try arguments.real(2), decMasPerYear: try arguments.real(3))
    let years = try arguments.real(5) - arguments.real(4)
    return Indexing.moved(
      raDegrees: try arguments.degrees(0), decDegrees: try arguments.degrees(1), motion: motion, byYears: years)
  }
}
