internal import Glibc

/// Counts of pairs of one kind each: the same cell of spread, t and pulls, density and evidence.
///
/// Whatever is fitted to pairs is fitted to such counts: they are integers that add up over the sky.
struct PairTable: Sendable {
  /// One kind of pairs.
  struct Row: Sendable {
    /// How many there are.
    var count: Double
    /// Of `cells`.
    var cell: Int
    /// ln(n/n₀): the sum of the densities of both catalogues around them, over its mean.
    var logDensity: Double
    /// What magnitudes and quoted errors say, as a factor of the odds.
    var evidence: Double
  }

  let rows: [Row]
  let cells: PairCells
  /// The geometric mean of the densities, deg⁻².
  let meanDensity: Double

  /// Arcsec² in a square degree.
  private static let arcsec2PerDegree2 = 3600.0 * 3600.0

  /// The bin of `LogBins.spreads` of each row.
  var spreadBins: [Int] {
    let ofCells = cells.cells.map { LogBins.spreads.bin($0.spreadArcsec2) }
    return rows.map { ofCells[$0.cell] }
  }

  /// Some of the rows.
  /// - Parameter isWanted: Called with the place of each.
  func rows(where isWanted: (Int) -> Bool) -> PairTable {
    PairTable(rows: rows.indices.filter(isWanted).map { rows[$0] }, cells: cells, meanDensity: meanDensity)
  }

  /// The range of spreads of each row.
  func ranges(of shares: WidthShares) -> [Int] {
    if shares.ends.isEmpty { return Array(repeating: 0, count: rows.count) }
    let ofCells = cells.cells.map { shares.range(spreadArcsec2: $0.spreadArcsec2) }
    return rows.map { ofCells[$0.cell] }
  }

  /// The odds of a counterpart to a chance pair at t = 0, but for θ, the density and the width: G₀ h / n₀.
  func baseOdds(_ row: Row) -> Double {
    Self.baseOdds(spreadArcsec2: cells.cells[row.cell].spreadArcsec2, meanDensity: meanDensity) * row.evidence
  }

  /// The same without evidence.
  static func baseOdds(spreadArcsec2: Double, meanDensity: Double) -> Double {
    arcsec2PerDegree2 / (2 * .pi * spreadArcsec2) / meanDensity
  }
}
