/// G of the offset of a pair, as ratios: with the laws of both sources, and with one of them replaced by that without bright
/// neighbours. All are sums over the same Gaussians, whose exponentials are computed once.
struct CleanDensities {
  private let inner: PerturbationGrid.Mixtures
  private let outer: PerturbationGrid.Mixtures
  private let innerVariances: MixtureValues
  private let outerVariances: MixtureValues
  /// The source with fewer Gaussians is the outer loop.
  private let isAOuter: Bool
  private let outerPlaces: ClosedRange<Int>
  private let innerPlaces: ClosedRange<Int>
  /// s²/2, and its quotient by the largest variance: exponents are relative to that.
  private let halfSquare: Double
  private let least: Double

  private var all = SIMD8<Double>.zero
  private var inner10 = SIMD8<Double>.zero
  private var inner1 = SIMD8<Double>.zero
  private var outer10 = SIMD8<Double>.zero
  private var outer1 = SIMD8<Double>.zero

  /// - Parameters:
  ///   - mostVarianceArcsec2: The largest variance that will be added.
  init(
    _ pair: PerturbedPair, a: PerturbationGrid.Mixtures, b: PerturbationGrid.Mixtures, separationArcsec: Double,
    mostVarianceArcsec2: Double
  ) {
    let (placesA, placesB) = (a.places, b.places)
    isAOuter = placesA.count < placesB.count
    (outer, outerVariances, outerPlaces) = isAOuter ? (a, pair.variancesA, placesA) : (b, pair.variancesB, placesB)
    (inner, innerVariances, innerPlaces) = isAOuter ? (b, pair.variancesB, placesB) : (a, pair.variancesA, placesA)
    halfSquare = PerturbedPair.halfSquare(separationArcsec)
    least =
      halfSquare
      / (max(mostVarianceArcsec2, PerturbedPair.leastVariance) + outerVariances[outerPlaces.upperBound]
        + innerVariances[innerPlaces.upperBound])
  }

  /// Adds w N(0, v) convolved with the laws.
  /// - Complexity: O(Gaussians of a · Gaussians of b).
  mutating func add(weight: Double, varianceArcsec2: Double) {
    let variance = varianceArcsec2 > PerturbedPair.leastVariance ? varianceArcsec2 : PerturbedPair.leastVariance
    for place in outerPlaces {
      let base = variance + outerVariances[place]
      if innerPlaces.lowerBound < 8 {
        add(
          terms(base + innerVariances.low), weight, place, inner.law.weights.low, inner.without10.weights.low,
          inner.without1.weights.low)
      }
      if innerPlaces.upperBound >= 8 {
        add(
          terms(base + innerVariances.high), weight, place, inner.law.weights.high, inner.without10.weights.high,
          inner.without1.weights.high)
      }
    }
  }

  /// e^(−χ²/2)/v of eight Gaussians.
  @inline(__always)
  private func terms(_ variances: SIMD8<Double>) -> SIMD8<Double> {
    let inverse = 1 / variances
    return inverse * Exponentials.nonPositive(least - halfSquare * inverse)
  }

  @inline(__always)
  private mutating func add(
    _ terms: SIMD8<Double>, _ weight: Double, _ place: Int, _ law: SIMD8<Double>, _ without10: SIMD8<Double>,
    _ without1: SIMD8<Double>
  ) {
    let (ofAll, share) = (terms * law, weight * outer.law.weights[place])
    all.addProduct(ofAll, SIMD8(repeating: share))
    inner10.addProduct(terms * without10, SIMD8(repeating: share))
    inner1.addProduct(terms * without1, SIMD8(repeating: share))
    outer10.addProduct(ofAll, SIMD8(repeating: weight * outer.without10.weights[place]))
    outer1.addProduct(ofAll, SIMD8(repeating: weight * outer.without1.weights[place]))
  }

  /// 1 − G[without]/G of each law.
  var posterior: ContaminationPosterior {
    let total = all.sum()
    func contaminated(_ clean: SIMD8<Double>) -> Double { total > 0 ? min(max(1 - clean.sum() / total, 0), 1) : 0 }
    let ofInner = (above10: contaminated(inner10), above1: contaminated(inner1))
    let ofOuter = (above10: contaminated(outer10), above1: contaminated(outer1))
    let (a, b) = isAOuter ? (ofOuter, ofInner) : (ofInner, ofOuter)
    return ContaminationPosterior(a10: a.above10, a1: a.above1, b10: b.above10, b1: b.above1)
  }
}

extension PerturbationGrid.Mixtures {
  /// The Gaussians that any of them has.
  fileprivate var places: ClosedRange<Int> {
    let first = min(law.first, without10.first, without1.first)
    return Int(first)...Int(max(law.last, without10.last, without1.last, first))
  }
}
