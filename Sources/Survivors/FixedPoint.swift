/// Areas and variances as whole numbers, so that sums do not depend on their order: multiples of 2⁻²⁸ arcsec².
///
/// That is 3.7·10⁻⁹ arcsec². Sums reach 3.4·10¹⁰ arcsec², 25,000 sources with errors of 0.3°; larger ones count as that. All addends
/// are positive, so that this does not depend on their order either.
enum FixedPoint {
  static let unit = 0x1p-28
  static let arcsec2PerDegree2 = 3600.0 * 3600.0

  /// What is no number counts as 0.
  static func number(arcsec2: Double) -> Int64 {
    let number = (arcsec2 / unit).rounded()
    return number > 0 ? Int64(min(number, 0x1p62)) : 0
  }

  /// The sum of two numbers that are not negative; `Int64.max` where it is larger.
  static func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflows) = a.addingReportingOverflow(b)
    return overflows ? .max : sum
  }

  static func arcsec2(_ number: Int64) -> Double { Double(number) * unit }
}
