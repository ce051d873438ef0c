import Glibc

/// What the positions of two sources say about whether they are one object: the astrometric uncertainty function (AUF) of pairs.
///
/// The search for candidates, the pairing and SQL know nothing else of two positions.
/// For a pair of sources a separation d apart there are
///
///     F(d)   the fraction of true counterparts that lie closer than the candidate, in [0, 1)
///     G(d)   the density of true counterparts at the offset, deg⁻²
///
/// F is given as the level t = −ln(1 − F): it keeps its digits where F is nearly 1, and counterparts are distributed in it as e⁻ᵗ whatever
/// the AUF is. For Gaussian errors t is χ²/2.
///
/// - Source: docs/method.md §2.
public protocol PairLikelihood: Sendable {
  /// A name that is recorded with a run: two likelihoods that answer differently have different names.
  var name: String { get }

  /// How far a source looks for candidates below a level, arcsec. Every pair below the level is within √(reach_a² + reach_b²).
  /// A source with a larger covariance does not look less far.
  func reachArcsec(of source: SourceState, level: Double) -> Double

  /// t and ln G of a pair.
  /// - Parameter separationArcsec: The separation of the two positions, arcsec.
  func evidence(_ a: SourceState, _ b: SourceState, separationArcsec: Double) -> PairEvidence

  /// The same if the pair lies below a level; nil if not. The search asks this of every two neighbours.
  func candidate(_ a: SourceState, _ b: SourceState, separationArcsec: Double, below level: Double) -> PairEvidence?

  /// The area around a source in which a stranger is a candidate below a level, arcsec².
  func candidateAreaArcsec2(_ a: SourceState, _ b: SourceState, level: Double) -> Double

  /// A source's part s of the area in which strangers are candidates, arcsec²: below a level t that area is about
  /// 2π (s_a + s_b) `areaFactor(level: t)`.
  func spreadArcsec2(of source: SourceState) -> Double

  /// How the area in which strangers are candidates grows with the level: t for Gaussian errors.
  func areaFactor(level: Double) -> Double
}

/// What a `PairLikelihood` says of one pair.
public struct PairEvidence: Sendable, Hashable {
  /// t = −ln(1 − F), with F the fraction of true counterparts that lie closer.
  public var level: Double
  /// ln G, G in deg⁻².
  public var logDensity: Double

  /// Makes one.
  @inlinable
  public init(level: Double, logDensity: Double) {
    self.level = level
    self.logDensity = logDensity
  }

  /// F, the fraction of true counterparts that lie closer. Exact for small levels, too (`expm1`).
  public var fraction: Double { Self.fraction(level: level) }

  /// F of a level t: 1 − e⁻ᵗ.
  public static func fraction(level: Double) -> Double { -expm1(-level) }

  /// The level of a fraction F: −ln(1 − F).
  /// - Precondition: 0 ≤ F < 1.
  public static func level(fraction: Double) -> Double {
    precondition(fraction >= 0 && fraction < 1, "level: the fraction is \(fraction); allowed: 0 ≤ F < 1")
    return -log1p(-fraction)
  }
}

extension PairLikelihood {
  @inlinable
  public func candidate(
    _ a: SourceState, _ b: SourceState, separationArcsec: Double, below level: Double
  ) -> PairEvidence? {
    let evidence = evidence(a, b, separationArcsec: separationArcsec)
    return evidence.level < level ? evidence : nil
  }
}
