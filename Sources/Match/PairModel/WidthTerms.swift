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

  init(_ table: PairTable, _ components: [WidthComponent], exponent: Double) {
    self.components = components.count
    var (counts, slopes): ([Double], [Double]) = ([], [])
    var (after, before): ([Double], [Double]) = ([], [])
    for row in table.rows {
      let base = table.baseOdds(row) * exp(-exponent * row.logDensity)
      counts.append(row.count)
      slopes.append(min((row.low + row.high) / 2 / row.limit, 1).squareRoot() - 2.0 / 3)
      for component in components {
        let width = component.width(spreadArcsec2: row.spreadArcsec2)
        after.append(base * WidthComponent.meanDensity(from: row.low, to: row.high, width: width))
        before.append(base * WidthComponent.share(below: row.limit, width: width) / row.limit)
      }
    }
    (self.counts, self.slopes, self.after, self.before) = (counts, slopes, after, before)
  }

  /// The odds of every row.
  func odds(amounts: [Double], slope: Double) -> [Odds] {
    counts.indices.map { row in
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

/// ln L as a function of the amounts of some components, in units of `scale`, and of β, which is last.
struct WidthFunction: BoundedFunction {
  let terms: WidthTerms
  let used: [Int]
  let scale: Double
  let slopeSigma: Double
  let slopeRange: ClosedRange<Double>

  var lower: [Double] { used.map { _ in 0 } + [slopeRange.lowerBound] }
  var upper: [Double] { used.map { _ in CounterpartPosterior.mostOdds / scale } + [slopeRange.upperBound] }

  /// Below this the density of chance pairs would not be positive.
  private static let least = 1e-9

  func value(at point: [Double]) -> Double {
    let slope = point[used.count]
    var sum = -slope * slope / (2 * slopeSigma * slopeSigma)
    for row in terms.counts.indices {
      var (after, before) = (1 + slope * terms.slopes[row], 1.0)
      for (place, k) in used.enumerated() {
        after += point[place] * scale * terms.after[row * terms.components + k]
        before += point[place] * scale * terms.before[row * terms.components + k]
      }
      sum += terms.counts[row] * (log(max(after, Self.least)) - log(before))
    }
    return sum
  }

  func derivatives(at point: [Double]) -> Derivatives {
    let dimension = used.count + 1
    let slope = point[used.count]
    let variance = slopeSigma * slopeSigma
    var result = Derivatives(dimension: dimension)
    result.value = -slope * slope / (2 * variance)
    result.gradient[used.count] = -slope / variance
    result.hessian[dimension * dimension - 1] = -1 / variance
    var up = [Double](repeating: 0, count: dimension)
    var down = [Double](repeating: 0, count: dimension)
    for row in terms.counts.indices {
      let count = terms.counts[row]
      var (after, before) = (1 + slope * terms.slopes[row], 1.0)
      for (place, k) in used.enumerated() {
        up[place] = scale * terms.after[row * terms.components + k]
        down[place] = scale * terms.before[row * terms.components + k]
        after += point[place] * up[place]
        before += point[place] * down[place]
      }
      after = max(after, Self.least)
      (up[used.count], down[used.count]) = (terms.slopes[row], 0)
      result.value += count * (log(after) - log(before))
      for i in 0..<dimension {
        let (ui, di) = (up[i] / after, down[i] / before)
        result.gradient[i] += count * (ui - di)
        for j in 0...i {
          result.hessian[i * dimension + j] -= count * (ui * up[j] / after - di * down[j] / before)
        }
      }
    }
    for i in 0..<dimension {
      for j in 0..<i { result.hessian[j * dimension + i] = result.hessian[i * dimension + j] }
    }
    return result
  }
}
