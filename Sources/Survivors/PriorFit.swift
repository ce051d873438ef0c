public import Match

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
