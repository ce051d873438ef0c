internal import Glibc

/// Finds how much each level of classes is worth: the weights α of the levels that make pairs they have not seen most
/// likely.
///
/// With h = Σ α_l h_l, h_l of a pair from the fit without its fold, α on the simplex maximises
///
///     Σ n [ln(1 + h g) − ln(1 + h q)] + 2 ln α₀ + 0.01 Σ ln α_l.
///
/// Level 0 is h = 1, "magnitudes say nothing"; it has the prior. Pairs of a cell and fold have one h, so that a step of
/// Newton's method is a sum over groups of pairs.
struct LevelWeights {
  private static let nothingPrior = 2.0
  private static let barrier = 0.01
  /// Pairs whose odds stay below are left out: they say nothing.
  private static let leastOdds = 1e-3

  private let levels: Int
  /// By group, then level: h_l.
  private let factors: [Double]
  private var starts = [0]
  /// Columns of rows, to a multiple of four with rows that stand for no pair.
  private var counts: [Double] = []
  private var after: [Double] = []
  private var before: [Double] = []

  /// The pairs, and the factors of each group at each level: element group · levels + level.
  init(_ odds: GroupedOdds, factors: [Double], levels: Int) {
    (self.levels, self.factors) = (levels, factors)
    for group in odds.keys.indices {
      let largest = factors[group * levels..<(group + 1) * levels].max() ?? 1
      for two in odds.starts[group]..<odds.starts[group + 1] {
        let heard = (odds.after[two] + odds.before[two]) * largest
        for row in 0..<2 where heard[row] > Self.leastOdds { add(odds, two, row) }
      }
      starts.append(counts.count)
    }
    while counts.count % 4 != 0 {
      counts.append(0)
      after.append(0)
      before.append(0)
    }
  }

  private mutating func add(_ odds: GroupedOdds, _ two: Int, _ row: Int) {
    counts.append(odds.counts[two][row])
    after.append(odds.after[two][row])
    before.append(odds.before[two][row])
  }

  /// α, by level; positive, of sum 1.
  ///
  /// - Complexity: O(rows) for each of at most 40 steps.
  func best() -> [Double] {
    var weights = [Double](repeating: 1 / Double(levels), count: levels)
    guard levels > 1 else { return weights }
    var height = value(weights)
    for _ in 0..<40 {
      guard let (next, reached, moved) = climbed(weights, height) else { break }
      (weights, height) = (next, reached)
      if moved < 1e-5 { break }
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// One step uphill: the weights, what is reached, and how far they moved; nil at the top.
  private func climbed(_ weights: [Double], _ height: Double) -> ([Double], Double, Double)? {
    let step = step(weights)
    guard step.allSatisfy(\.isFinite) else { return nil }
    var length = 1.0
    for (weight, change) in zip(weights, step) where change < 0 { length = min(length, 0.95 * weight / -change) }
    while length > 1e-6 {
      let next = zip(weights, step).map { $0 + length * $1 }
      let reached = value(next)
      if reached >= height { return (next, reached, length * step.reduce(0) { max($0, abs($1)) }) }
      length /= 2
    }
    return nil
  }

  /// Newton's step on the plane Σ α = 1, with curvature lifted where there is too little.
  private func step(_ weights: [Double]) -> [Double] {
    var (slope, curvature) = slopes(weights)
    curvature = curvature.lifted(share: 1e-3)
    for level in 0..<levels {
      let prior = Self.barrier + (level == 0 ? Self.nothingPrior : 0)
      slope[level] += prior / weights[level]
      curvature[level, level] += prior / (weights[level] * weights[level])
    }
    let free = curvature.solved(slope)
    let ones = curvature.solved([Double](repeating: 1, count: levels))
    let pull = free.reduce(0, +) / ones.reduce(0, +)
    return zip(free, ones).map { $0 - pull * $1 }
  }

  /// First derivatives of ln L, and the second with sign changed.
  private func slopes(_ weights: [Double]) -> ([Double], SmallMatrix) {
    var slope = [Double](repeating: 0, count: levels)
    var curvature = SmallMatrix(size: levels)
    for group in 0..<starts.count - 1 where starts[group] < starts[group + 1] {
      let h = mixed(group, weights)
      var (first, second) = (0.0, 0.0)
      for row in starts[group]..<starts[group + 1] {
        let (one, other) = (1 + after[row] * h, 1 + before[row] * h)
        let common = 1 / (one * other)
        let (r, p) = (after[row] * (other * common), before[row] * (one * common))
        first += counts[row] * (r - p)
        second += counts[row] * (r * r - p * p)
      }
      for level in 0..<levels { slope[level] += first * factors[group * levels + level] }
      curvature.add(second, factors, at: group * levels)
    }
    curvature.mirror()
    return (slope, curvature)
  }

  /// What is maximised.
  private func value(_ weights: [Double]) -> Double {
    var sum = Self.nothingPrior * log(weights[0] + 1e-12)
    for weight in weights { sum += Self.barrier * log(weight + 1e-12) }
    let h = rowFactors(weights)
    for row in stride(from: 0, to: h.count, by: 4) {
      let factor = Self.four(h, row)
      let ratio = (1 + Self.four(after, row) * factor) / (1 + Self.four(before, row) * factor)
      let n = Self.four(counts, row)
      // Pairs of one number share a logarithm; the product is below 10¹⁸⁰.
      if n == SIMD4(repeating: n[0]) {
        sum += n[0] * log(ratio[0] * ratio[1] * (ratio[2] * ratio[3]))
      } else {
        sum += (n * logarithm(ratio)).sum()
      }
    }
    return sum
  }

  /// By row: h.
  private func rowFactors(_ weights: [Double]) -> [Double] {
    var factors = [Double](repeating: 1, count: counts.count)
    for group in 0..<starts.count - 1 where starts[group] < starts[group + 1] {
      let h = mixed(group, weights)
      for row in starts[group]..<starts[group + 1] { factors[row] = h }
    }
    return factors
  }

  private static func four(_ column: [Double], _ row: Int) -> SIMD4<Double> {
    SIMD4(column[row], column[row + 1], column[row + 2], column[row + 3])
  }

  private func mixed(_ group: Int, _ weights: [Double]) -> Double {
    var sum = 0.0
    for level in 0..<levels { sum += weights[level] * factors[group * levels + level] }
    return sum
  }
}
