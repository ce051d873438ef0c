internal import Glibc

/// The probability that two objects are nearer than the PSF circle, given a measured distance with Gaussian errors.
///
///     P(|d + σ n| ≤ R) = ∫ N(x; d, σ) erf(√(R² − x²) / √2 σ) dx,     x = R sin θ from −R to R
///
/// by Gauss and Legendre's quadrature over the θ within 8.5 σ of d: 10⁻¹² for every σ.
struct InsideCircle: Sendable {
  private let radius: Double
  private let nodes: [Double]
  private let weights: [Double]

  private static let reach = 8.5

  /// - Parameter radiusArcsec: R.
  init(radiusArcsec: Double) {
    let rule = GaussLegendre(count: 48)
    (radius, nodes, weights) = (radiusArcsec, rule.nodes, rule.weights)
  }

  /// - Parameters:
  ///   - distance: d, arcsec, not negative.
  ///   - sigma: σ of one axis, arcsec, not negative.
  func probability(distance: Double, sigma: Double) -> Double {
    let reach = Self.reach * sigma
    if distance + reach <= radius { return 1 }
    if distance - reach >= radius { return 0 }
    guard sigma > 0 else { return distance <= radius ? 1 : 0 }
    let low = asin(max(-1, (distance - reach) / radius))
    let high = asin(min(1, (distance + reach) / radius))
    var sum = 0.0
    for (node, weight) in zip(nodes, weights) {
      let angle = low + (high - low) * node
      let (along, half) = (radius * sin(angle), radius * cos(angle))
      let z = (along - distance) / sigma
      sum += weight * exp(-z * z / 2) * erf(half / (2.0.squareRoot() * sigma)) * half
    }
    return min(1, max(0, sum * (high - low) / (sigma * (2 * .pi).squareRoot())))
  }
}
