internal import Glibc

/// What the likelihood of a table is made of, for given components and γ: one line of numbers for each row.
struct WidthTerms {
  /// Odds after and before t is known.
  struct Odds {
    /// u e(t) / c(t).
    var after: Double
    /// u E / T.
    var before: Double
  }

  let components: Int
  let counts: [Double]
  /// d eₖ(t), row by row: the odds at t for an amount of 1.
  let after: [Double]
  /// d Eₖ/T, row by row.
  let before: [Double]
  /// √(t/T) − 2/3 at the middle of the bin.
  let slopes: [Double]

  init(_ table: PairTable, exponent: Double) {
    components = table.cells.components.count
    var (counts, slopes): ([Double], [Double]) = ([], [])
    var (after, before): ([Double], [Double]) = ([], [])
    let cells = table.cells
    let bends = (0..<cells.count).map { cells.bend($0) }
    after.reserveCapacity(table.rows.count * components)
    before.reserveCapacity(table.rows.count * components)
    for row in table.rows {
      let base = table.baseOdds(row) * exp(-exponent * row.logDensity)
      let limit = cells.cells[row.cell].limit
      counts.append(row.count)
      slopes.append(bends[row.cell])
      for k in row.cell * components..<(row.cell + 1) * components {
        after.append(base * cells.densities[k])
        before.append(base * cells.shares[k] / limit)
      }
    }
    (self.counts, self.slopes, self.after, self.before) = (counts, slopes, after, before)
  }

  private init(components: Int, counts: [Double], after: [Double], before: [Double], slopes: [Double]) {
    (self.components, self.counts, self.after, self.before, self.slopes) = (components, counts, after, before, slopes)
  }

  /// All components in given shares as one.
  func mixed(_ shares: [Double]) -> WidthTerms {
    func mixture(_ values: [Double]) -> [Double] {
      counts.indices.map { row in
        (0..<components).reduce(0) { $0 + shares[$1] * values[row * components + $1] }
      }
    }
    return WidthTerms(components: 1, counts: counts, after: mixture(after), before: mixture(before), slopes: slopes)
  }

  /// The odds of every row.
  /// - Parameters:
  ///   - amounts: θ wₖ of each range of spreads.
  ///   - ranges: The range of each row.
  func odds(amounts: [[Double]], ranges: [Int], slope: Double) -> [Odds] {
    counts.indices.map { row in
      let amounts = amounts[ranges[row]]
      var odds = Odds(after: 0, before: 0)
      for k in 0..<components {
        odds.after += amounts[k] * after[row * components + k]
        odds.before += amounts[k] * before[row * components + k]
      }
      odds.after /= 1 + slope * slopes[row]
      return odds
    }
  }
}
