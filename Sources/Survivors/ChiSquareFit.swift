import Glibc

/// The report's fit: N_c, N_A, N_B from the densities of survivors of two circles, by least squares.
///
/// With x, y, z for the three and a_k, b_k for the percentiles of the areas,
///
///     P_0 = x + y,   P_F = ⟨[(1−F) x + y] exp(−a_k (x+z))⟩_k,   Q likewise with a and b, y and z exchanged,
///
/// six residuals weighted by √(P/area) and 1 deg⁻² in quadrature, minimised over ln x, ln y, ln z by Levenberg and
/// Marquardt's method. The samples are nested, the weights are those of independent ones: χ² and the covariance do not
/// measure the uncertainty. `BinomialFit` does.
///
/// - Source: docs/method.md §8.
struct ChiSquareFit {
  private static let stepLimit = 200
  /// The change of all three logarithms, or the relative change of χ², at which the fit ends.
  private static let tolerance = 1e-12

  private let observed: SurvivorObservation
  private let errors: [Double]

  /// The state at one point: residuals in units of their errors, and their derivatives by x, y, z.
  private struct Point {
    var logs: [Double]
    var residuals: [Double] = []
    var jacobian: [[Double]] = []
    var chiSquared: Double { residuals.reduce(0) { $0 + $1 * $1 } }
  }

  private init(_ observed: SurvivorObservation) {
    self.observed = observed
    errors = (observed.densityA + observed.densityB).map { ($0 / observed.areaDegrees2 + 1).squareRoot() }
  }

  /// The three densities before any check, with covariance and χ²; nil where the steps do not come to rest.
  static func raw(_ observed: SurvivorObservation) -> (densities: [Double], covariance: [[Double]], chiSquared: Double)?
  {
    let fit = ChiSquareFit(observed)
    guard observed.hasSources, let end = fit.minimise() else { return nil }
    let scaled = fit.normalMatrix(end, inLogs: false)
    let unknown = [[Double]](repeating: [.infinity, .infinity, .infinity], count: 3)
    return (end.logs.map { exp($0) }, Matrix3.inverse(scaled) ?? unknown, end.chiSquared)
  }

  static func fit(_ observed: SurvivorObservation) -> PriorFitOutcome {
    guard observed.hasSources else { return .failure(.noSources) }
    guard let raw = raw(observed) else { return .failure(.notConverged) }
    return PriorChecks.checked(raw.densities[0], raw.densities[1], raw.densities[2])
      .map { PriorFit(priors: $0, covariance: raw.covariance, chiSquared: raw.chiSquared) }
  }

  private func minimise() -> Point? {
    let (a, b) = (observed.densityA[0], observed.densityB[0])
    var point = evaluate([log(0.5 * min(a, b)), log(0.5 * a), log(0.5 * b)])
    var damping = 1e-3
    for _ in 0..<Self.stepLimit {
      guard let step = step(point, damping) else { return nil }
      let next = evaluate((0..<3).map { point.logs[$0] + step[$0] })
      let gain = point.chiSquared - next.chiSquared
      let isAtRest =
        step.allSatisfy { abs($0) <= Self.tolerance } || abs(gain) <= Self.tolerance * point.chiSquared
      if gain >= 0 {
        point = next
        damping = max(1e-12, damping * 0.1)
      } else {
        damping *= 10
      }
      if isAtRest { return point }
    }
    return nil
  }

  private func step(_ point: Point, _ damping: Double) -> [Double]? {
    var matrix = normalMatrix(point, inLogs: true)
    let trace = matrix[0][0] + matrix[1][1] + matrix[2][2]
    for i in 0..<3 { matrix[i][i] += damping * (matrix[i][i] + 1e-9 * trace) }
    guard let inverse = Matrix3.inverse(matrix) else { return nil }
    let gradient = (0..<3).map { i in
      exp(point.logs[i]) * point.jacobian.indices.reduce(0) { $0 + point.jacobian[$1][i] * point.residuals[$1] }
    }
    return Matrix3.product(inverse, gradient).map { max(-2, min(2, -$0)) }
  }

  private func normalMatrix(_ point: Point, inLogs: Bool) -> [[Double]] {
    let scale = point.logs.map { inLogs ? exp($0) : 1 }
    return (0..<3).map { i in
      (0..<3).map { j in point.jacobian.reduce(0) { $0 + $1[i] * $1[j] } * scale[i] * scale[j] }
    }
  }

  private func evaluate(_ logs: [Double]) -> Point {
    var point = Point(logs: logs)
    let (x, y, z) = (exp(logs[0]), exp(logs[1]), exp(logs[2]))
    let fractions = [observed.fractions.bright, observed.fractions.field]
    add(x + y - observed.densityA[0], [1, 1, 0], &point)
    for (circle, fraction) in fractions.enumerated() {
      let model = survivors(own: y, other: z, x, 1 - fraction, observed.circlesA[circle])
      add(model.density - observed.densityA[circle + 1], [model.byX, model.byOwn, model.byOther], &point)
    }
    add(x + z - observed.densityB[0], [1, 0, 1], &point)
    for (circle, fraction) in fractions.enumerated() {
      let model = survivors(own: z, other: y, x, 1 - fraction, observed.circlesB[circle])
      add(model.density - observed.densityB[circle + 1], [model.byX, model.byOther, model.byOwn], &point)
    }
    return point
  }

  private func add(_ difference: Double, _ derivatives: [Double], _ point: inout Point) {
    let error = errors[point.residuals.count]
    point.residuals.append(difference / error)
    point.jacobian.append(derivatives.map { $0 / error })
  }

  /// ⟨u e^{−a (x + other)}⟩ with u = missed · x + own, and its derivatives.
  private func survivors(own: Double, other: Double, _ x: Double, _ missed: Double, _ areas: [Double])
    -> (density: Double, byX: Double, byOwn: Double, byOther: Double)
  {
    let u = missed * x + own
    var sum = (density: 0.0, byX: 0.0, byOwn: 0.0, byOther: 0.0)
    for area in areas {
      let clear = exp(-area * (x + other)) / Double(areas.count)
      sum.density += u * clear
      sum.byX += (missed - area * u) * clear
      sum.byOwn += clear
      sum.byOther -= area * u * clear
    }
    return sum
  }
}
