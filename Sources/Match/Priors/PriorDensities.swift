import Glibc

/// The prior sky densities of a pairing, deg⁻²: of counterparts, and of unmatched sources of either catalogue.
///
/// Without photometry they come from counts alone: with n = count / common area,
///
///     N_c = min(n_A, n_B) / 2,   N_A = n_A − N_c,   N_B = n_B − N_c
///
/// Limits that would otherwise divide by zero are stated, not hidden: where one catalogue has no source in the
/// common area, or there is no common area, N_c is 0 and every pair has ln R = −∞, probability 0. Where N_c > 0, N_A and
/// N_B are greater than zero too, and ln R is finite. NaN never arises.
///
/// - Source: docs/method.md §4.
public struct PriorDensities: Sendable, Hashable {
  /// N_c, the density of counterparts, deg⁻².
  public let counterpartsPerDegree2: Double
  /// N_A, the density of sources of a without counterpart, deg⁻².
  public let unmatchedAPerDegree2: Double
  /// N_B, the density of sources of b without counterpart, deg⁻².
  public let unmatchedBPerDegree2: Double
  /// ln N_c − ln N_A − ln N_B (deg²); −∞ when there are no counterparts.
  public let logCounterpartRatio: Double

  /// The densities from counts over the area that both catalogues cover.
  ///
  /// - Parameters:
  ///   - countA: The number of sources of a in the common area.
  ///   - countB: Likewise of b.
  ///   - commonAreaDegrees2: The area covered by both, deg². 0 gives densities of 0.
  /// - Precondition: counts ≥ 0; the area is finite and ≥ 0.
  public init(countA: Int, countB: Int, commonAreaDegrees2: Double) {
    precondition(countA >= 0 && countB >= 0, "PriorDensities: counts are \(countA) and \(countB); allowed: 0 or more")
    precondition(
      commonAreaDegrees2.isFinite && commonAreaDegrees2 >= 0,
      "PriorDensities: common area is \(commonAreaDegrees2) deg²; allowed: finite, 0 or more")
    guard commonAreaDegrees2 > 0 else {
      self.init(counterpartsPerDegree2: 0, unmatchedAPerDegree2: 0, unmatchedBPerDegree2: 0)
      return
    }
    let densityA = Double(countA) / commonAreaDegrees2
    let densityB = Double(countB) / commonAreaDegrees2
    let counterparts = 0.5 * min(densityA, densityB)
    self.init(
      counterpartsPerDegree2: counterparts, unmatchedAPerDegree2: densityA - counterparts,
      unmatchedBPerDegree2: densityB - counterparts)
  }

  /// Densities known otherwise, deg⁻².
  ///
  /// - Precondition: All finite and ≥ 0; where N_c > 0, N_A and N_B > 0.
  public init(counterpartsPerDegree2: Double, unmatchedAPerDegree2: Double, unmatchedBPerDegree2: Double) {
    let all = [counterpartsPerDegree2, unmatchedAPerDegree2, unmatchedBPerDegree2]
    precondition(all.allSatisfy { $0.isFinite && $0 >= 0 }, "PriorDensities: densities are \(all); allowed: 0 or more")
    precondition(
      counterpartsPerDegree2 == 0 || (unmatchedAPerDegree2 > 0 && unmatchedBPerDegree2 > 0),
      "PriorDensities: densities are \(all); with counterparts, the unmatched densities must be greater than 0")
    self.counterpartsPerDegree2 = counterpartsPerDegree2
    self.unmatchedAPerDegree2 = unmatchedAPerDegree2
    self.unmatchedBPerDegree2 = unmatchedBPerDegree2
    logCounterpartRatio =
      counterpartsPerDegree2 > 0
      ? log(counterpartsPerDegree2) - log(unmatchedAPerDegree2) - log(unmatchedBPerDegree2) : -.infinity
  }

  /// Neither N_A nor N_B is believed to be below this part of N_c where it is measured.
  public static let smallestFieldShare = 0.01

  /// Densities that add up to those of all sources: N_A = n_A − N_c, N_B = n_B − N_c.
  /// - Parameters:
  ///   - counterparts: N_c, deg⁻².
  ///   - densityA: n_A, deg⁻².
  ///   - densityB: n_B, deg⁻².
  ///   - smallestFieldShare: N_A and N_B are at least this part of N_c.
  public init(counterparts: Double, ofA densityA: Double, ofB densityB: Double, smallestFieldShare: Double) {
    let floor = smallestFieldShare * counterparts
    self.init(
      counterpartsPerDegree2: counterparts, unmatchedAPerDegree2: max(floor, densityA - counterparts),
      unmatchedBPerDegree2: max(floor, densityB - counterparts))
  }

  /// The same priors with the catalogues exchanged.
  public var swapped: PriorDensities {
    PriorDensities(
      counterpartsPerDegree2: counterpartsPerDegree2, unmatchedAPerDegree2: unmatchedBPerDegree2,
      unmatchedBPerDegree2: unmatchedAPerDegree2)
  }
}
