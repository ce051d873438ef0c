internal import Glibc

/// Counts of pairs of one kind each: the same spread, density, evidence, limit of the search, and bin of t = χ²/2.
///
/// Whatever is fitted to pairs is fitted to such counts: they are integers that add up over the sky.
struct PairTable: Sendable {
  /// One kind of pairs.
  struct Row: Sendable {
    /// How many there are.
    var count: Double
    /// The square root of the determinant of their covariance, arcsec².
    var spreadArcsec2: Double
    /// ln(n/n₀): the sum of the densities of both catalogues around them, over its mean.
    var logDensity: Double
    /// What magnitudes and quoted errors say, as a factor of the odds.
    var evidence: Double
    /// The bin of t.
    var low: Double
    var high: Double
    /// How far in t such pairs were looked for.
    var limit: Double
  }

  private(set) var rows: [Row] = []
  /// The geometric mean of the densities, deg⁻².
  let meanDensity: Double

  /// - Parameter meanDensity: n₀, deg⁻².
  init(meanDensity: Double, rows: [Row]) {
    self.meanDensity = meanDensity
    self.rows = rows
  }

  /// Arcsec² in a square degree.
  private static let arcsec2PerDegree2 = 3600.0 * 3600.0

  /// The odds of a counterpart to a chance pair at t = 0, but for θ, the density and the width: G₀ h / n₀.
  func baseOdds(_ row: Row) -> Double {
    Self.arcsec2PerDegree2 / (2 * .pi * row.spreadArcsec2) / meanDensity * row.evidence
  }
}
