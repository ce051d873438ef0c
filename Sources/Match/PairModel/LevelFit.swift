/// Fits the factors h of the cells of one level of classes, once without each of the folds.
///
/// The h of a cell maximises Σ n [ln(1 + h g) − ln(1 + h q)] over its pairs outside the fold, with a gamma prior of
/// shape ½ around the h of its parent. Below the first level what a parent expects, Σ n q h/(1 + q h), is shared out
/// among its children: a child with more leaves less to the others, so that noise in many empty cells does not add up.
///
/// All tables are by cell and fold left out: element cell · 5 + fold. The pairs of a fold take part in the fits of the
/// four others, and are one group: its rows are read once for all four.
struct LevelFit {
  /// Shape of the gamma prior.
  static let priorShape = 0.5
  /// The range of a factor.
  static let range = 1e-15...1e15

  /// Pairs by fold and cell of the finest level.
  private let odds: GroupedOdds
  /// By group of pairs of this level, of one fold and cell: its first two rows; one more at the end.
  private var starts: [Int] = []
  /// By group: where the four fits that it takes part in have its cell.
  private var places: [SIMD4<Int>] = []
  /// Where they have the cell of the level above.
  private var parentPlaces: [SIMD4<Int>] = []
  /// By cell of this level: the cell of the level above.
  private let parents: [Int]
  private let parentCells: Int
  /// Whether what the parents expect is shared out.
  private let sharesOut: Bool

  /// Prepares a level, 1 to the finest, for pairs by key fold · cells + place of the cell in the order of cells.
  init(_ odds: GroupedOdds, _ levels: ClassLevels, level: Int) {
    self.odds = odds
    parents = levels.parents(of: level, at: level - 1)
    parentCells = levels.cells(level - 1)
    sharesOut = level > 1
    join(levels, level: level)
  }

  /// Joins the groups of the finest level that lie in one cell of this one.
  private mutating func join(_ levels: ClassLevels, level: Int) {
    let cells = levels.parents(of: levels.finest, at: level)
    var last: (fold: Int, cell: Int) = (-1, -1)
    for (group, key) in odds.keys.enumerated() {
      let (fold, place) = key.quotientAndRemainder(dividingBy: levels.order.count)
      let cell = cells[levels.order[place]]
      if last == (fold, cell) { continue }
      last = (fold, cell)
      starts.append(odds.starts[group])
      places.append(Self.places(cell: cell, fold: fold))
      parentPlaces.append(Self.places(cell: parents[cell], fold: fold))
    }
    starts.append(odds.counts.count)
  }

  /// Factors of this level, given those of the level above.
  ///
  /// - Parameter start: Factors to begin with, of an earlier fit; without, those of the parents.
  /// - Complexity: O(4 · rows · steps).
  func factors(parentFactors: [Double], start: [Double]?, steps: Int) -> [Double] {
    let prior = spread(parentFactors)
    let want = sharesOut ? expected(prior) : []
    var factors = start ?? prior
    for _ in 0..<steps {
      factors = stepped(factors, prior)
      if sharesOut { share(&factors, want: want, have: expected(factors)) }
    }
    return factors
  }

  /// h ← (½ + Σ n g h/(1 + g h)) / (½/parent + Σ n q/(1 + q h)).
  private func stepped(_ factors: [Double], _ prior: [Double]) -> [Double] {
    let (found, credit) = sums(factors)
    return factors.indices.map { place in
      Self.bounded(
        (Self.priorShape + factors[place] * found[place])
          / (Self.priorShape / max(prior[place], 1e-3) + credit[place]))
    }
  }

  /// Scales the children of each parent so that they expect as much as it does.
  private func share(_ factors: inout [Double], want: [Double], have: [Double]) {
    for (cell, parent) in parents.enumerated() {
      for fold in 0..<PairKinds.folds {
        let (place, above) = (cell * PairKinds.folds + fold, parent * PairKinds.folds + fold)
        factors[place] = Self.bounded(factors[place] * (want[above] + 1e-9) / (have[above] + 1e-9))
      }
    }
  }

  /// By cell of this level: what holds of the parent.
  private func spread(_ table: [Double]) -> [Double] {
    parents.flatMap { parent in (0..<PairKinds.folds).map { table[parent * PairKinds.folds + $0] } }
  }

  /// Σ n g/(1 + g h) and Σ n q/(1 + q h), by cell and fold left out.
  private func sums(_ factors: [Double]) -> (after: [Double], before: [Double]) {
    var after = [Double](repeating: 0, count: factors.count)
    var before = after
    let (n, g, q, starts) = (odds.counts, odds.after, odds.before, starts)
    for (group, places) in places.enumerated() {
      let h = Self.gathered(factors, places)
      var (sumAfter, sumBefore) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      for two in starts[group]..<starts[group + 1] {
        let (afterTwo, beforeTwo) = (TwoOdds(n[two], g[two], h), TwoOdds(n[two], q[two], h))
        let common = 1 / (afterTwo.product * beforeTwo.product)
        sumAfter += afterTwo.crossed * (beforeTwo.product * common)
        sumBefore += beforeTwo.crossed * (afterTwo.product * common)
      }
      Self.scatter(sumAfter, places, &after)
      Self.scatter(sumBefore, places, &before)
    }
    return (after, before)
  }

  /// Σ n q h/(1 + q h), by cell of the level above and fold left out.
  private func expected(_ factors: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: parentCells * PairKinds.folds)
    let (n, q, starts) = (odds.counts, odds.before, starts)
    for (group, places) in places.enumerated() {
      let h = Self.gathered(factors, places)
      var sum = SIMD4<Double>.zero
      for two in starts[group]..<starts[group + 1] {
        let beforeTwo = TwoOdds(n[two], q[two], h)
        sum += beforeTwo.crossed / beforeTwo.product
      }
      Self.scatter(sum * h, parentPlaces[group], &sums)
    }
    return sums
  }

  /// Where the four fits that a group takes part in have its cell.
  private static func places(cell: Int, fold: Int) -> SIMD4<Int> {
    let others = SIMD4((fold + 1) % 5, (fold + 2) % 5, (fold + 3) % 5, (fold + 4) % 5)
    return others &+ SIMD4(repeating: cell * PairKinds.folds)
  }

  @inline(__always)
  private static func gathered(_ table: [Double], _ places: SIMD4<Int>) -> SIMD4<Double> {
    SIMD4(table[places[0]], table[places[1]], table[places[2]], table[places[3]])
  }

  @inline(__always)
  private static func scatter(_ values: SIMD4<Double>, _ places: SIMD4<Int>, _ table: inout [Double]) {
    table[places[0]] += values[0]
    table[places[1]] += values[1]
    table[places[2]] += values[2]
    table[places[3]] += values[3]
  }

  private static func bounded(_ factor: Double) -> Double {
    min(max(factor, range.lowerBound), range.upperBound)
  }
}

/// n₀ g₀/(1 + g₀ h) + n₁ g₁/(1 + g₁ h) of two rows as one quotient, for four h at once: `crossed` over `product`.
private struct TwoOdds {
  let crossed: SIMD4<Double>
  let product: SIMD4<Double>

  @inline(__always)
  init(_ counts: SIMD2<Double>, _ odds: SIMD2<Double>, _ h: SIMD4<Double>) {
    let weighted = counts * odds
    let (one, other) = (1 + odds[0] * h, 1 + odds[1] * h)
    crossed = weighted[0] * other + weighted[1] * one
    product = one * other
  }
}
