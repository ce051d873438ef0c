import Glibc

/// The maximum of Σ n ln(s a + g b) − (s a + g b) over s, g ≥ 0.
struct TwoFactorFit {
  private let counts: [Double]
  private let first: [Double]
  private let second: [Double]
  private(set) var factors = SIMD2<Double>(0, 0)

  /// Bins in which the models predict nothing say nothing, and are left out.
  init(counts: [Double], first: [Double], second: [Double]) {
    let used = counts.indices.filter { first[$0] + second[$0] > 0 }
    self.counts = used.map { counts[$0] }
    self.first = used.map { first[$0] }
    self.second = used.map { second[$0] }
    factors = solve()
  }

  /// How many bins are used.
  var bins: Int { counts.count }

  private var sums: SIMD2<Double> { SIMD2(first.reduce(0, +), second.reduce(0, +)) }

  private func solve() -> SIMD2<Double> {
    let total = counts.reduce(0, +)
    let sums = sums
    guard total > 0 else { return SIMD2(0, 0) }
    let onlyFirst = SIMD2(sums.x > 0 ? total / sums.x : 0, 0)
    let onlySecond = SIMD2(0, sums.y > 0 ? total / sums.y : 0)
    if sums.y <= 0 || (sums.x > 0 && gradient(onlyFirst).y <= 0) { return onlyFirst }
    if sums.x <= 0 || gradient(onlySecond).x <= 0 { return onlySecond }
    return inside(from: SIMD2(onlyFirst.x / 2, onlySecond.y / 2))
  }

  /// Newton's method, held inside and to steps that climb; ln L is concave.
  private func inside(from start: SIMD2<Double>) -> SIMD2<Double> {
    var place = start
    var height = logLikelihood(place)
    for _ in 0..<200 {
      let slope = gradient(place)
      let bend = information(place, observed: true)
      let determinant = bend.0 * bend.2 - bend.1 * bend.1
      var step = SIMD2(bend.2 * slope.x - bend.1 * slope.y, bend.0 * slope.y - bend.1 * slope.x) / determinant
      if !(step.x.isFinite && step.y.isFinite) || determinant <= 0 { step = slope * place / sums }
      var length = 1.0
      for k in 0..<2 where step[k] < 0 { length = min(length, 0.9 * place[k] / -step[k]) }
      var next = place + step * length
      while logLikelihood(next) < height, length > 1e-12 {
        length /= 2
        next = place + step * length
      }
      let moved = max(abs(next.x - place.x) / place.x, abs(next.y - place.y) / place.y)
      guard logLikelihood(next) >= height else { break }
      place = next
      height = logLikelihood(place)
      if moved < 1e-13 { break }
    }
    return place
  }

  /// ln L without the term that depends on the counts alone.
  func logLikelihood(_ f: SIMD2<Double>) -> Double {
    var sum = 0.0
    for i in counts.indices {
      let expected = f.x * first[i] + f.y * second[i]
      if counts[i] > 0 { sum += counts[i] * log(expected) }
      sum -= expected
    }
    return sum
  }

  private func gradient(_ f: SIMD2<Double>) -> SIMD2<Double> {
    var sum = -sums
    for i in counts.indices where counts[i] > 0 {
      let expected = f.x * first[i] + f.y * second[i]
      sum += SIMD2(first[i], second[i]) * (counts[i] / expected)
    }
    return sum
  }

  /// Minus the second derivatives (ss, sg, gg), of these counts or of those expected.
  private func information(_ f: SIMD2<Double>, observed: Bool) -> (Double, Double, Double) {
    var sum = (0.0, 0.0, 0.0)
    for i in counts.indices {
      let expected = f.x * first[i] + f.y * second[i]
      guard expected > 0 else { continue }
      let weight = observed ? counts[i] / (expected * expected) : 1 / expected
      sum.0 += weight * first[i] * first[i]
      sum.1 += weight * first[i] * second[i]
      sum.2 += weight * second[i] * second[i]
    }
    return sum
  }

  /// Standard errors of both factors; infinite if the counts do not tell. Of a factor that is 0: where ln L has fallen
  /// by ½.
  var errors: SIMD2<Double> {
    let bend = information(factors, observed: false)
    if factors.x > 0, factors.y > 0 {
      let determinant = bend.0 * bend.2 - bend.1 * bend.1
      guard determinant > 1e-12 * bend.0 * bend.2 else { return SIMD2(.infinity, .infinity) }
      return SIMD2((bend.2 / determinant).squareRoot(), (bend.0 / determinant).squareRoot())
    }
    let slope = gradient(factors)
    return SIMD2(
      Self.error(factor: factors.x, slope: slope.x, bend: bend.0),
      Self.error(factor: factors.y, slope: slope.y, bend: bend.2))
  }

  private static func error(factor: Double, slope: Double, bend: Double) -> Double {
    if factor > 0 { return bend > 0 ? 1 / bend.squareRoot() : .infinity }
    let fall = max(0, -slope)
    if bend > 0 { return 1 / (fall + (fall * fall + bend).squareRoot()) }
    return fall > 0 ? 0.5 / fall : .infinity
  }

  /// 2 Σ [n ln(n/λ) − n + λ].
  var deviance: Double {
    var sum = 0.0
    for i in counts.indices {
      let expected = factors.x * first[i] + factors.y * second[i]
      sum += expected - counts[i]
      if counts[i] > 0 { sum += counts[i] * log(counts[i] / expected) }
    }
    return 2 * max(0, sum)
  }
}
