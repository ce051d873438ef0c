internal import Glibc

/// G and F of pairs of which one source's motion is not known: the widths of its drift beside errors and perturbations.
///
///     Σ w_k N(0, σ² + τ² σ_k²) ⊗ perturbations
///
/// The drift enters once a pair, by the difference of epochs. F is exact for the circular average of the motions; G is its density, the mean over
/// position angles.
public struct MovedPair: Sendable, Hashable {
  private let pair: PerturbedPair

  /// - Parameter pair: With the perturbations of both catalogues; of none, `PerturbedPair(a: .none, b: .none)`.
  public init(_ pair: PerturbedPair) { self.pair = pair }

  /// - Parameters:
  ///   - motion: Of the source whose motion is not known.
  ///   - years: τ, of either sign; what is not a number counts as 0.
  ///   - varianceArcsec2: σ² = σ_a² + σ_b² per axis, positive.
  /// - Complexity: widths of the motion times the complexity of `PerturbedPair`; some 0.2 µs if no source is perturbed.
  public func value(
    _ a: PerturbationMixture, _ b: PerturbationMixture, motion: MotionWidths, years: Double, varianceArcsec2: Double,
    separationArcsec: Double
  ) -> PerturbedPair.Value {
    let squared = Self.squared(years)
    if a == .none, b == .none {
      return motion.value(
        varianceArcsec2: varianceArcsec2, squaredYears: squared, separationArcsec: separationArcsec)
    }
    return pair.value(a, b, widths: motion.first...motion.last, separationArcsec: separationArcsec) { k in
      (motion[k], varianceArcsec2 + MotionWidths.varianceArcsec2(of: k, squaredYears: squared))
    }
  }

  /// The separation below which a pair has less than a level t, arcsec.
  public func radiusArcsec(
    _ a: PerturbationMixture, _ b: PerturbationMixture, motion: MotionWidths, years: Double, varianceArcsec2: Double,
    level: Double
  ) -> Double {
    guard level > 0, level < .infinity else { return 0 }
    let widest = MotionWidths.varianceArcsec2(of: motion.last, squaredYears: Self.squared(years))
    var (low, high) = (
      0.0, pair.radiusArcsec(a, b, varianceArcsec2: varianceArcsec2 + widest, level: level)
    )
    for _ in 0..<60 where high - low > 1e-12 * high {
      let middle = (low + high) / 2
      let here = value(a, b, motion: motion, years: years, varianceArcsec2: varianceArcsec2, separationArcsec: middle)
      if here.level < level { low = middle } else { high = middle }
    }
    return high
  }

  /// ln G with the direction of the offset, any errors, and motions that drift and are not circular:
  ///
  ///     G(x) = Σ π_k α_q N(x; τ μ_k, C + τ² Σ_k + s_q² I),     arcsec⁻²
  ///
  /// The level of the pair is that of the circular average: `value` with the widths of the same motions.
  /// - Parameters:
  ///   - motions: In axes of right ascension and declination.
  ///   - covariance: C, of both positions together; x points east.
  ///   - eastArcsec, northArcsec: From a to b.
  ///   - years: The epoch of b less that of a.
  /// - Complexity: some 0.2 µs for eight Gaussians of motion, times the perturbations.
  public func logDensityPerArcsec2(
    _ a: PerturbationMixture, _ b: PerturbationMixture, motions: MotionBlocks, years: Double,
    covariance: PositionCovariance, eastArcsec: Double, northArcsec: Double
  ) -> Double {
    let place = MotionBlocks.Pair(covariance, east: eastArcsec, north: northArcsec, years: Self.span(years))
    let widest = pair.variancesA[Int(a.last)] + pair.variancesB[Int(b.last)]
    let least = motions.least(place, variance: widest)
    var density = 0.0
    for i in Int(a.first)...Int(a.last) where a.weights[i] > 0 {
      for j in Int(b.first)...Int(b.last) where b.weights[j] > 0 {
        let variance = pair.variancesA[i] + pair.variancesB[j]
        density += a.weights[i] * b.weights[j] * motions.sum(place, variance: variance, least: least)
      }
    }
    return log(density) - least - 1.8378770664093453
  }

  /// No epochs of catalogues are 10⁴ years apart: more counts as that.
  @inline(__always)
  private static func span(_ years: Double) -> Double { years.isNaN ? 0 : min(max(years, -1e4), 1e4) }

  @inline(__always)
  private static func squared(_ years: Double) -> Double { span(years) * span(years) }
}
