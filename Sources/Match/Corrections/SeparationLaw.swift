internal import Glibc

/// A function of a variance with its first two derivatives.
struct Jet {
  var value = 0.0
  var first = 0.0
  var second = 0.0
}

/// How separations of mutually nearest pairs are distributed, in closed form.
///
/// With ω the density of both catalogues together and ω_a that of the better one, a stranger is found at r with the density
///
///     ν(r) = 2πω_a r e^(−πωr²) S(r)
///
/// if neither source has another stranger nearer, and the stranger no counterpart of its own: `FreeStrangers`. A true pair of variance V whose pull is
/// Σ cⱼ N(0, τⱼ²) is found unless a stranger lies nearer, which then may be found instead. Both together are
///
///     μ(r) = r Σ cⱼ [1/(V + τⱼ²) + 2πω_a S(r)] e^(−κⱼ r²/2),     κⱼ = 1/(V + τⱼ²) + 2πω
///
/// Motions that nobody measured are Gaussians beside those of the pull, and so are the circles that an ellipse is on the average: the sum is over all. Where ω_a = ω and S = 1, each source is paired with something:
/// the integral of μ to r is then 1 − Σ cⱼ e^(−κⱼ r²/2). That is the law of the report.
struct SeparationLaw {
  let basis: MixtureBasis
  let mixture: PerturbationMixture
  var motion = MotionWidths.still
  /// The difference of epochs, squared.
  var squaredYears = 0.0
  /// 2πω, arcsec⁻².
  let chance: Double
  /// 2πω_a, arcsec⁻²; nil: 2πω.
  var reference: Double?
  /// Which strangers are found.
  var free = FreeStrangers.all
  /// What an error with axes is, seen from all sides.
  var axes = EllipseCircles.circle

  private static let leastVariance = 1e-24
  private var strangers: Double { reference ?? chance }

  /// μ(r)/r as a function of V.
  @inline(__always)
  func density(at place: FreeStrangers.Place, variance: Double) -> Jet {
    var jet = Jet()
    let (half, stranger) = (place.half, strangers * place.share)
    forEachGaussian(variance) { weight, inverse, part in
      let either = inverse + stranger
      let term = weight * exp(-half * (inverse + chance))
      let (first, second) = (-part * inverse * inverse, 2 * part * part * inverse * inverse * inverse)
      let rest = 1 - half * either
      jet.value += term * either
      jet.first += term * rest * first
      jet.second += term * ((half * half * either - 2 * half) * first * first + rest * second)
    }
    return jet
  }

  /// Of μ(r)/r, the true pairs alone.
  func ownDensity(at place: FreeStrangers.Place, variance: Double) -> Double {
    var sum = 0.0
    forEachGaussian(variance) { weight, inverse, _ in sum += weight * inverse * exp(-place.half * (inverse + chance)) }
    return sum
  }

  /// The integral of μ to r, as a function of V.
  @inline(__always)
  func inside(_ place: FreeStrangers.Place, variance: Double) -> Jet {
    var jet = Jet()
    let half = place.half
    forEachGaussian(variance) { weight, inverse, part in
      let kappa = inverse + chance
      let (decay, found) = (exp(-half * kappa), -expm1(-half * kappa))
      var sum = Self.truePairs(half, inverse, chance, decay, found)
      for k in 0..<8 where free.weights[k] > 0 {
        let left = decay * place.decays[k]
        let strange = Self.strangers(half, kappa + free.inverses[k], left, k == 0 ? found : 1 - left)
        let scale = strangers * free.weights[k]
        sum.value += scale * strange.value
        sum.first += scale * strange.first
        sum.second += scale * strange.second
      }
      let (first, second) = (-part * inverse * inverse, 2 * part * part * inverse * inverse * inverse)
      jet.value += weight * sum.value
      jet.first += weight * sum.first * first
      jet.second += weight * (sum.second * first * first + sum.first * second)
    }
    return jet
  }

  /// λ/κ (1 − e^(−κ h)) as a function of λ, κ = λ + 2πω: the true pairs.
  @inline(__always)
  private static func truePairs(
    _ half: Double, _ inverse: Double, _ chance: Double, _ decay: Double, _ found: Double
  ) -> Jet {
    let kappa = inverse + chance
    let (share, slope) = (inverse / kappa, chance / (kappa * kappa))
    let (moved, curved) = (half * decay, -half * half * decay)
    return Jet(
      value: share * found, first: slope * found + share * moved,
      second: -2 * slope / kappa * found + 2 * slope * moved + share * curved)
  }

  /// (1 − e^(−κ h))/κ as a function of κ: strangers in place of true pairs.
  @inline(__always)
  private static func strangers(_ half: Double, _ kappa: Double, _ decay: Double, _ found: Double) -> Jet {
    let (moved, curved) = (half * decay, -half * half * decay)
    let slope = moved - found / kappa
    return Jet(value: found / kappa, first: slope / kappa, second: (curved - 2 * slope / kappa) / kappa)
  }

  /// The share of true pairs that are found beyond r, as a function of V, in the law of the report.
  @inline(__always)
  func outside(half: Double, variance: Double) -> Jet {
    var jet = Jet()
    forEachGaussian(variance) { weight, inverse, part in
      let term = weight * exp(-half * (inverse + chance))
      let (first, second) = (-part * inverse * inverse, 2 * part * part * inverse * inverse * inverse)
      jet.value += term
      jet.first -= half * first * term
      jet.second += (half * half * first * first - half * second) * term
    }
    return jet
  }

  /// The weight and the inverse variance of each, and how fast its variance grows with V.
  @inline(__always)
  func forEachGaussian(_ variance: Double, _ body: (_ weight: Double, _ inverse: Double, _ part: Double) -> Void) {
    for axis in 0..<axes.count {
      let (part, own) = (axes.parts[axis], axes.parts[axis] * variance)
      for k in motion.first...motion.last where motion[k] > 0 {
        let moved = k == 0 ? own : own + MotionWidths.varianceArcsec2(of: k, squaredYears: squaredYears)
        let weight = axes.weights[axis] * motion[k]
        for j in Int(mixture.first)...Int(mixture.last) where mixture.weights[j] > 0 {
          body(weight * mixture.weights[j], 1 / max(moved + basis.variances[j], Self.leastVariance), part)
        }
      }
    }
  }

  /// ν(r)/r.
  @inline(__always)
  func chanceDensity(at place: FreeStrangers.Place) -> Double { strangers * place.share * exp(-place.half * chance) }

  /// The integral of ν to r.
  func chanceInside(_ place: FreeStrangers.Place) -> Double {
    (0..<8).reduce(0) { sum, k in
      let rate = chance + free.inverses[k]
      guard free.weights[k] > 0, rate > 0 else { return sum }
      return sum + strangers * free.weights[k] * -expm1(-place.half * rate) / rate
    }
  }

  /// The share of strangers beyond r, in the law of the report.
  @inline(__always)
  func chanceOutside(half: Double) -> Double { exp(-half * chance) }
}
