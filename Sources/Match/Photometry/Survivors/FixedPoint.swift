/// Areas and variances as whole numbers, so that sums do not depend on their order: multiples of 2⁻²⁸ arcsec².
///
/// That is 3.7·10⁻⁹ arcsec²; sums reach 3.4·10¹⁰ arcsec².
enum FixedPoint {
  static let unit = 0x1p-28
  static let arcsec2PerDegree2 = 3600.0 * 3600.0

  static func number(arcsec2: Double) -> Int64 { Int64((arcsec2 / unit).rounded()) }
  static func arcsec2(_ number: Int64) -> Double { Double(number) * unit }
}
