/// Numbers that archives write where there is no value.
///
/// They are looked for in motions, in their errors and in parallaxes, in the unit of the file: a placeholder there leaves the
/// motion unknown, and the row stays. Positions, position errors and epochs outside their range keep the row aside.
enum Placeholders {
  /// Outside every range of motions: the largest numbers of the types, round powers of ten (1e20 of the Gaia tools, 1e30 of
  /// IRAF), the smallest integers (TNULL of FITS), and −0.9999995e9 of the WFCAM and VISTA archives.
  private static let huge: Set<Double> = [
    1e20, 1e30, Double(Float(1e20)), Double(Float(1e30)), 999_999, 9_999_999, Double(Float.greatestFiniteMagnitude),
    Double.greatestFiniteMagnitude,
    2_147_483_648, 2_147_483_647, 9_223_372_036_854_775_808, 999_999_488, 999_999_500,
  ]

  /// Whether a number that is outside its range stands for no value.
  static func isHuge(_ value: Double) -> Bool { huge.contains(abs(value)) }

  /// Numbers of nines: within the range of motions, but no measurement when both components are the same one.
  static let nines: [Double] = [-99, -999, -9999, -99_999, 99, 999, 9999, 99_999]
}
