/// Densities of counterparts and of unmatched sources, fitted to a region, with their uncertainty.
public struct PriorFit: Sendable, Hashable {
  /// N_c, N_A, N_B, deg⁻².
  public let priors: PriorDensities
  /// The covariance of (N_c, N_A, N_B), deg⁻⁴, row by row.
  public let covariance: [[Double]]
  /// χ² of the fit, three degrees of freedom; nil for a fit by likelihood.
  public let chiSquared: Double?

  /// The standard error of N_c, deg⁻².
  public var counterpartsError: Double { covariance[0][0].squareRoot() }
}

/// Why a region gives no densities.
public enum PriorFitFailure: Error, Sendable, Hashable {
  /// There is no area, or no detection in one of the bands.
  case noSources
  /// The steps did not come to rest.
  case notConverged
  /// Of the three densities, so many vanish that they cannot be used.
  case vanishing(counterparts: Double, a: Double, b: Double)
}

/// A failed fit is an outcome as well: the caller falls back, and the region is flagged.
public typealias PriorFitOutcome = Result<PriorFit, PriorFitFailure>

/// What is observed of a region or of one magnitude slice of it: densities in deg⁻², areas in deg².
struct SurvivorObservation {
  var areaDegrees2: Double
  var fractions: SurvivorFractions
  /// Detected sources, then survivors of the bright and of the field circle.
  var densityA: [Double]
  var densityB: [Double]
  /// Ten percentiles of the areas of the bright and of the field circle.
  var circlesA: [[Double]]
  var circlesB: [[Double]]

  var hasSources: Bool { areaDegrees2 > 0 && densityA[0] > 0 && densityB[0] > 0 }
}

/// What is checked of fitted densities before they are used.
///
/// - Source: spec/match.md §4.5, in its order. Densities come from logarithms, so none is 0 or less but by underflow.
enum PriorChecks {
  /// A density below this share of another is raised to it.
  private static let floor = 0.01

  static func checked(_ x: Double, _ y: Double, _ z: Double) -> Result<PriorDensities, PriorFitFailure> {
    let isVanishing =
      !(x.isFinite && y.isFinite && z.isFinite) || (x <= 0 && (y <= 0 || z <= 0))
      || (y <= floor * x && x <= floor * z) || (z <= floor * x && x <= floor * y)
    if isVanishing { return .failure(.vanishing(counterparts: x, a: y, b: z)) }
    let counterparts = y > 0 && z > 0 ? max(x, floor * min(y, z)) : x
    return .success(
      PriorDensities(
        counterpartsPerDegree2: counterparts, unmatchedAPerDegree2: max(y, floor * counterparts),
        unmatchedBPerDegree2: max(z, floor * counterparts)))
  }
}

/// 3×3 matrices, row by row: what the fits need of linear algebra.
enum Matrix3 {
  /// The inverse by cofactors; nil where the determinant is 0 or not finite.
  static func inverse(_ m: [[Double]]) -> [[Double]]? {
    func minor(_ i: Int, _ j: Int) -> Double {
      let (r, s) = ((i + 1) % 3, (i + 2) % 3)
      let (c, d) = ((j + 1) % 3, (j + 2) % 3)
      return m[r][c] * m[s][d] - m[r][d] * m[s][c]
    }
    let determinant = m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2)
    guard determinant.isFinite, determinant != 0 else { return nil }
    return (0..<3).map { i in (0..<3).map { j in minor(j, i) / determinant } }
  }

  static func product(_ m: [[Double]], _ v: [Double]) -> [Double] {
    m.map { row in row[0] * v[0] + row[1] * v[1] + row[2] * v[2] }
  }
}
