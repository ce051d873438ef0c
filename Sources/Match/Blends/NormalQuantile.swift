internal import Glibc

/// Quantiles of the normal distribution.
///
/// - Source: Wichura (1988), Applied Statistics 37, 477, algorithm AS 241, the short form: 7 digits.
enum NormalQuantile {
  /// The z below which a normal value lies with a probability.
  /// - Parameter share: Between 0 and 1; −∞ at and below 0, ∞ at and above 1, NaN for NaN.
  static func value(_ share: Double) -> Double {
    let q = share - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q
        * ratio(r, (3.3871327179, 50.434271938, 159.29113202, 59.109374720), (17.895169469, 78.757757664, 67.187563600))
    }
    let tail = q < 0 ? share : 1 - share
    if !(tail > 0) { return q < 0 ? -.infinity : q > 0 ? .infinity : .nan }
    let r = (-log(tail)).squareRoot()
    let z =
      r <= 5
      ? ratio(r - 1.6, (1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103), (0.73700164250, 0.12021132975, 0))
      : ratio(r - 5, (6.6579051150, 3.0812263860, 0.42868294337, 0.017337203997), (0.24197894225, 0.012258202635, 0))
    return q < 0 ? -z : z
  }

  private static func ratio(
    _ r: Double, _ a: (Double, Double, Double, Double), _ b: (Double, Double, Double)
  ) -> Double {
    (((a.3 * r + a.2) * r + a.1) * r + a.0) / (((b.2 * r + b.1) * r + b.0) * r + 1)
  }
}
