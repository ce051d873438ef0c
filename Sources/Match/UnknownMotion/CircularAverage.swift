internal import Glibc

/// How many sources of a mixture move how fast, in any direction: the mass per e-fold of |μ| at equal steps of ln |μ|.
///
///     q(μ) = 2π μ² ⟨p(μ cos θ, μ sin θ)⟩_θ
///
/// The average over θ is a trapezoidal sum; it has as many directions as make its error e⁻¹⁸ where a Gaussian is widest against its distance from 0.
struct CircularAverage {
  /// |μ|, mas/yr.
  static let motions = (0..<count).map { firstMotion * exp(step * Double($0)) }
  /// The step in ln |μ|.
  static let step = 0.25
  /// From 0.05 to 8,900 mas/yr.
  static let count = 49
  private static let firstMotion = 0.05

  /// q at `motions`, of the Gaussians alone.
  let masses: [Double]

  /// - Complexity: O(Gaussians · motions · directions), some 5 µs a Gaussian.
  init(_ gaussians: [MotionGaussian]) {
    var masses = [Double](repeating: 0, count: Self.count)
    for gaussian in gaussians { Self.add(gaussian, to: &masses) }
    self.masses = masses
  }

  private static func add(_ g: MotionGaussian, to masses: inout [Double]) {
    let det = g.determinant
    let distance = hypot(g.meanX, g.meanY)
    let largest = g.largestVariance
    let directions = directions(ratio: distance / (det / largest).squareRoot())
    let (a, b, c) = (0.5 * g.yy / det, 0.5 * g.xx / det, g.xy / det)
    let scale = g.weight / det.squareRoot() / Double(8 * directions.count)
    for (k, motion) in motions.enumerated() {
      if abs(motion - distance) > 9 * largest.squareRoot() { continue }
      var sum = SIMD8<Double>.zero
      for direction in directions {
        let (x, y) = (motion * direction.cosine - g.meanX, motion * direction.sine - g.meanY)
        sum += Exponentials.nonPositive(c * x * y - a * x * x - b * y * y)
      }
      masses[k] += scale * motion * motion * sum.sum()
    }
  }

  private struct Directions: Sendable {
    let cosine: SIMD8<Double>
    let sine: SIMD8<Double>
  }

  /// 32, 64, … 512 directions.
  private static let tables: [[Directions]] = (0..<5).map { power in
    let count = 32 << power
    return stride(from: 0, to: count, by: 8).map { start in
      var (cosine, sine) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
      for lane in 0..<8 {
        let angle = 2 * .pi * Double(start + lane) / Double(count)
        (cosine[lane], sine[lane]) = (cos(angle), sin(angle))
      }
      return Directions(cosine: cosine, sine: sine)
    }
  }

  /// For the distance of a Gaussian from 0 in units of its smaller σ.
  private static func directions(ratio: Double) -> [Directions] {
    let needed = 6 * (ratio + 3)
    var power = 0
    while power < tables.count - 1, Double(32 << power) < needed { power += 1 }
    return tables[power]
  }
}
