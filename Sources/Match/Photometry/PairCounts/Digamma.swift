import Glibc

/// ψ(x), the derivative of ln Γ, for x > 0: recurrence up to x ≥ 8, then the asymptotic series. Relative error below 1e-13
/// except near its zero at 1.4616.
func digamma(_ x: Double) -> Double {
  var (x, shift) = (x, 0.0)
  while x < 8 {
    shift += 1 / x
    x += 1
  }
  let s = 1 / (x * x)
  let series = s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s * (1.0 / 132 - s * 691 / 32760)))))
  return log(x) - 0.5 / x - series - shift
}
