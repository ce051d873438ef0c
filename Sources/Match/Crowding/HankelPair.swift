internal import Glibc

/// G and F of a pair with perturbed positions, exactly: the convolution of both centroid errors and both perturbation laws.
///
///     g(ρ) = A(ρ) B(ρ) Σ wₖ exp(−2π²ρ²vₖ)
///
/// summed by a `HankelBasis`. The variants with one or neither source perturbed use the same Bessel values; without any perturbation the
/// closed form is used. Where σ is so small that the sum had too many terms, the part A₀B₀ in which neither source is pulled is
/// added in closed form, and only the rest is blurred to what the terms resolve: no ringing.
public struct HankelPair: Sendable {
  /// What is summed.
  public let basis: HankelBasis
  private let both: [Double]
  private let onlyA: [Double]
  private let onlyB: [Double]
  private let deltas: SIMD3<Double>
  private let widths: CentroidWidths

  /// No more terms than these: σ is resolved down to L/6,400.
  public static let usualMostNodes = 16_384

  /// G and F at one separation, for both sources perturbed, either, or neither.
  public struct Variants: Sendable, Hashable {
    public var both: PairDensity
    public var onlyA: PairDensity
    public var onlyB: PairDensity
    public var neither: PairDensity
  }

  /// A pair of sources with known laws.
  /// - Throws: `CrowdingError` if lengths are absurd.
  /// - Complexity: O(nodes).
  public init(
    a: PerturbationLaw, b: PerturbationLaw, widths: CentroidWidths, mostNodes: Int = HankelPair.usualMostNodes
  ) throws {
    let reach = a.reachArcsec + b.reachArcsec
    let radius = reach + HankelBasis.tailSigmas * widths.mostSigma
    let most = Double(min(max(mostNodes, 64), HankelBasis.mostNodes))
    let needed = HankelBasis.nodesNeeded(radiusArcsec: radius, sigmaArcsec: widths.leastSigma)
    let basis = try HankelBasis(radiusArcsec: radius, nodeCount: Int(min(needed, most)))
    let floor = needed <= most ? 0 : widths.leastSigma * needed / most
    self.init(
      basis: basis, transformA: a.samples(at: basis.nodes), deltaWeightA: a.deltaWeight,
      transformB: b.samples(at: basis.nodes), deltaWeightB: b.deltaWeight, widths: widths, blurArcsec: floor)
  }

  /// A pair whose transforms are given at the nodes of a basis.
  /// - Parameters:
  ///   - deltaWeightA: The weight of offset 0 in a's law, the limit of its transform.
  ///   - blurArcsec: The least σ that the basis resolves; 0 if it resolves all.
  public init(
    basis: HankelBasis, transformA: [Double], deltaWeightA: Double, transformB: [Double], deltaWeightB: Double,
    widths: CentroidWidths, blurArcsec: Double = 0
  ) {
    self.basis = basis
    self.widths = widths
    let isSplit = blurArcsec > 0
    let deltas = isSplit ? SIMD3(deltaWeightA * deltaWeightB, deltaWeightA, deltaWeightB) : .zero
    self.deltas = deltas
    let count = min(basis.nodes.count, transformA.count, transformB.count)
    let gaussians = basis.nodes.prefix(count).map { widths.transform(at: $0, floorArcsec2: blurArcsec * blurArcsec) }
    both = (0..<count).map { (transformA[$0] * transformB[$0] - deltas.x) * gaussians[$0] }
    onlyA = (0..<count).map { (transformA[$0] - deltas.y) * gaussians[$0] }
    onlyB = (0..<count).map { (transformB[$0] - deltas.z) * gaussians[$0] }
  }

  /// All four variants at a separation. G is never negative, F within [0, 1].
  /// - Complexity: O(nodes), some 0.1 µs each.
  public func variants(at separationArcsec: Double) -> Variants {
    let gaussian = widths.values(at: separationArcsec)
    let (densities, cumulatives) = basis.sums(at: separationArcsec, both, onlyA, onlyB)
    let isOutside = separationArcsec >= basis.radiusArcsec
    func value(_ place: Int) -> PairDensity {
      let rest = isOutside ? 1 - deltas[place] : cumulatives[place]
      return PairDensity(
        densityPerArcsec2: max(densities[place] + deltas[place] * gaussian.densityPerArcsec2, 0),
        cumulative: min(max(rest + deltas[place] * gaussian.cumulative, 0), 1))
    }
    return Variants(both: value(0), onlyA: value(1), onlyB: value(2), neither: gaussian)
  }

  /// G and F with both sources perturbed.
  public func values(at separationArcsec: Double) -> PairDensity { variants(at: separationArcsec).both }

  /// The separation within which a share of the pairs lies, both sources perturbed, arcsec.
  public func radius(fraction: Double) -> Double {
    let start = widths.mostSigma * (-2 * log1p(-min(max(fraction, 0), 1 - 0x1p-53))).squareRoot()
    return RadiusSearch.radius(fraction: fraction, start: start, most: basis.radiusArcsec) {
      let here = self.values(at: $0)
      return (here.cumulative, here.densityPerArcsec2)
    }
  }
}
