internal import Glibc

/// The pull of one neighbour on a PSF fit as macauff parameterises it: skew normal curves along each axis, with polynomials in flux for their
/// parameters. For comparison only; `FitPull` is exact, and isotropic.
///
/// In units of σ_P, with the cuts l in flux and f̄ the middle of the neighbour's bin of flux, the pull along x is
///
///     f̄ ≥ l₃         x f/(1+f)
///     l₁ ≤ f̄ < l₃    x f/(1+f) for |x| < r_c, else ±(2 T f/c) φ(z) Φ(αz) with z = (|x| − μ)/c
///     f̄ < l₁         f x exp(−(x² + y²)/4)
///
/// c, μ, α, T and r_c are polynomials at f̄, of one branch below l₂ and another above, carried to f along their tangent.
///
/// - Source: the parameter files that macauff ships (T. J. Wilson, BSD-3-Clause); Plewa & Sari (2018).
public struct FitParameterisation: Sendable, Equatable {
  /// c, μ, α, T, r_c.
  public static let parameterCount = 5
  private let cuts: SIMD3<Double>
  /// Coefficients of ascending powers of f, for c, μ, α, T and r_c of the lower branch, then of the upper.
  private let polynomials: [[Double]]

  /// - Parameters:
  ///   - cuts: l₁, l₂, l₃.
  ///   - lower: Coefficients of ascending powers for c, μ, α, T and r_c below l₂.
  ///   - upper: The same above.
  /// - Throws: `CrowdingError` unless there are three cuts, ascending, and five polynomials of finite coefficients a branch.
  public init(cuts: [Double], lower: [[Double]], upper: [[Double]]) throws {
    guard cuts.count == 3, cuts.allSatisfy(\.isFinite), cuts[0] <= cuts[1], cuts[1] <= cuts[2] else {
      throw CrowdingError("the cuts of a parameterisation", given: "\(cuts.count)", allowed: "three, ascending, finite")
    }
    for branch in [lower, upper] {
      guard branch.count == Self.parameterCount, branch.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isFinite) }) else {
        throw CrowdingError(
          "the polynomials of a parameterisation", given: "\(branch.count) of a branch",
          allowed: "\(Self.parameterCount), each of one finite coefficient or more")
      }
    }
    self.cuts = SIMD3(cuts[0], cuts[1], cuts[2])
    polynomials = lower + upper
  }

  /// The pull in units of σ_P.
  /// - Parameters:
  ///   - x: Where the neighbour is, in units of σ_P.
  ///   - flux: f.
  ///   - binFlux: f̄.
  public func offset(x: Double, y: Double, flux: Double, binFlux: Double) -> (x: Double, y: Double) {
    let linear = flux / (1 + flux)
    if binFlux >= cuts.z { return (x * linear, y * linear) }
    if binFlux < cuts.x {
      let faint = flux * exp(-(x * x + y * y) / 4)
      return (x * faint, y * faint)
    }
    let curve = parameters(flux: flux, binFlux: binFlux)
    func along(_ axis: Double) -> Double {
      if abs(axis) < curve[4] { return axis * linear }
      let z = (abs(axis) - curve[1]) / curve[0]
      let normal = exp(-z * z / 2) / (2 * .pi).squareRoot()
      let skew = erfc(-curve[2] * z / 2.0.squareRoot()) / 2
      return (axis < 0 ? -1 : 1) * 2 * curve[3] * flux / curve[0] * normal * skew
    }
    return (along(x), along(y))
  }

  /// c, μ, α, T, r_c at f, along the tangent at f̄.
  private func parameters(flux: Double, binFlux: Double) -> [Double] {
    let branch = binFlux < cuts.y ? 0 : Self.parameterCount
    return (0..<Self.parameterCount).map { place in
      var (value, slope) = (0.0, 0.0)
      for coefficient in polynomials[branch + place].reversed() {
        slope = slope * binFlux + value
        value = value * binFlux + coefficient
      }
      return value + slope * (flux - binFlux)
    }
  }
}
