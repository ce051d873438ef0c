internal import Glibc

/// What an error with axes is, averaged over position angle: circular Gaussians.
///
/// With I₀ as an integral over an angle t, the average of an ellipse of the variances V₁ and V₂ is, with equal weights at the nodes t_k of Chebyshev,
///
///     Σ_k 1/(K λ_k √(V₁V₂)) N(0, 1/λ_k),     λ_k = (1/V₁ + 1/V₂)/2 + (1/V₂ − 1/V₁)/2 cos t_k
///
/// The variances are held as multiples of that of the circle of the same area: near the m and n from which they follow, they are right.
struct EllipseCircles: Sendable {
  /// Of the circles, which are as many as count.
  let weights: SIMD8<Double>
  /// Their variances over that of the pair.
  let parts: SIMD8<Double>
  let count: Int

  /// No axes.
  static let circle = EllipseCircles(weights: first, parts: first, count: 1)
  private static let first = SIMD8<Double>(1, 0, 0, 0, 0, 0, 0, 0)
  /// Less is a circle.
  static let leastRatio = 1.05
  /// Up to this ratio of variances four circles are enough, else eight.
  private static let mostOfFew = 4.0
  private static let (few, many) = (cosines(4), cosines(8))

  private static func cosines(_ count: Int) -> [Double] {
    (0..<count).map { cos((Double($0) + 0.5) * Double.pi / Double(count)) }
  }

  private init(weights: SIMD8<Double>, parts: SIMD8<Double>, count: Int) {
    (self.weights, self.parts, self.count) = (weights, parts, count)
  }

  /// Those of a pair whose error is corrected so.
  init(_ pair: CorrectionPairs.Pair, _ correction: ErrorCorrection) {
    let sigma = correction.sigmaArcsec(quoted: pair.quotedError)
    let variance = sigma * sigma + pair.otherVarianceArcsec2
    let scaled = correction.factor * correction.factor * pair.quotedError * pair.quotedError
    let (long, short) = (
      variance + scaled * (pair.axisRatio - 1), variance + scaled * (1 / pair.axisRatio - 1)
    )
    guard pair.axisRatio > Self.leastRatio, short > 1e-6 * long, long.isFinite else {
      self = .circle
      return
    }
    let (mean, spread) = (0.5 * (1 / long + 1 / short), 0.5 * (1 / short - 1 / long))
    let cosines = long > Self.mostOfFew * short ? Self.many : Self.few
    var raw = SIMD8<Double>.zero
    for (k, cosine) in cosines.enumerated() { raw[k] = 1 / (mean + spread * cosine) }
    // Few nodes miss a sum of 1 by a little.
    self.init(weights: raw / raw.sum(), parts: raw / variance, count: cosines.count)
  }
}
