internal import Glibc

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
  /// The longest first step in ln h, and by what each next one is shorter.
  private static let (longestStep, shortening) = (2.0, 0.9)
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
  /// Each step may be shorter than the one before, so that none goes to and fro about the maximum for ever.
  ///
  /// - Parameter start: Factors to begin with, of an earlier fit; without, those of the parents.
  /// - Complexity: O(4 · rows · steps).
  func factors(parentFactors: [Double], start: [Double]?, steps: Int) -> [Double] {
    let prior = spread(parentFactors)
    let want = sharesOut ? expected(prior) : []
    var factors = start ?? prior
    var longest = Self.longestStep
    for _ in 0..<steps {
      factors = stepped(factors, prior, longest: longest)
      longest *= Self.shortening
      if sharesOut { share(&factors, want: want, have: expected(factors)) }
    }
    return factors
  }

  /// One Newton step of every cell in ln h, at most `longest` either way.
  private func stepped(_ factors: [Double], _ prior: [Double], longest: Double) -> [Double] {
    let sums = sums(factors)
    let slopes = factors.indices.map { LevelSlope(factor: factors[$0], prior: max(prior[$0], 1e-3), sums, $0) }
    let lifts = sharesOut ? lifts(slopes) : [Double](repeating: 0, count: parentCells * PairKinds.folds)
    return factors.indices.map { place in
      let lift = lifts[parents[place / PairKinds.folds] * PairKinds.folds + place % PairKinds.folds]
      return Self.bounded(factors[place] * exp(slopes[place].step(lift: lift, longest: longest)))
    }
  }

  /// By cell of the level above: what is added to the surplus of its children, so that their steps together do not
  /// change what they expect.
  private func lifts(_ slopes: [LevelSlope]) -> [Double] {
    var sums = [SIMD2<Double>](repeating: .zero, count: parentCells * PairKinds.folds)
    for (place, slope) in slopes.enumerated() {
      let above = parents[place / PairKinds.folds] * PairKinds.folds + place % PairKinds.folds
      sums[above] += SIMD2(slope.surplus, 1) * (slope.expectedSlope / slope.closing)
    }
    return sums.map { $0[1] > 0 ? -$0[0] / $0[1] : 0 }
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

  /// The sums of `LevelSums` by cell and fold left out.
  private func sums(_ factors: [Double]) -> LevelSums {
    var sums = LevelSums(count: factors.count)
    let (n, g, q, starts) = (odds.counts, odds.after, odds.before, starts)
    for (group, places) in places.enumerated() {
      let h = Self.gathered(factors, places)
      var (found, foundSquares) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      var (expected, expectedSquares) = (found, found)
      for two in starts[group]..<starts[group + 1] {
        let (after, before) = (TwoShares(g[two], h), TwoShares(q[two], h))
        let common = 1 / (after.product * before.product)
        let (n0, n1) = (n[two][0], n[two][1])
        let (r0, r1) = (after.crossed0 * (before.product * common), after.crossed1 * (before.product * common))
        let (s0, s1) = (before.crossed0 * (after.product * common), before.crossed1 * (after.product * common))
        found += n0 * r0 + n1 * r1
        foundSquares += n0 * (r0 * r0) + n1 * (r1 * r1)
        expected += n0 * s0 + n1 * s1
        expectedSquares += n0 * (s0 * s0) + n1 * (s1 * s1)
      }
      Self.scatter(found * h, places, &sums.found)
      Self.scatter(foundSquares * h * h, places, &sums.foundSquares)
      Self.scatter(expected * h, places, &sums.expected)
      Self.scatter(expectedSquares * h * h, places, &sums.expectedSquares)
    }
    return sums
  }

  /// Σ n q h/(1 + q h), by cell of the level above and fold left out.
  private func expected(_ factors: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: parentCells * PairKinds.folds)
    let (n, q, starts) = (odds.counts, odds.before, starts)
    for (group, places) in places.enumerated() {
      let h = Self.gathered(factors, places)
      var sum = SIMD4<Double>.zero
      for two in starts[group]..<starts[group + 1] {
        let shares = TwoShares(q[two], h)
        sum += (n[two][0] * shares.crossed0 + n[two][1] * shares.crossed1) / shares.product
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

/// g₀/(1 + g₀ h) and g₁/(1 + g₁ h) of two rows for four h at once, with one denominator: each is its `crossed` over
/// `product`.
private struct TwoShares {
  let crossed0: SIMD4<Double>
  let crossed1: SIMD4<Double>
  let product: SIMD4<Double>

  @inline(__always)
  init(_ odds: SIMD2<Double>, _ h: SIMD4<Double>) {
    let (one, other) = (1 + odds[0] * h, 1 + odds[1] * h)
    crossed0 = odds[0] * other
    crossed1 = odds[1] * one
    product = one * other
  }
}
