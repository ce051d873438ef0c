import Foundation
public import Match

/// A second likelihood of pairs, to prove that nothing rests on Gaussian errors: a share of the counterparts has a larger variance.
///
///     G      = (1 − w) N(d; C) + w N(d; k C)
///     1 − F  = (1 − w) e^(−x) + w e^(−x/k)      x = χ²/2 under C = C_a + C_b
///
/// Both components have the same ellipses, so that the offsets that lie closer than d are those inside its ellipse.
public struct MixtureLikelihood: PairLikelihood {
  /// w, the share of counterparts with the larger variance.
  public let wideShare: Double
  /// k, how much larger it is.
  public let wideVariance: Double

  /// Makes it.
  public init(wideShare: Double, wideVariance: Double) {
    self.wideShare = wideShare
    self.wideVariance = wideVariance
  }

  public var name: String { "mixture \(wideShare) \(wideVariance)" }

  /// 1 − F at x = χ²/2.
  private func beyond(_ x: Double) -> Double { (1 - wideShare) * exp(-x) + wideShare * exp(-x / wideVariance) }

  /// x = χ²/2 of a level, by bisection: t ≤ x ≤ k t.
  public func areaFactor(level: Double) -> Double {
    var (low, high) = (level, wideVariance * level)
    for _ in 0..<200 where low < high {
      let middle = (low + high) / 2
      if middle == low || middle == high { break }
      if beyond(middle) > exp(-level) { low = middle } else { high = middle }
    }
    return high
  }

  public func reachArcsec(of source: SourceState, level: Double) -> Double {
    GaussianAUF.reachArcsec(of: source.covariance, chiSquaredLimit: 2 * areaFactor(level: level) * (1 + 1e-12))
  }

  public func evidence(_ a: SourceState, _ b: SourceState, separationArcsec: Double) -> PairEvidence {
    let covariance = PairGeometry.covariance(a, b)
    let x = GaussianAUF.chiSquared(dxArcsec: separationArcsec, dyArcsec: 0, covariance: covariance) / 2
    let shape = (1 - wideShare) * exp(-x) + wideShare / wideVariance * exp(-x / wideVariance)
    return PairEvidence(
      level: -log(beyond(x)), logDensity: GaussianAUF.logDensity(chiSquared: 0, covariance: covariance) + log(shape))
  }

  public func candidateAreaArcsec2(_ a: SourceState, _ b: SourceState, level: Double) -> Double {
    2 * .pi * areaFactor(level: level) * (a.covariance + b.covariance).determinant.squareRoot()
  }

  public func spreadArcsec2(of source: SourceState) -> Double { source.covariance.determinant.squareRoot() }
}
