internal import Match

/// The grids of the pairs of some regions, made when they are needed first.
struct SeparationGrids {
  private var regions = (a: -1, b: -1)
  /// By class of the pulls of a, that of b, and bin of the spread.
  private var grids: [Int: SeparationGrid] = [:]

  /// The grid of pairs of a spread, pulled as their classes are on the average.
  mutating func grid(
    _ wanted: (a: Int, b: Int), pulls: (a: Int, b: Int), spreadArcsec2: Double, limit: Double, _ odds: CandidateOdds
  ) -> SeparationGrid {
    if regions != wanted {
      regions = wanted
      grids = [:]
    }
    let bin = LogBins.spreads.bin(spreadArcsec2)
    let place = (pulls.a * PullClasses.count + pulls.b) * LogBins.spreads.count + bin
    if let known = grids[place] { return known }
    let laws = odds.meanPulls(wanted, pulls)
    let middle = LogBins.spreads.middle(bin)
    let grid = SeparationGrid(limit: limit, slope: odds.slope(wanted)) { level in
      odds.isCandidate(level: level, spreadArcsec2: middle)
        ? odds.logFactor(wanted, level: level, spreadArcsec2: middle, pulls: laws)
        : -.infinity
    }
    grids[place] = grid
    return grid
  }
}
