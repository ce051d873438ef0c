import Glibc

/// How many of the candidate pairs of a region are counterparts, from how their separations are distributed.
///
/// The number of pairs in zone z is Poisson distributed with the mean
///
///     μ_z = N p_z + κ λ w_z
///
/// where p_z is the share of counterparts, w_z the width of the zone in t, and λ the number of chance pairs per unit of t
/// that the densities of the two catalogues let expect. κ allows for what densities over a region do not know: clustering,
/// elongated errors. It has a log-normal prior of width `chanceFactorWidth` around 1, which matters only where there are
/// too few chance pairs to tell. Likelihood and prior are maximised exactly (expectation–maximisation).
///
/// - Source: the pair histogram of spec/match.md §4.8, with all separations used and an uncertainty (§9 W18).
public struct CounterpartFit: Sendable, Equatable {
  /// N: the number of counterparts, those beyond F_max included.
  public private(set) var counterparts: Double
  /// Its 1-σ uncertainty.
  public private(set) var uncertainty = Double.infinity
  /// κ: chance pairs found over those expected.
  public private(set) var chanceFactor = 1.0

  /// Width of the prior of ln κ.
  public static let chanceFactorWidth = 0.05

  /// - Parameters:
  ///   - pairs: Candidate pairs by zone.
  ///   - chancePairs: λ, expected chance pairs per unit of t.
  ///   - chanceFactor: κ if it is known already.
  public init(pairs: [Int64], chancePairs: Double, zones: PairZones, chanceFactor known: Double? = nil) {
    counterparts = Double(max(1, pairs.reduce(0, +)))
    chanceFactor = known ?? 1
    for _ in 0..<Self.mostSteps {
      let before = (counterparts, chanceFactor)
      step(pairs, chancePairs, zones, isFixed: known != nil)
      if abs(counterparts - before.0) <= 1e-12 * counterparts && abs(chanceFactor - before.1) <= 1e-12 { break }
    }
    uncertainty = findUncertainty(chancePairs, zones, isFixed: known != nil)
  }

  private static let mostSteps = 20_000

  private mutating func step(_ pairs: [Int64], _ chancePairs: Double, _ zones: PairZones, isFixed: Bool) {
    var (real, chance) = (0.0, 0.0)
    for zone in pairs.indices where pairs[zone] > 0 {
      let expectedReal = counterparts * zones.shares[zone]
      let expectedChance = chanceFactor * chancePairs * zones.widths[zone]
      let mean = expectedReal + expectedChance
      if mean <= 0 { continue }
      real += Double(pairs[zone]) * expectedReal / mean
      chance += Double(pairs[zone]) * expectedChance / mean
    }
    counterparts = real / zones.totalShare
    if !isFixed { chanceFactor = Self.chanceFactor(found: chance, expected: chancePairs * zones.limit) }
  }

  /// Maximises found · ln κ − expected · κ − (ln κ)² / 2s² by Newton's method in ln κ; the function is concave there.
  private static func chanceFactor(found: Double, expected: Double) -> Double {
    let precision = 1 / (chanceFactorWidth * chanceFactorWidth)
    var x = 0.0
    for _ in 0..<50 {
      let mean = expected * exp(x)
      let change = (found - mean - precision * x) / (mean + precision)
      x += min(1, max(-1, change))
      if abs(change) < 1e-14 { break }
    }
    return exp(x)
  }

  /// From the expected information on N and ln κ.
  private func findUncertainty(_ chancePairs: Double, _ zones: PairZones, isFixed: Bool) -> Double {
    var (nn, nx) = (0.0, 0.0)
    var xx = 1 / (Self.chanceFactorWidth * Self.chanceFactorWidth)
    for zone in zones.shares.indices {
      let chance = chanceFactor * chancePairs * zones.widths[zone]
      let mean = counterparts * zones.shares[zone] + chance
      if mean <= 0 { continue }
      nn += zones.shares[zone] * zones.shares[zone] / mean
      nx += zones.shares[zone] * chance / mean
      xx += chance * chance / mean
    }
    let information = isFixed ? nn : nn - nx * nx / xx
    return information > 0 ? 1 / information.squareRoot() : .infinity
  }
}
