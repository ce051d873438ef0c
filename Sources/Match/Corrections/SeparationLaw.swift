internal import Glibc

/// A function of a variance with its first two derivatives.
struct Jet {
  var value = 0.0
  var first = 0.0
  var second = 0.0
}

/// How separations of mutually nearest pairs are distributed, in closed form.
///
/// With ω the density of both catalogues together, the nearest stranger lies at ν(r) = 2πωr e^(−πωr²). A true pair of variance V whose pull is Σ cⱼ N(0, τⱼ²)
/// is found unless a stranger lies nearer, which then is found instead. Both together are
///
///     μ(r) = r Σ cⱼ κⱼ e^(−κⱼ r²/2),     κⱼ = 1/(V + τⱼ²) + 2πω
///
/// whose integral to r is 1 − Σ cⱼ e^(−κⱼ r²/2). Motions that nobody measured are Gaussians beside those of the pull: the sum is over both.
struct SeparationLaw {
  let basis: MixtureBasis
  let mixture: PerturbationMixture
  var motion = MotionWidths.still
  /// The difference of epochs, squared.
  var squaredYears = 0.0
  /// 2πω, arcsec⁻².
  let chance: Double

  private static let leastVariance = 1e-24

  /// μ(r)/r as a function of V.
  /// - Parameter half: r²/2.
  @inline(__always)
  func density(half: Double, variance: Double) -> Jet {
    var jet = Jet()
    forEachGaussian(variance) { weight, inverse in
      let kappa = inverse + chance
      let term = weight * exp(-half * kappa)
      let (first, second) = (-inverse * inverse, 2 * inverse * inverse * inverse)
      let rest = 1 - half * kappa
      jet.value += term * kappa
      jet.first += term * rest * first
      jet.second += term * ((half * half * kappa - 2 * half) * first * first + rest * second)
    }
    return jet
  }

  /// The share of true pairs that are found beyond r, as a function of V.
  @inline(__always)
  func outside(half: Double, variance: Double) -> Jet {
    var jet = Jet()
    forEachGaussian(variance) { weight, inverse in
      let term = weight * exp(-half * (inverse + chance))
      let (first, second) = (-inverse * inverse, 2 * inverse * inverse * inverse)
      jet.value += term
      jet.first -= half * first * term
      jet.second += (half * half * first * first - half * second) * term
    }
    return jet
  }

  /// The weight and the inverse variance of each.
  @inline(__always)
  private func forEachGaussian(_ variance: Double, _ body: (_ weight: Double, _ inverse: Double) -> Void) {
    for k in motion.first...motion.last where motion[k] > 0 {
      let moved = k == 0 ? variance : variance + MotionWidths.varianceArcsec2(of: k, squaredYears: squaredYears)
      for j in Int(mixture.first)...Int(mixture.last) where mixture.weights[j] > 0 {
        body(motion[k] * mixture.weights[j], 1 / max(moved + basis.variances[j], Self.leastVariance))
      }
    }
  }

  /// ν(r)/r.
  @inline(__always)
  func chanceDensity(half: Double) -> Double { chance * exp(-half * chance) }

  /// The share of strangers beyond r.
  @inline(__always)
  func chanceOutside(half: Double) -> Double { exp(-half * chance) }
}
