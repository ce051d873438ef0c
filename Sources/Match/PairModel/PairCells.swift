/// What all pairs of one spread, bin of t and pulls have in common: how each width is distributed there.
struct PairCells: Sendable {
  /// One spread, bin of t, and pulls.
  struct Cell: Sendable {
    /// √det of the covariance, arcsec².
    var spreadArcsec2: Double
    /// The bin of t.
    var low: Double
    var high: Double
    /// How far in t such pairs were looked for.
    var limit: Double
  }

  private(set) var cells: [Cell] = []
  /// The mean of eₖ over the bin, component by component.
  private(set) var densities: [Double] = []
  /// Eₖ, the share below the limit, likewise.
  private(set) var shares: [Double] = []

  /// The widths that there may be, the first of `WidthComponent.all`.
  let components: [WidthComponent]

  /// - Parameter drift: Whether sources drift.
  init(drift: Bool) { components = drift ? WidthComponent.all : WidthComponent.withoutDrifts }

  var count: Int { cells.count }

  /// - Complexity: O(components · Gaussians of the profiles).
  mutating func add(_ cell: Cell, _ profiles: PullProfiles) {
    cells.append(cell)
    for (place, component) in components.enumerated() {
      let profile = profiles.profile(ofComponent: place)
      densities.append(
        profile.meanDensity(component, spreadArcsec2: cell.spreadArcsec2, from: cell.low, to: cell.high))
      shares.append(profile.share(component, spreadArcsec2: cell.spreadArcsec2, below: cell.limit))
    }
  }

  /// √(t/T) − 2/3 in the middle of the bin.
  func bend(_ cell: Int) -> Double {
    let here = cells[cell]
    return min((here.low + here.high) / 2 / here.limit, 1).squareRoot() - 2.0 / 3
  }

  /// The mean of e(t) over the bin of a mixture of the components.
  func density(_ cell: Int, weights: [Double]) -> Double { sum(densities, cell, weights) }

  /// E of the mixture.
  func share(_ cell: Int, weights: [Double]) -> Double {
    min(max(sum(shares, cell, weights), .leastNormalMagnitude), 1)
  }

  private func sum(_ values: [Double], _ cell: Int, _ weights: [Double]) -> Double {
    var sum = 0.0
    for k in components.indices where weights[k] > 0 { sum += weights[k] * values[cell * components.count + k] }
    return sum
  }
}
