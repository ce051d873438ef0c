/// The factors x of all blocks of errors of both sides, fitted together.
///
/// They maximise Σ n [ln(1 + x_a x_b g) − ln(1 + x_a x_b q)] with gamma priors of shape ½; then each is replaced by the
/// mean of its posterior with those of the other side held, so that a block without counterparts is not credited with
/// half of its noise.
struct ErrorFactors {
  /// x by block of a.
  let a: [Double]
  /// x by block of b.
  let b: [Double]

  private static let priorShape = 0.5
  private static let steps = 60

  /// Fits pairs by block of a · `blocksB` + block of b.
  ///
  /// - Complexity: O(60 · rows) quotients and O(66 · rows) logarithms.
  init(_ odds: GroupedOdds, blocksA: Int, blocksB: Int) {
    let (xA, xB) = Self.climbed(odds, blocksA, blocksB)
    (a, b) = Self.means(odds, xA, xB)
  }

  /// x of each block by steps x ← √(x · x′), x′/x = (½ + Σ r)/(½ x + Σ p), on both sides at once.
  private static func climbed(_ odds: GroupedOdds, _ countA: Int, _ countB: Int) -> ([Double], [Double]) {
    var xA = [Double](repeating: 1, count: countA)
    var xB = [Double](repeating: 1, count: countB)
    for _ in 0..<steps {
      let (ratiosA, ratiosB) = ratios(odds, xA, xB)
      for block in 0..<countA { xA[block] = bounded(xA[block] * ratiosA[block].squareRoot()) }
      for block in 0..<countB { xB[block] = bounded(xB[block] * ratiosB[block].squareRoot()) }
    }
    return (xA, xB)
  }

  /// x′/x of each block: (½ + counterparts found)/(½ x + those expected).
  private static func ratios(_ odds: GroupedOdds, _ xA: [Double], _ xB: [Double]) -> ([Double], [Double]) {
    var foundA = [Double](repeating: priorShape, count: xA.count)
    var foundB = [Double](repeating: priorShape, count: xB.count)
    var (expectedA, expectedB) = (xA.map { $0 * priorShape }, xB.map { $0 * priorShape })
    for group in odds.keys.indices {
      let (blockA, blockB) = odds.keys[group].quotientAndRemainder(dividingBy: xB.count)
      let (r, p) = odds.expected(group, factor: xA[blockA] * xB[blockB])
      foundA[blockA] += r
      foundB[blockB] += r
      expectedA[blockA] += p
      expectedB[blockB] += p
    }
    return (zip(foundA, expectedA).map { $0 / $1 }, zip(foundB, expectedB).map { $0 / $1 })
  }

  private static func bounded(_ factor: Double) -> Double {
    min(max(factor, LevelFit.range.lowerBound), LevelFit.range.upperBound)
  }

  /// The mean of each x over its posterior, all others held.
  private static func means(_ odds: GroupedOdds, _ xA: [Double], _ xB: [Double]) -> ([Double], [Double]) {
    var tableA = [SIMD4<Double>](repeating: .zero, count: xA.count * FactorGrid.vectors)
    var tableB = [SIMD4<Double>](repeating: .zero, count: xB.count * FactorGrid.vectors)
    for group in odds.keys.indices {
      let (blockA, blockB) = odds.keys[group].quotientAndRemainder(dividingBy: xB.count)
      odds.addLikelihood(group, factor: xB[blockB], to: &tableA, at: blockA * FactorGrid.vectors)
      odds.addLikelihood(group, factor: xA[blockA], to: &tableB, at: blockB * FactorGrid.vectors)
    }
    return (
      FactorGrid.tables(tableA).map(FactorGrid.posteriorMean),
      FactorGrid.tables(tableB).map(FactorGrid.posteriorMean)
    )
  }
}

extension GroupedOdds {
  /// Σ n h g/(1 + h g) and Σ n h q/(1 + h q) over a group: counterparts found, and expected.
  fileprivate func expected(_ group: Int, factor h: Double) -> (after: Double, before: Double) {
    var (found, expected) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
    for two in starts[group]..<starts[group + 1] {
      let (one, other) = (1 + after[two] * h, 1 + before[two] * h)
      let common = counts[two] / (one * other)
      found += after[two] * (other * common)
      expected += before[two] * (one * common)
    }
    return (found.sum() * h, expected.sum() * h)
  }

  /// Adds Σ n [ln(1 + x h g) − ln(1 + x h q)] over a group at each x of the grid.
  fileprivate func addLikelihood(_ group: Int, factor h: Double, to table: inout [SIMD4<Double>], at start: Int) {
    let values = FactorGrid.values
    for two in starts[group]..<starts[group + 1] {
      let (n, g, q) = (counts[two], after[two] * h, before[two] * h)
      // A row that stands for no pair has a ratio of 1, and rows of one number share a logarithm.
      let alike = n[1] == n[0] || n[1] == 0
      for (point, x) in values.enumerated() {
        let (first, second) = ((1 + g[0] * x) / (1 + q[0] * x), (1 + g[1] * x) / (1 + q[1] * x))
        let gain = alike ? n[0] * logarithm(first * second) : n[0] * logarithm(first) + n[1] * logarithm(second)
        table[start + point] += gain
      }
    }
  }
}
