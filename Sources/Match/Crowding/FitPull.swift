internal import Glibc

/// What one neighbour does to a PSF fit where noise is the same in all pixels: the fitted position moves towards it, and the fitted
/// flux grows.
///
/// The fit maximises S(δ) = ψ(δ) + f ψ(x − δ), with ψ(u) = exp(−|u|²/4σ_P²) the overlap of two PSFs, and the fitted flux is S there.
/// For a neighbour of relative flux f at the distance x, in units of σ_P, the offset Δ points at it and solves
///
///     Δ e^(−Δ²/4) = f (x − Δ) e^(−(x−Δ)²/4),     0 ≤ Δ ≤ x f/(1 + f)     (f ≤ 1)
///
/// which has one solution for x < 2√2, beyond the PSF circle (2.79). Of a brighter neighbour the roles are exchanged: Δ(x, f) = x − Δ(x, 1/f).
///
/// - Source: Plewa & Sari (2018), their fits replaced by the exact solution.
public enum FitPull {
  private static let mostSteps = 100

  /// Δ in units of σ_P.
  /// - Parameters:
  ///   - distance: x in units of σ_P. 0 if negative or NaN; taken as the edge of the PSF circle if beyond.
  ///   - flux: f; 0 if negative or NaN.
  public static func offset(distance: Double, flux: Double) -> Double {
    guard distance > 0, flux > 0 else { return 0 }
    let x = min(distance, PointSpread.circlePerSigma)
    guard flux < .infinity else { return x }
    return flux <= 1 ? solution(x, flux) : x - solution(x, 1 / flux)
  }

  /// The fitted flux less the source's own, relative to it: S(Δ) − 1. Exact for faint neighbours too (`expm1`).
  public static func excessFlux(distance: Double, flux: Double) -> Double {
    guard distance > 0 || distance == 0, flux > 0 else { return 0 }
    let x = min(distance, PointSpread.circlePerSigma)
    let offset = offset(distance: x, flux: flux)
    return expm1(-offset * offset / 4) + flux * exp(-(x - offset) * (x - offset) / 4)
  }

  /// Newton's method within a bracket, with both sides divided by e^(−Δ²/4).
  private static func solution(_ x: Double, _ flux: Double) -> Double {
    var (low, high) = (0.0, x * flux / (1 + flux))
    var offset = high * exp(-x * x / 8)
    for _ in 0..<mostSteps {
      let rest = x - offset
      let pull = flux * exp((offset * offset - rest * rest) / 4)
      let value = offset - pull * rest
      if value > 0 { high = offset } else { low = offset }
      let slope = 1 + pull - pull * rest * x / 2
      var next = offset - value / slope
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - offset) <= 2e-16 * high { return next }
      offset = next
    }
    return offset
  }
}
