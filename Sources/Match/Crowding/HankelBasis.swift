internal import Glibc

/// Circular distributions on a disc as sums of Bessel functions: the density and the probability within a radius, from the Hankel
/// transform at a few nodes.
///
/// Let g(ρ) = 2π ∫ r p(r) J₀(2πrρ) dr be the transform of a density p that is negligible beyond a radius L. With jₙ the zeros of J₀ and
/// ρₙ = jₙ/(2πL),
///
///     p(s) = 1/(πL²) Σ g(ρₙ) J₀(jₙ s/L) / J₁(jₙ)²
///     C(s) = 2s/L    Σ g(ρₙ) J₁(jₙ s/L) / (jₙ J₁(jₙ)²)
///
/// p = 0 and C = 1 for s ≥ L. The coefficients are values of the transform itself, so that nothing is lost but what lies beyond L and
/// beyond the last node: both are below rounding with the constants of `init(reachArcsec:sigmaArcsec:epsilon:)`.
///
/// - Source: the Fourier–Bessel series, Watson (1944), chapter 18.
public struct HankelBasis: Sendable {
  /// L, arcsec.
  public let radiusArcsec: Double
  /// ρₙ, arcsec⁻¹, ascending.
  public let nodes: [Double]

  private let zeros: [Double]
  private let densityWeights: [Double]
  private let cumulativeWeights: [Double]

  /// More nodes than any basis may have.
  public static let mostNodes = 1 << 17
  /// L is so many σ larger than the reach of the perturbations: what is left beyond is 10⁻¹⁴.
  static let tailSigmas = 8.0

  /// A basis with a radius and a number of nodes.
  /// - Throws: `CrowdingError` if the radius is not within 10⁻⁹ to 10⁹ arcsec or the number not within 1 to `mostNodes`.
  /// - Complexity: O(nodes), some 0.3 µs each.
  public init(radiusArcsec: Double, nodeCount: Int) throws {
    try CrowdingError.check("the radius of a Hankel basis in arcsec", radiusArcsec, in: 1e-9...1e9)
    guard (1...Self.mostNodes).contains(nodeCount) else {
      throw CrowdingError(
        "the number of nodes of a Hankel basis", given: "\(nodeCount)", allowed: "1 to \(Self.mostNodes)")
    }
    self.radiusArcsec = radiusArcsec
    let bessel = BesselZeros(count: nodeCount)
    zeros = bessel.zeros
    nodes = zeros.map { $0 / (2 * .pi * radiusArcsec) }
    densityWeights = bessel.derivatives.map { 1 / (.pi * radiusArcsec * radiusArcsec * $0 * $0) }
    cumulativeWeights = zip(zeros, bessel.derivatives).map { 2 / (radiusArcsec * $0 * $1 * $1) }
  }

  /// The basis for densities that are offsets of at most `reachArcsec`, blurred by a Gaussian of `sigmaArcsec` per axis.
  ///
  /// L = reach + 8 σ, and as many nodes as reach exp(−2π²ρ²σ²) = ε: some 2.6 L/σ for ε = 10⁻¹⁴.
  /// - Throws: `CrowdingError` if a length is negative or absurd, or if more than `mostNodes` nodes were needed.
  public init(reachArcsec: Double, sigmaArcsec: Double, epsilon: Double = 1e-14) throws {
    try CrowdingError.check("σ of a Hankel basis in arcsec", sigmaArcsec, in: 1e-9...1e7)
    try CrowdingError.check("the reach of a Hankel basis in arcsec", reachArcsec, in: 0...1e8)
    let radius = reachArcsec + Self.tailSigmas * sigmaArcsec
    let needed = Self.nodesNeeded(radiusArcsec: radius, sigmaArcsec: sigmaArcsec, epsilon: epsilon)
    guard needed <= Double(Self.mostNodes) else {
      throw CrowdingError(
        "σ of a Hankel basis", given: "\(sigmaArcsec) arcsec with a reach of \(reachArcsec) arcsec",
        allowed: "no more than \(Self.mostNodes) nodes, not \(needed)")
    }
    try self.init(radiusArcsec: radius, nodeCount: max(1, Int(needed)))
  }

  /// ⌈2 L ρ_c⌉ with exp(−2π²ρ_c²σ²) = ε, as a number that need not fit an integer.
  static func nodesNeeded(radiusArcsec: Double, sigmaArcsec: Double, epsilon: Double = 1e-14) -> Double {
    let bounded = min(max(epsilon, 1e-300), 0.5)
    let cut = (-log(bounded) / (2 * .pi * .pi)).squareRoot() / sigmaArcsec
    return (2 * radiusArcsec * cut).rounded(.up) + 1
  }

  /// The density p(s), arcsec⁻². It may be negative by a rounding error of the largest density.
  /// - Parameters:
  ///   - separationArcsec: s.
  ///   - transform: g at the nodes; terms beyond the shorter of both are left out.
  /// - Complexity: O(nodes), some 50 ns each.
  public func density(at separationArcsec: Double, transform: [Double]) -> Double {
    guard separationArcsec < radiusArcsec else { return 0 }
    let scale = separationArcsec / radiusArcsec
    var sum = 0.0
    for n in 0..<min(transform.count, zeros.count) {
      sum += transform[n] * densityWeights[n] * j0(zeros[n] * scale)
    }
    return sum
  }

  /// The probability C(s) within a radius, in [0, 1].
  /// - Complexity: O(nodes), some 50 ns each.
  public func cumulative(at separationArcsec: Double, transform: [Double]) -> Double {
    guard separationArcsec < radiusArcsec else { return 1 }
    let scale = separationArcsec / radiusArcsec
    var sum = 0.0
    for n in 0..<min(transform.count, zeros.count) {
      sum += transform[n] * cumulativeWeights[n] * j1(zeros[n] * scale)
    }
    return min(max(separationArcsec * sum, 0), 1)
  }

  /// The terms of the density at a separation: p(s) is their sum, each times g at its node.
  func terms(at separationArcsec: Double) -> [Double] {
    zip(zeros, densityWeights).map { $1 * j0($0 * separationArcsec / radiusArcsec) }
  }

  /// The terms of the probability within a separation.
  func cumulativeTerms(at separationArcsec: Double) -> [Double] {
    zip(zeros, cumulativeWeights).map { separationArcsec * $1 * j1($0 * separationArcsec / radiusArcsec) }
  }

  /// Adds the terms of three transforms to their densities and probabilities with one Bessel value each per node.
  func sums(
    at separationArcsec: Double, _ first: [Double], _ second: [Double], _ third: [Double]
  ) -> (densities: SIMD3<Double>, cumulatives: SIMD3<Double>) {
    guard separationArcsec < radiusArcsec else { return (.zero, .one) }
    let scale = separationArcsec / radiusArcsec
    var (densities, cumulatives) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
    for n in 0..<min(first.count, second.count, third.count, zeros.count) {
      let argument = zeros[n] * scale
      let values = SIMD3(first[n], second[n], third[n])
      densities += values * (densityWeights[n] * j0(argument))
      cumulatives += values * (cumulativeWeights[n] * j1(argument))
    }
    return (densities, separationArcsec * cumulatives)
  }

  /// The radius within which the probability is `fraction`, arcsec: Newton's method on C, kept within a bracket by bisection.
  /// - Parameter start: A first guess, arcsec.
  public func radius(fraction: Double, transform: [Double], start: Double) -> Double {
    RadiusSearch.radius(fraction: fraction, start: start, most: radiusArcsec) {
      (self.cumulative(at: $0, transform: transform), self.density(at: $0, transform: transform))
    }
  }
}
