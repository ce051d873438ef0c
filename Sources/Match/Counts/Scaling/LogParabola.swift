import Glibc

/// A smooth law of counts: ln n = a + b x + c x², fitted to Poisson counts by maximum likelihood.
struct LogParabola {
  private let centre: Double
  /// The brightest magnitude that was fitted, less the centre.
  private let brightest: Double
  private let coefficients: SIMD3<Double>
  /// The inverse of their covariance.
  private let information: [SIMD3<Double>]

  /// Fits counts at magnitudes; nil without three counts that are not 0, or if the fit does not converge.
  ///
  /// Newton's method from the weighted fit to ln n; the likelihood is concave. The curvature c is held to ±0.06 mag⁻²,
  /// what counts of stars and galaxies have, by a prior.
  init?(magnitudes: [Double], counts: [Double]) {
    guard counts.filter({ $0 > 0 }).count >= 3, magnitudes.count == counts.count else { return nil }
    let centre = magnitudes.reduce(0, +) / Double(magnitudes.count)
    var solution = SIMD3(log(max(1, counts.reduce(0, +) / Double(counts.count))), 0, 0)
    let places = magnitudes.map { $0 - centre }
    for _ in 0..<100 {
      let (gradient, information) = Self.derivatives(places, counts, solution)
      guard let step = Self.solve(information, gradient) else { return nil }
      let length = max(abs(step.x), max(abs(step.y), abs(step.z)))
      guard length.isFinite else { return nil }
      // Steps of at most one e-fold keep the exponentials in range.
      solution += step * (length > 1 ? 1 / length : 1)
      if length < 1e-9 { break }
    }
    self.centre = centre
    brightest = places.min() ?? 0
    coefficients = solution
    information = Self.derivatives(places, counts, solution).1
  }

  /// Precision of the prior on c: (1/0.06 mag⁻²)².
  private static let curvaturePrecision = 278.0

  /// The gradient of ln L, and minus its second derivatives.
  private static func derivatives(
    _ x: [Double], _ n: [Double], _ c: SIMD3<Double>
  ) -> (SIMD3<Double>, [SIMD3<Double>]) {
    var gradient = SIMD3(0, 0, -curvaturePrecision * c.z)
    var moments = [0.0, 0, 0, 0, 0]
    for (x, n) in zip(x, n) {
      let expected = exp(min(50, c.x + c.y * x + c.z * x * x))
      let residual = n - expected
      gradient += SIMD3(residual, residual * x, residual * x * x)
      var power = expected
      for k in 0..<5 {
        moments[k] += power
        power *= x
      }
    }
    let rows = [
      SIMD3(moments[0] + 1e-9, moments[1], moments[2]), SIMD3(moments[1], moments[2] + 1e-9, moments[3]),
      SIMD3(moments[2], moments[3], moments[4] + curvaturePrecision),
    ]
    return (gradient, rows)
  }

  /// Cramer's rule.
  private static func solve(_ m: [SIMD3<Double>], _ v: SIMD3<Double>) -> SIMD3<Double>? {
    func determinant(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> Double {
      a.x * (b.y * c.z - b.z * c.y) - a.y * (b.x * c.z - b.z * c.x) + a.z * (b.x * c.y - b.y * c.x)
    }
    let all = determinant(m[0], m[1], m[2])
    guard all != 0, all.isFinite else { return nil }
    // The matrix is symmetric: its rows are its columns.
    return SIMD3(determinant(v, m[1], m[2]), determinant(m[0], v, m[2]), determinant(m[0], m[1], v)) / all
  }

  /// n at a magnitude.
  func value(at magnitude: Double) -> Double {
    let x = magnitude - centre
    let near = max(x, brightest)
    let logarithm = coefficients.x + coefficients.y * near + coefficients.z * near * near
    return exp(min(300, logarithm + brighter(x - near)))
  }

  /// ln n at a place brighter than all that were fitted, less that at the brightest: counts steepen brightwards, but no
  /// more than those of a uniform Euclidean space, 0.6 dex/mag.
  private func brighter(_ x: Double) -> Double {
    let slope = coefficients.y + 2 * coefficients.z * brightest
    let steepest = max(slope, 0.6 * log(10))
    let bend = min(0, 2 * coefficients.z)
    // Where the slope reaches the steepest.
    let turn = bend < 0 ? max(x, (steepest - slope) / bend) : x
    return slope * turn + bend / 2 * turn * turn + (bend < 0 ? steepest * (x - turn) : 0)
  }

  /// d ln n/dm at a magnitude that was fitted, or fainter.
  func slope(at magnitude: Double) -> Double {
    coefficients.y + 2 * coefficients.z * max(magnitude - centre, brightest)
  }

  /// The standard error of ln n at a magnitude.
  func relativeError(at magnitude: Double) -> Double {
    let x = magnitude - centre
    let v = SIMD3(1, x, x * x)
    guard let w = Self.solve(information, v) else { return .infinity }
    return max(0, (v * w).sum()).squareRoot()
  }
}
