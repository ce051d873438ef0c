/// Positive numbers as small integers, near logarithmic: the upper bits of a Float.
///
/// An octave has 2^`bits` levels, so a level is between 2^−`bits` and 2^−(`bits`+1) wide in relative terms.
struct LevelScale: Sendable {
  private let shift: UInt32

  /// For areas of error circles, whose percentiles are asked for: 1024 levels an octave.
  static let areas = LevelScale(bits: 10)
  /// For variances, over which a likelihood is summed: 32 levels an octave.
  static let variances = LevelScale(bits: 5)

  init(bits: Int) { shift = UInt32(Float.significandBitCount - bits) }

  func level(of value: Double) -> UInt32 { Float(value).bitPattern >> shift }

  /// The numbers of a level: low ≤ value < high, but for the rounding to Float.
  func bounds(_ level: UInt32) -> (low: Double, high: Double) {
    (Double(Float(bitPattern: level << shift)), Double(Float(bitPattern: (level &+ 1) << shift)))
  }

  func middle(_ level: UInt32) -> Double {
    let (low, high) = bounds(level)
    return 0.5 * (low + high)
  }
}
