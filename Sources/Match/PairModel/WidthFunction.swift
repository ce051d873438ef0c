/// ln L as a function of the amounts of some components, in units of `scale`, and of β, which is last.
///
/// The terms are held component by component in blocks of eight rows, those of the last block that are none with counts of 0.
struct WidthFunction: BoundedFunction {
  let lower: [Double]
  let upper: [Double]
  private let slopeSigma: Double
  /// −d ln p/d amount of the exponential priors of the components.
  private let rarities: [Double]
  private let parameters: Int
  private let blocks: Int
  private let counts: [SIMD8<Double>]
  /// Odds at t for amounts of 1 and the bend of chance, parameter by parameter.
  private let after: [SIMD8<Double>]
  /// Odds before t is known likewise, and 0 for the bend.
  private let before: [SIMD8<Double>]

  /// Below this the density of chance pairs would not be positive.
  private static let least = SIMD8(repeating: 1e-9)

  /// - Complexity: O(rows · components).
  init(
    terms: WidthTerms, used: [Int], scale: Double, rarities: [Double], slopeSigma: Double,
    slopeRange: ClosedRange<Double>
  ) {
    lower = used.map { _ in 0 } + [slopeRange.lowerBound]
    upper = used.map { _ in CounterpartPosterior.mostOdds / scale } + [slopeRange.upperBound]
    self.slopeSigma = slopeSigma
    self.rarities = rarities
    parameters = used.count + 1
    let rows = terms.counts.count
    blocks = (rows + 7) / 8
    func column(_ value: (Int) -> Double) -> [SIMD8<Double>] {
      (0..<(rows + 7) / 8).map { block in
        var lanes = SIMD8<Double>.zero
        for lane in 0..<min(8, rows - 8 * block) { lanes[lane] = value(8 * block + lane) }
        return lanes
      }
    }
    counts = column { terms.counts[$0] }
    after =
      used.flatMap { k in column { scale * terms.after[$0 * terms.components + k] } } + column { terms.slopes[$0] }
    before = used.flatMap { k in column { scale * terms.before[$0 * terms.components + k] } } + column { _ in 0 }
  }

  func value(at point: [Double]) -> Double {
    var sum = SIMD8<Double>.zero
    for block in 0..<blocks {
      let odds = odds(block, point)
      sum.addProduct(counts[block], logarithm(odds.after / odds.before))
    }
    return sum.sum() + prior(point).value - rarity(point)
  }

  func derivatives(at point: [Double]) -> Derivatives {
    var value = SIMD8<Double>.zero
    var gradient = [SIMD8<Double>](repeating: .zero, count: parameters)
    var hessian = [SIMD8<Double>](repeating: .zero, count: parameters * parameters)
    var (up, down) = (gradient, gradient)
    for block in 0..<blocks {
      let odds = odds(block, point)
      let count = counts[block]
      value.addProduct(count, logarithm(odds.after / odds.before))
      let (inverseAfter, inverseBefore) = (1 / odds.after, 1 / odds.before)
      for i in 0..<parameters {
        up[i] = after[i * blocks + block] * inverseAfter
        down[i] = before[i * blocks + block] * inverseBefore
        gradient[i].addProduct(count, up[i] - down[i])
        let (weightedUp, weightedDown) = (count * up[i], count * down[i])
        for j in 0...i { hessian[i * parameters + j] += weightedDown * down[j] - weightedUp * up[j] }
      }
    }
    return derivatives(value, gradient, hessian, point)
  }

  /// c + u e and 1 + u E/T of the rows of a block.
  @inline(__always)
  private func odds(_ block: Int, _ point: [Double]) -> (after: SIMD8<Double>, before: SIMD8<Double>) {
    var (up, down) = (SIMD8<Double>(repeating: 1), SIMD8<Double>(repeating: 1))
    for i in 0..<parameters {
      up.addProduct(after[i * blocks + block], SIMD8(repeating: point[i]))
      down.addProduct(before[i * blocks + block], SIMD8(repeating: point[i]))
    }
    return (pointwiseMax(up, Self.least), down)
  }

  /// That of β.
  private func prior(_ point: [Double]) -> (value: Double, slope: Double, curvature: Double) {
    let (slope, variance) = (point[parameters - 1], slopeSigma * slopeSigma)
    return (-slope * slope / (2 * variance), -slope / variance, -1 / variance)
  }

  /// −ln of the priors of the amounts.
  private func rarity(_ point: [Double]) -> Double {
    zip(rarities, point).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func derivatives(
    _ value: SIMD8<Double>, _ gradient: [SIMD8<Double>], _ hessian: [SIMD8<Double>], _ point: [Double]
  ) -> Derivatives {
    let prior = prior(point)
    var result = Derivatives(dimension: parameters)
    result.value = value.sum() + prior.value - rarity(point)
    for i in 0..<parameters {
      result.gradient[i] = gradient[i].sum() - (i < rarities.count ? rarities[i] : 0)
      for j in 0...i {
        result.hessian[i * parameters + j] = hessian[i * parameters + j].sum()
        result.hessian[j * parameters + i] = result.hessian[i * parameters + j]
      }
    }
    result.gradient[parameters - 1] += prior.slope
    result.hessian[parameters * parameters - 1] += prior.curvature
    return result
  }
}
