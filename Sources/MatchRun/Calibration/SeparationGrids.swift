internal import Match

/// The grids of the pairs of some regions, made when they are needed first.
struct SeparationGrids {
  private var regions = (a: -1, b: -1)
  private var grids: [SeparationGrid?] = []

  /// The grid of pairs of a spread.
  mutating func grid(
    _ wanted: (a: Int, b: Int), spreadArcsec2: Double, limit: Double, _ odds: CandidateOdds
  ) -> SeparationGrid {
    if regions != wanted || grids.isEmpty {
      regions = wanted
      grids = [SeparationGrid?](repeating: nil, count: LogBins.spreads.count)
    }
    let bin = LogBins.spreads.bin(spreadArcsec2)
    if let known = grids[bin] { return known }
    let middle = LogBins.spreads.middle(bin)
    let grid = SeparationGrid(limit: limit, slope: odds.slope(wanted)) { level in
      odds.isCandidate(level: level) ? odds.logFactor(wanted, level: level, spreadArcsec2: middle) : -.infinity
    }
    grids[bin] = grid
    return grid
  }
}
