internal import Glibc

/// Turns laws into mixtures, for one PSF.
///
/// The weights are those with which G and F of a pair whose σ is 1 % of the FWHM come nearest to the exact ones, at radii from 0 to the edge of the PSF
/// circle: G relative to itself and to `floorPerFWHM2`, F absolutely. For wider pairs the error of G is smaller.
public struct MixtureFit: Sendable {
  /// The PSF.
  public let pointSpread: PointSpread
  /// The Gaussians.
  public let basis: MixtureBasis
  private let hankel: HankelBasis
  private let gaussian: [Double]
  private let radii: [Double]
  private let floor: Double
  /// Terms of G and F at the radii, one row of nodes each; and the same of the Gaussians.
  private let densityTerms: [Double]
  private let cumulativeTerms: [Double]
  private let densities: [Double]
  private let cumulatives: [Double]

  private static let radiusCount = 72
  private static let cumulativeWeight = 10.0
  /// Densities that matter less than this, in units of 1/FWHM².
  static let floorPerFWHM2 = 0.1

  /// By how much a mixture misses a law, at a σ of 1 % of the FWHM.
  public struct Errors: Sendable, Hashable {
    /// The largest error of G, relative to G + 0.1/FWHM².
    public var density: Double
    /// The largest error of F.
    public var cumulative: Double
  }

  /// - Complexity: some 3 ms.
  public init(_ pointSpread: PointSpread) throws {
    self.pointSpread = pointSpread
    basis = MixtureBasis(pointSpread)
    let sigma = pointSpread.fwhmArcsec * MixtureBasis.fitSigmaPerFWHM
    let hankel = try HankelBasis(reachArcsec: pointSpread.circleArcsec, sigmaArcsec: sigma, epsilon: 1e-10)
    self.hankel = hankel
    floor = Self.floorPerFWHM2 / (pointSpread.fwhmArcsec * pointSpread.fwhmArcsec)
    gaussian = hankel.nodes.map { exp(-2 * .pi * .pi * $0 * $0 * sigma * sigma) }
    let ratio = pow(2 * pointSpread.circleArcsec / sigma, 1 / Double(Self.radiusCount - 2))
    let radii = (0..<Self.radiusCount).map { $0 == 0 ? 0 : sigma / 2 * pow(ratio, Double($0 - 1)) }
    self.radii = radii
    densityTerms = radii.flatMap { hankel.terms(at: $0) }
    cumulativeTerms = radii.flatMap { hankel.cumulativeTerms(at: $0) }
    let variances = (0..<MixtureBasis.count).map { [basis] in sigma * sigma + basis.variances[$0] }
    densities = radii.flatMap { r in variances.map { exp(-r * r / (2 * $0)) / (2 * .pi * $0) } }
    cumulatives = radii.flatMap { r in variances.map { -expm1(-r * r / (2 * $0)) } }
  }

  /// The mixture for a law, and its errors.
  /// - Complexity: some 0.1 ms.
  public func fit(_ law: PerturbationLaw) -> (mixture: PerturbationMixture, errors: Errors) {
    if law.isNone { return (.none, Errors(density: 0, cumulative: 0)) }
    let exact = exact(law)
    var weights = solve(exact, delta: law.deltaWeight)
    let pulled = weights.reduce(0, +)
    let scale = pulled > 0 ? (1 - law.deltaWeight) / pulled : 0
    for j in weights.indices { weights[j] *= scale }
    weights[0] = pulled > 0 ? weights[0] + law.deltaWeight : 1
    var values = MixtureValues()
    for j in weights.indices { values[j] = weights[j] }
    return (PerturbationMixture(weights: values), errors(weights, exact))
  }

  private func exact(_ law: PerturbationLaw) -> (g: [Double], f: [Double]) {
    let transform = zip(law.samples(at: hankel.nodes), gaussian).map { $0 * $1 }
    return (product(densityTerms, transform), product(cumulativeTerms, transform))
  }

  private func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let n = vector.count
    return radii.indices.map { row in
      var sums = SIMD8<Double>.zero
      for k in stride(from: 0, to: n - 7, by: 8) {
        for lane in 0..<8 { sums[lane] += matrix[row * n + k + lane] * vector[k + lane] }
      }
      return (n / 8 * 8..<n).reduce(sums.sum()) { $0 + matrix[row * n + $1] * vector[$1] }
    }
  }

  /// The weights of all Gaussians beside the part without any pull.
  private func solve(_ exact: (g: [Double], f: [Double]), delta: Double) -> [Double] {
    let n = MixtureBasis.count
    var (gram, moments) = ([Double](repeating: 0, count: n * n), [Double](repeating: 0, count: n))
    func add(_ row: ArraySlice<Double>, _ target: Double, _ weight: Double) {
      let start = row.startIndex
      let rest = (target - delta * row[start]) * weight
      for i in 0..<n {
        let scaled = row[start + i] * weight
        moments[i] += scaled * rest
        for j in 0...i { gram[i * n + j] += scaled * row[start + j] * weight }
      }
    }
    for r in radii.indices {
      let range = r * n..<(r + 1) * n
      add(densities[range], exact.g[r], 1 / (abs(exact.g[r]) + floor))
      add(cumulatives[range], exact.f[r], Self.cumulativeWeight)
    }
    for i in 0..<n { for j in 0..<i { gram[j * n + i] = gram[i * n + j] } }
    return NonNegativeLeastSquares(gram: gram, moments: moments).coefficients
  }

  private func errors(_ weights: [Double], _ exact: (g: [Double], f: [Double])) -> Errors {
    var errors = Errors(density: 0, cumulative: 0)
    for r in radii.indices {
      var (g, f) = (0.0, 0.0)
      for j in weights.indices {
        g += weights[j] * densities[r * weights.count + j]
        f += weights[j] * cumulatives[r * weights.count + j]
      }
      errors.density = max(errors.density, abs(g - exact.g[r]) / (abs(exact.g[r]) + floor))
      errors.cumulative = max(errors.cumulative, abs(f - exact.f[r]))
    }
    return errors
  }
}
