import Glibc

/// Zones of separation in which counterparts and chance pairs are told apart by their numbers.
///
/// With F the probability that a counterpart lies closer, t = −ln(1 − F) is the level of a pair (`PairLikelihood`). Counterparts are
/// distributed in t as e^(−t), whatever the errors of the two sources; chance pairs as the area grows with t, evenly for Gaussian
/// errors. Zone z holds t from z·ln 2 to (z+1)·ln 2, half the counterparts of the one before. The last one ends at F_max.
public struct PairZones: Sendable, Hashable {
  /// Where F_max lies: t_max = −ln(1 − F_max).
  public let limit: Double
  /// The share of all counterparts that falls into each zone, if the quoted errors are right.
  public let shares: [Double]
  /// Likewise for counterparts whose variance is larger than quoted, by the factors `inflations`.
  let inflatedShares: [[Double]]
  /// How much the area in which strangers are candidates grows over each zone (`PairLikelihood.areaFactor`); the width of the zone in t
  /// for Gaussian errors. Chance pairs are distributed over the zones as these.
  public let widths: [Double]

  /// Zones up to F_max.
  /// - Precondition: 0 < fraction < 1.
  public init(candidateFraction fraction: Double, _ likelihood: some PairLikelihood = GaussianLikelihood()) {
    precondition(fraction > 0 && fraction < 1, "PairZones: fraction is \(fraction); allowed: between 0 and 1")
    let limit = -log1p(-fraction)
    let count = max(1, Int((limit / Self.step).rounded(.up)))
    let edges = (0...count).map { min(Double($0) * Self.step, limit) }
    self.limit = limit
    let areas = edges.map { likelihood.areaFactor(level: $0) }
    widths = zip(areas.dropFirst(), areas).map { $0 - $1 }
    shares = Self.shares(edges, inflation: 1)
    inflatedShares = Self.inflations.map { Self.shares(edges, inflation: $0) }
  }

  private static func shares(_ edges: [Double], inflation: Double) -> [Double] {
    zip(edges, edges.dropFirst()).map { exp(-$0 / inflation) - exp(-$1 / inflation) }
  }

  /// By how much variances may be larger than quoted.
  static let inflations = [3.0, 9.0]

  private static let step = 0.693147180559945309417

  /// The number of zones.
  public var count: Int { shares.count }
  /// The share of counterparts inside F_max.
  public var totalShare: Double { shares.reduce(0, +) }

  /// The zone of a candidate pair.
  @inline(__always)
  public func zone(level: Double) -> Int { min(count - 1, Int(level / Self.step)) }
}
