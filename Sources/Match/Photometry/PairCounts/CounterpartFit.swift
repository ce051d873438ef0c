import Glibc

/// How many of the candidate pairs of a region are counterparts, from how their separations are distributed.
///
/// The number of pairs in zone z is Poisson distributed with the mean
///
///     μ_z = N p_z + κ λ w_z
///
/// where p_z is the share of counterparts, w_z the growth of the area over the zone, and λ the number of chance pairs per unit of area factor
/// that the densities of the two catalogues let expect. κ allows for what densities over a region do not know: clustering,
/// elongated errors. It has a log-normal prior of width `chanceFactorWidth` around 1, which matters only where there are
/// too few chance pairs to tell. Likelihood and prior are maximised exactly (expectation–maximisation).
///
/// Where quoted errors are too small, counterparts reach farther than p_z says. If, and only if, that explains the zones
/// much better, a part of the counterparts is given variances `PairZones.inflations` times the quoted ones. N counts the
/// counterparts inside F_max, over the share that F_max should hold.
///
/// - Source: the pair histogram of D3.11.4, with all separations used and an uncertainty.
public struct CounterpartFit: Sendable, Equatable {
  /// N: the number of counterparts.
  public private(set) var counterparts: Double
  /// Its 1-σ uncertainty.
  public private(set) var uncertainty = Double.infinity
  /// κ: chance pairs found over those expected.
  public private(set) var chanceFactor = 1.0
  /// p_z as found: the share of counterparts in each zone, scaled so that they add up to that of right errors.
  public private(set) var shares: [Double]

  /// Width of the prior of ln κ.
  public static let chanceFactorWidth = 0.05
  /// Twice the gain in ln(likelihood · prior) from which errors are believed to be too small.
  static let convincingGain = 25.0

  /// - Parameters:
  ///   - pairs: Candidate pairs by zone.
  ///   - chancePairs: λ, expected chance pairs per unit of area factor.
  public init(pairs: [Int64], chancePairs: Double, zones: PairZones) {
    let chance = zones.widths.map { $0 * chancePairs }
    let quoted = ZoneMixture(pairs: pairs, components: [zones.shares], chance: chance)
    let inflated = ZoneMixture(pairs: pairs, components: [zones.shares] + zones.inflatedShares, chance: chance)
    let best = 2 * (inflated.logPosterior - quoted.logPosterior) > Self.convincingGain ? inflated : quoted
    let found = zones.shares.indices.map { zone in
      zip(best.numbers, best.components).reduce(0) { $0 + $1.0 * $1.1[zone] }
    }
    let total = found.reduce(0, +)
    let counterparts = total / zones.totalShare
    self.counterparts = counterparts
    chanceFactor = best.chanceFactor
    shares = total > 0 ? found.map { $0 / counterparts } : zones.shares
    uncertainty = findUncertainty(chance)
  }

  /// The counterparts among some of the pairs, whose κ and shares are known.
  /// - Parameters:
  ///   - pairs: Those pairs by zone.
  ///   - chancePairs: λ of those pairs, κ left out.
  public func counterparts(among pairs: [Int64], chancePairs: Double, zones: PairZones) -> Double {
    let chance = zones.widths.map { $0 * chancePairs * chanceFactor }
    return ZoneExcess.counterparts(pairs, shares: shares, chance: chance)
  }

  /// From the expected information on N and ln κ.
  private func findUncertainty(_ chance: [Double]) -> Double {
    var (nn, nx) = (0.0, 0.0)
    var xx = 1 / (Self.chanceFactorWidth * Self.chanceFactorWidth)
    for zone in shares.indices {
      let mean = counterparts * shares[zone] + chanceFactor * chance[zone]
      if mean <= 0 { continue }
      nn += shares[zone] * shares[zone] / mean
      nx += shares[zone] * chanceFactor * chance[zone] / mean
      xx += chanceFactor * chance[zone] * chanceFactor * chance[zone] / mean
    }
    let information = nn - nx * nx / xx
    return information > 0 ? 1 / information.squareRoot() : .infinity
  }
}
