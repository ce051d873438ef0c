internal import Glibc

/// The likelihood of pairs in which all sources of a catalogue are pulled by hidden neighbours after one law.
///
/// Where laws differ from source to source, ask `PerturbedPair` with each source's own mixture.
public struct PerturbedLikelihood: PairLikelihood {
  private let pair: PerturbedPair
  private let alone: (a: PerturbedPair, b: PerturbedPair)
  private let a: PerturbationMixture
  private let b: PerturbationMixture
  public let name: String

  /// - Parameters:
  ///   - a: The law of the first catalogue, and its Gaussians.
  ///   - b: That of the second.
  ///   - name: Tells this likelihood from those with other laws.
  public init(
    a: PerturbationMixture, _ basisA: MixtureBasis, b: PerturbationMixture, _ basisB: MixtureBasis,
    name: String = "perturbed gaussian"
  ) {
    pair = PerturbedPair(a: basisA, b: basisB)
    alone = (PerturbedPair(a: basisA, b: .none), PerturbedPair(a: basisB, b: .none))
    (self.a, self.b) = (a, b)
    self.name = name
  }

  /// The radius of the source's own errors, as if it were of the catalogue whose law is wider, at a level higher by ln 2.
  ///
  /// With the variance of a pair a sum V_a + V_b of independent random ones and s² = s_a² + s_b², exp(−s²/2(V_a+V_b)) is at most
  /// exp(−s_a²/2V_a) + exp(−s_b²/2V_b). So 1 − F(s) is at most the sum of both sources' own, each e^(−t)/2 here.
  public func reachArcsec(of source: SourceState, level: Double) -> Double {
    let sigma = source.covariance.largestSigma
    let (raised, variance) = (level + 0.6931471805599454, sigma * sigma)
    let reachA = alone.a.radiusArcsec(a, .none, varianceArcsec2: variance, level: raised)
    let reachB = alone.b.radiusArcsec(b, .none, varianceArcsec2: variance, level: raised)
    return max(reachA, reachB) * (1 + 0x1p-40)
  }

  public func evidence(_ a: SourceState, _ b: SourceState, separationArcsec: Double) -> PairEvidence {
    let covariance = PairGeometry.covariance(a, b)
    return pair.value(self.a, self.b, covariance: covariance, separationArcsec: separationArcsec).evidence
  }

  public func candidateAreaArcsec2(_ a: SourceState, _ b: SourceState, level: Double) -> Double {
    let variance = (a.covariance + b.covariance).determinant.squareRoot()
    let radius = pair.radiusArcsec(self.a, self.b, varianceArcsec2: variance, level: level)
    return .pi * radius * radius
  }

  /// √det of its covariance.
  public func spreadArcsec2(of source: SourceState) -> Double { source.covariance.determinant.squareRoot() }

  public func areaFactor(level: Double) -> Double { level }
}
