internal import Glibc

/// The mean offset of a catalogue from a better one, from pairs of which some are chance: each counts by its error and by the probability that it is real.
///
/// Real pairs are Gaussian about the mean, chance pairs even within the limit: expectation and maximisation, from the medians.
public struct MeanOffset: Sendable, Hashable {
  /// One pair: the corrected source seen from the better one.
  public struct Pair: Sendable {
    let offsetArcsec: SIMD2<Double>
    let variance: Double

    /// - Parameters:
    ///   - eastArcsec: To the east, Δα cos δ.
    ///   - northArcsec: To the north.
    ///   - varianceArcsec2: Per axis, all errors together; more than 0.
    public init(eastArcsec: Double, northArcsec: Double, varianceArcsec2: Double) {
      offsetArcsec = SIMD2(eastArcsec, northArcsec)
      variance = max(varianceArcsec2, 1e-18)
    }
  }

  /// The mean, arcsec.
  public let eastArcsec: Double
  public let northArcsec: Double
  /// Its error along either axis, arcsec.
  public let errorArcsec: Double

  private static let rounds = 30

  /// Nil without pairs.
  /// - Parameters:
  ///   - chanceShare: The share of chance pairs to begin with.
  ///   - limitArcsec: No pair is farther apart.
  /// - Complexity: O(pairs).
  public init?(_ pairs: [Pair], chanceShare: Double, limitArcsec: Double) {
    guard !pairs.isEmpty, limitArcsec > 0 else { return nil }
    var mean = SIMD2(
      CorrectionScale.median(pairs.map(\.offsetArcsec.x)), CorrectionScale.median(pairs.map(\.offsetArcsec.y)))
    var chance = min(max(chanceShare, 1e-3), 0.999)
    let even = 1 / (Double.pi * limitArcsec * limitArcsec)
    var sum = 0.0
    for _ in 0..<Self.rounds {
      var (weighted, real) = (SIMD2<Double>.zero, 0.0)
      sum = 0
      for pair in pairs {
        let apart = pair.offsetArcsec - mean
        let density = exp(-0.5 * (apart * apart).sum() / pair.variance) / (2 * .pi * pair.variance)
        let own = (1 - chance) * density
        let probability = own / (own + chance * even)
        let weight = probability / pair.variance
        weighted += weight * pair.offsetArcsec
        sum += weight
        real += probability
      }
      guard sum > 0 else { return nil }
      mean = (1 / sum) * weighted
      chance = min(max(1 - real / Double(pairs.count), 1e-6), 0.999)
    }
    (eastArcsec, northArcsec, errorArcsec) = (mean.x, mean.y, (1 / sum).squareRoot())
  }
}
