internal import Glibc

/// G and F of pairs whose perturbation laws are mixtures of Gaussians, in a fraction of a microsecond.
///
/// The convolution of both mixtures with the errors of the pair is Σ aᵢ bⱼ N(0, C + τᵢ² + τⱼ²). With χ²ᵢⱼ of each of them
///
///     G = Σ aᵢ bⱼ exp(−χ²ᵢⱼ/2) / (2π √det) ,     1 − F = Σ aᵢ bⱼ exp(−χ²ᵢⱼ/2)
///
/// F is the probability within the separation. Both are held as logarithms relative to the widest Gaussian, so that they are finite long after G and 1 − F have underflowed.
public struct PerturbedPair: Sendable, Hashable {
  let variancesA: MixtureValues
  let variancesB: MixtureValues
  /// Variances that are smaller, or not numbers, count as this, arcsec².
  static let leastVariance = 1e-30

  /// - Parameters:
  ///   - a: The Gaussians of the first catalogue's mixtures.
  ///   - b: Those of the second's.
  public init(a: MixtureBasis, b: MixtureBasis) {
    variancesA = a.variances
    variancesB = b.variances
  }

  /// What a pair says of its offset.
  public struct Value: Sendable, Hashable {
    /// ln G, G in arcsec⁻². −∞ only if a mixture is empty.
    public var logDensityPerArcsec2: Double
    /// t = −ln(1 − F), not negative.
    public var level: Double

    /// As the pairing wants it: t, and ln G with G in deg⁻².
    public var evidence: PairEvidence {
      PairEvidence(level: level, logDensity: logDensityPerArcsec2 + Self.logArcsec2PerDegree2)
    }
    private static let logArcsec2PerDegree2 = 16.377378248888402
  }

  /// Circular errors.
  /// - Parameters:
  ///   - varianceArcsec2: σ² = σ_a² + σ_b² without perturbations, positive.
  ///   - separationArcsec: The separation.
  /// - Complexity: O(Gaussians of a · Gaussians of b): 80 ns if one source is perturbed, 200 to 400 ns if both are.
  public func value(
    _ a: PerturbationMixture, _ b: PerturbationMixture, varianceArcsec2: Double, separationArcsec: Double
  ) -> Value {
    var sums = Sums(separationArcsec)
    let variance = varianceArcsec2 > Self.leastVariance ? varianceArcsec2 : Self.leastVariance
    sums.reference(widest(a, b) + variance)
    add(a, b, variance, 1, to: &sums)
    return sums.value
  }

  /// The same if the pair lies below a level; nil if not. Most pairs far apart are refused without a sum, since t is at least
  /// s²/2 over the largest variance.
  @inline(__always)
  public func candidate(
    _ a: PerturbationMixture, _ b: PerturbationMixture, varianceArcsec2: Double, separationArcsec: Double,
    below level: Double
  ) -> Value? {
    let least = Self.halfSquare(separationArcsec) / (varianceArcsec2 + widest(a, b))
    guard least < level else { return nil }
    let value = value(a, b, varianceArcsec2: varianceArcsec2, separationArcsec: separationArcsec)
    return value.level < level ? value : nil
  }

  /// Circular errors of several widths: Σ wₖ N(0, vₖ) beside the perturbations.
  public func value(
    _ a: PerturbationMixture, _ b: PerturbationMixture, widths: CentroidWidths, separationArcsec: Double
  ) -> Value {
    var sums = Sums(separationArcsec)
    sums.reference(widest(a, b) + widths.mostVariance)
    for k in widths.weights.indices { add(a, b, widths.variancesArcsec2[k], widths.weights[k], to: &sums) }
    return sums.value
  }

  /// Circular errors of several widths that are computed one by one: Σ wₖ N(0, vₖ), the last the widest.
  @inline(__always)
  func value(
    _ a: PerturbationMixture, _ b: PerturbationMixture, widths: ClosedRange<Int>, separationArcsec: Double,
    _ width: (Int) -> (weight: Double, varianceArcsec2: Double)
  ) -> Value {
    var sums = Sums(separationArcsec)
    sums.reference(widest(a, b) + max(width(widths.upperBound).varianceArcsec2, Self.leastVariance))
    for k in widths {
      let (weight, variance) = width(k)
      if weight > 0 { add(a, b, max(variance, Self.leastVariance), weight, to: &sums) }
    }
    return sums.value
  }

  /// The separation below which a pair has less than a level t, for circular errors, arcsec.
  /// - Parameter level: t; infinite and NaN count as 0.
  public func radiusArcsec(
    _ a: PerturbationMixture, _ b: PerturbationMixture, varianceArcsec2: Double, level: Double
  ) -> Double {
    guard level > 0, level < .infinity else { return 0 }
    var (low, high) = (0.0, (2 * level * (varianceArcsec2 + widest(a, b))).squareRoot() * 1.0001)
    for _ in 0..<60 where high - low > 1e-12 * high {
      let middle = (low + high) / 2
      let here = value(a, b, varianceArcsec2: varianceArcsec2, separationArcsec: middle)
      if here.level < level { low = middle } else { high = middle }
    }
    return high
  }

  @inline(__always)
  private func widest(_ a: PerturbationMixture, _ b: PerturbationMixture) -> Double {
    variancesA[Int(a.last)] + variancesB[Int(b.last)]
  }

  /// s²/2. No separation on the sky exceeds 648,000″: larger ones, and what is not a number, count as 10⁷″.
  @inline(__always)
  static func halfSquare(_ separation: Double) -> Double {
    abs(separation) < 1e7 ? separation * separation / 2 : 5e13
  }

  /// Adds w N(0, v) convolved with both mixtures. The shorter mixture is the outer loop.
  @inline(__always)
  private func add(
    _ a: PerturbationMixture, _ b: PerturbationMixture, _ variance: Double, _ weight: Double, to sums: inout Sums
  ) {
    if a.last - a.first < b.last - b.first {
      sums.add(outer: a, variancesA, inner: b, variancesB, variance, weight)
    } else {
      sums.add(outer: b, variancesB, inner: a, variancesA, variance, weight)
    }
  }

  /// Σ w e^(−(χ² − χ₀²)/2)/v and the same without 1/v, eight Gaussians at a time.
  private struct Sums {
    let half: Double
    var least = 0.0
    var densities = SIMD8<Double>.zero
    var tails = SIMD8<Double>.zero

    init(_ separation: Double) { half = PerturbedPair.halfSquare(separation) }

    /// The variance relative to whose Gaussian all are taken: the largest.
    @inline(__always)
    mutating func reference(_ variance: Double) { least = half / variance }

    @inline(__always)
    mutating func add(
      outer: PerturbationMixture, _ outerVariances: MixtureValues, inner: PerturbationMixture,
      _ innerVariances: MixtureValues, _ variance: Double, _ weight: Double
    ) {
      for i in Int(outer.first)...Int(outer.last) {
        let share = outer.weights[i] * weight
        if share <= 1e-8 { continue }
        let base = variance + outerVariances[i]
        if inner.first < 8 { add(share * inner.weights.low, base + innerVariances.low) }
        if inner.last >= 8 { add(share * inner.weights.high, base + innerVariances.high) }
      }
    }

    @inline(__always)
    private mutating func add(_ weights: SIMD8<Double>, _ variances: SIMD8<Double>) {
      let inverse = 1 / variances
      let terms = weights * Exponentials.nonPositive(least - half * inverse)
      tails += terms
      densities.addProduct(terms, inverse)
    }

    var value: Value {
      let (density, tail) = (densities.sum(), tails.sum())
      return Value(
        logDensityPerArcsec2: log(density) - least - 1.8378770664093453, level: max(least - log(min(tail, 1)), 0))
    }
  }
}
