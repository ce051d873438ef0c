import Glibc

/// N_c, N_A, N_B by the likelihood of every source's fate, each with its own error circle.
///
/// A source of variance σ² has its nearest partner inside the bright circle, between the circles, or outside both. With p
/// the probability that it has a counterpart, n the density of the other catalogue and ⟨σ′²⟩ the mean variance there,
///
///     S_F = (1 − F p) exp(−n a_F),     a_F = −2π ln(1−F) (σ² + ⟨σ′²⟩)
///
/// is the probability to survive F, and the three fates have 1 − S_b, S_b − S_f, S_f. These are linear in p, so the
/// likelihood is concave and has one maximum. a_F is what the circles of all possible partners are on average, which makes
/// S exact, and sources without partners count like any other.
///
/// p = N_c/n_A for sources of a and N_c/n_B for those of b. A removal is seen from both sides; so either side's logarithm counts
/// half, which keeps both the symmetry and the uncertainty honest. n_A and n_B are the observed densities.
///
/// - Source: docs/method.md §8.
struct BinomialFit {
  /// The sources of one catalogue with one variance: how many had each fate, and their two areas, deg².
  struct Group {
    var count: [Double]
    var bright: Double
    var field: Double
  }

  /// One catalogue's sources, its own density and that of the other, deg⁻².
  struct Side {
    var groups: [Group]
    var density: Double
    var otherDensity: Double
    var weight: Double
  }

  private static let halvings = 200
  let fractions: SurvivorFractions
  let sides: [Side]

  /// The densities with their covariance over an area, deg².
  ///
  /// n_A, n_B and N_c are those of Poisson processes: Var n = n/area, Cov(n_A, n_B) = Cov(n, N_c) = N_c/area, and Var N_c is that
  /// of the likelihood and that of the counts it refers to.
  static func fit(_ a: Side, _ b: Side, fractions: SurvivorFractions, areaDegrees2: Double) -> PriorFitOutcome {
    guard areaDegrees2 > 0, a.density > 0, b.density > 0 else { return .failure(.noSources) }
    let fit = BinomialFit(fractions: fractions, sides: [a, b])
    let x = fit.counterparts
    return PriorChecks.checked(x, a.density - x, b.density - x).map { priors in
      let share = 0.5 * (x / a.density + x / b.density)
      let own = 1 / -fit.slope(x).second + share * x / areaDegrees2
      return PriorFit(
        priors: priors,
        covariance: covariance(own, x / areaDegrees2, a.density / areaDegrees2, b.density / areaDegrees2),
        chiSquared: nil)
    }
  }

  /// From Var x, Cov(x, n), Var n_A and Var n_B to (x, n_A − x, n_B − x).
  private static func covariance(_ own: Double, _ shared: Double, _ a: Double, _ b: Double) -> [[Double]] {
    let toUnmatched = shared - own
    let between = own - shared
    return [
      [own, toUnmatched, toUnmatched],
      [toUnmatched, a + own - 2 * shared, between],
      [toUnmatched, between, b + own - 2 * shared],
    ]
  }

  /// The x of largest likelihood, between 0 and the smaller density.
  var counterparts: Double {
    var (low, high) = (0.0, sides.map { min($0.density, $0.otherDensity) }.min() ?? 0)
    if slope(high).first >= 0 { return high }
    if slope(0).first <= 0 { return 0 }
    var x = 0.5 * high
    for _ in 0..<Self.halvings {
      let (first, second) = slope(x)
      if first > 0 { low = x } else { high = x }
      let newton = x - first / second
      let next = newton > low && newton < high ? newton : 0.5 * (low + high)
      if abs(next - x) <= 1e-14 * x { return next }
      x = next
    }
    return x
  }

  /// The first and second derivative of the logarithm of the likelihood by x.
  private func slope(_ x: Double) -> (first: Double, second: Double) {
    var (first, second) = (0.0, 0.0)
    for side in sides {
      let p = x / side.density
      for group in side.groups {
        let bright = exp(-side.otherDensity * group.bright)
        let field = exp(-side.otherDensity * group.field)
        let (byBright, byField) = (-fractions.bright * bright, -fractions.field * field)
        let (survivingBright, survivingField) = (bright + byBright * p, field + byField * p)
        let terms = [
          (group.count[0], 1 - survivingBright, -byBright),
          (group.count[1], survivingBright - survivingField, byBright - byField),
          (group.count[2], survivingField, byField),
        ]
        for (count, probability, derivative) in terms where count > 0 {
          let ratio = derivative / (probability * side.density)
          first += side.weight * count * ratio
          second -= side.weight * count * ratio * ratio
        }
      }
    }
    return (first, second)
  }
}
