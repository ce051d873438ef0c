internal import Glibc

/// Units in which m and n are near 1: the median quoted error and the median separation. And how the variance of a pair follows from the two numbers that are
/// fitted: (m², n²) of the quadratic relation, in which it is linear, or (m, n) of the linear one.
struct CorrectionScale {
  let relation: ErrorRelation
  let quoted: Double
  let separation: Double

  /// The largest m and n, in these units.
  static let most = 1e3

  init(relation: ErrorRelation, quotedErrors: [Double], separations: [Double]) {
    self.relation = relation
    quoted = max(Self.median(quotedErrors), 1e-9)
    separation = max(Self.median(separations), 1e-9)
  }

  init(_ pairs: CorrectionPairs, relation: ErrorRelation) {
    self.init(
      relation: relation, quotedErrors: pairs.pairs.map(\.quotedError),
      separations: pairs.pairs.map(\.separationArcsec))
  }

  static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    return 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
  }

  /// The variance without what else adds to it, and its derivatives.
  struct Variance {
    var value: Double
    var byFactor: Double
    var byFloor: Double
    /// Second derivatives: m m, m n, n n.
    var second: SIMD3<Double>
  }

  @inline(__always)
  func variance(_ point: SIMD2<Double>, quotedError: Double) -> Variance {
    let (ratio, square) = (quotedError / quoted, separation * separation)
    if relation == .quadratic {
      let (a, b) = (square * ratio * ratio, square)
      return Variance(value: point.x * a + point.y * b, byFactor: a, byFloor: b, second: .zero)
    }
    let sum = point.x * ratio + point.y
    return Variance(
      value: square * sum * sum, byFactor: 2 * square * sum * ratio, byFloor: 2 * square * sum,
      second: 2 * square * SIMD3(ratio * ratio, ratio, 1))
  }

  /// The numbers that are fitted, of m and n in these units.
  func point(factor: Double, floor: Double) -> [Double] {
    relation == .quadratic ? [factor * factor, floor * floor] : [factor, floor]
  }

  /// The numbers that are fitted, of a correction of the same relation.
  func point(_ correction: ErrorCorrection) -> [Double] {
    point(factor: correction.factor * quoted / separation, floor: correction.floorArcsec / separation)
  }

  var lower: [Double] { relation == .quadratic ? [1e-12, 0] : [1e-6, 0] }
  var upper: [Double] { point(factor: Self.most, floor: Self.most) }

  /// What the numbers that are fitted have to be multiplied by to be in arcsec and in the units of the quoted errors.
  var units: SIMD2<Double> {
    let linear = SIMD2(separation / quoted, separation)
    return relation == .quadratic ? linear * linear : linear
  }

  /// m and n of a point.
  func correction(_ point: [Double]) -> ErrorCorrection {
    let values = relation == .quadratic ? point.map { $0.squareRoot() } : point
    return ErrorCorrection(
      relation: relation, factor: values[0] * separation / quoted, floorArcsec: values[1] * separation)
  }

  /// m and n within so many σ of a point whose covariance is known. The square of either is what is normal in the quadratic relation.
  func ranges(_ point: [Double], _ covariance: [Double], sigmas: Double) -> (
    factor: ClosedRange<Double>, floorArcsec: ClosedRange<Double>
  ) {
    func range(_ value: Double, _ variance: Double, _ unit: Double) -> ClosedRange<Double> {
      let reach = max(sigmas, 0) * variance.squareRoot()
      let (low, high) = (max(value - reach, 0), value + reach)
      return relation == .quadratic ? unit * low.squareRoot()...unit * high.squareRoot() : unit * low...unit * high
    }
    return (range(point[0], covariance[0], separation / quoted), range(point[1], covariance[3], separation))
  }
}
