internal import Glibc
public import Indexing

/// The distribution of the proper motion of sources of one direction and magnitude: stars as a sum of Gaussians, galaxies at rest.
///
/// Axes are Galactic (μ_l cos b, μ_b) as `MotionGrid` gives it; `equatorial(at:)` turns them.
public struct MotionMixture: Sendable, Hashable {
  /// The stars; their weights add up to their share among all sources.
  public private(set) var gaussians: [MotionGaussian]
  /// The share of sources that do not move.
  public private(set) var stillShare: Double

  /// Makes one. Gaussians that are impossible or of no weight are left out, and weights scaled so that all add up to 1.
  /// - Returns: Nil if nothing has a weight.
  public init?(gaussians: [MotionGaussian], stillShare: Double) {
    let possible = gaussians.filter { $0.isPossible && $0.weight > 0 }
    let still = stillShare > 0 && stillShare.isFinite ? stillShare : 0
    let total = possible.reduce(still) { $0 + $1.weight }
    guard total > 0, total.isFinite else { return nil }
    self.init(checked: possible.map { $0.scaled(by: 1 / total) }, still: still / total)
  }

  init(checked gaussians: [MotionGaussian], still: Double) {
    self.gaussians = gaussians
    stillShare = still
  }

  /// Nothing moves.
  public static let still = MotionMixture(checked: [], still: 1)

  /// ⟨|μ|²⟩, (mas/yr)².
  public var meanSquare: Double { gaussians.reduce(0) { $0 + $1.weight * $1.meanSquare } }

  /// The weight, mean and covariance of all together, those at rest too; nil if all are at rest.
  public var whole: MotionGaussian? {
    guard let first = gaussians.first else { return nil }
    let moving = gaussians.dropFirst().reduce(first) { $0.merged(with: $1) }
    return moving.merged(with: MotionGaussian(weight: stillShare, meanX: 0, meanY: 0, xx: 0, yy: 0, xy: 0))
  }

  /// The density of the motions of moving sources at a point, (mas/yr)⁻².
  public func density(x: Double, y: Double) -> Double {
    gaussians.reduce(0) { $0 + $1.weight * exp($1.logDensity(x, y)) }
  }

  /// The circular average Φ_c(u) = ⟨∫ p(μ) e^(−2πi u·μ) d²μ⟩ of the characteristic function.
  ///
  /// The average over position angle is a trapezoidal sum over 32 directions; its error is below 10⁻⁹ where 2πu|μ| is below 10.
  /// - Parameter u: ρ |τ|, yr/arcsec.
  public func circularTransform(at u: Double) -> Double {
    let (count, scale) = (32, 2 * Double.pi * u / 1000)
    var sum = 0.0
    for k in 0..<count {
      let angle = 2 * .pi * Double(k) / Double(count)
      let (x, y) = (scale * cos(angle), scale * sin(angle))
      for g in gaussians {
        let decay = 0.5 * (x * x * g.xx + 2 * x * y * g.xy + y * y * g.yy)
        sum += g.weight * cos(x * g.meanX + y * g.meanY) * exp(-decay)
      }
    }
    return stillShare + sum / Double(count)
  }

  /// ln G of a pair of unknown motion: the density of true counterparts at an offset, arcsec⁻².
  ///
  ///     G(x) = (1 − f★) N(x; 0, C) + Σ π_k N(x; τ μ_k, C + τ² Σ_k)
  ///
  /// - Parameters:
  ///   - eastArcsec, northArcsec: from a to b, in the axes of the mixture.
  ///   - covariance: C, of both positions together, in the same axes; valid.
  ///   - years: τ, the epoch of b less that of a, Julian years.
  /// - Complexity: O(Gaussians), some 30 ns each.
  public func logDensity(
    eastArcsec: Double, northArcsec: Double, covariance: PositionCovariance, years: Double
  ) -> Double {
    let (drift, square) = (years * 1e-3, years * years * 1e-6)
    let still = MotionGaussian(
      weight: stillShare, meanX: 0, meanY: 0, xx: covariance.xx, yy: covariance.yy, xy: covariance.xy)
    var sum = LogSum()
    if stillShare > 0 { sum.add(stillShare, still.logDensity(eastArcsec, northArcsec)) }
    for g in gaussians {
      let moved = MotionGaussian(
        weight: g.weight, meanX: drift * g.meanX, meanY: drift * g.meanY, xx: covariance.xx + square * g.xx,
        yy: covariance.yy + square * g.yy, xy: covariance.xy + square * g.xy)
      sum.add(g.weight, moved.logDensity(eastArcsec, northArcsec))
    }
    return sum.value
  }

  /// A radius beyond which less than e^(−t) of true counterparts lie, arcsec: each Gaussian by its drift and its largest variance, in the worst
  /// direction.
  /// - Parameters:
  ///   - varianceArcsec2: The largest variance of both positions together.
  ///   - level: t; infinite and NaN count as 0.
  public func reachArcsec(varianceArcsec2: Double, years: Double, level: Double) -> Double {
    guard level > 0, level < .infinity else { return 0 }
    let (drift, square) = (abs(years) * 1e-3, years * years * 1e-6)
    let least = max(varianceArcsec2, 1e-30)
    let parts =
      [Reach(weight: stillShare, drift: 0, variance: least)]
      + gaussians.map {
        Reach(
          weight: $0.weight, drift: drift * hypot($0.meanX, $0.meanY), variance: least + square * $0.largestVariance)
      }
    let farthest = parts.reduce(0) { max($0, $1.drift + (2 * level * $1.variance).squareRoot()) }
    guard farthest < .infinity else { return 0 }
    var (low, high) = (0.0, farthest)
    for _ in 0..<50 where high - low > 1e-9 * high {
      let middle = (low + high) / 2
      let outside = parts.reduce(0) { $0 + $1.outside(middle) }
      if outside > exp(-level) { low = middle } else { high = middle }
    }
    return high
  }

  /// A Gaussian as seen from the place where nothing moved.
  private struct Reach {
    let weight: Double
    let drift: Double
    let variance: Double

    /// At least what of it lies beyond a radius.
    func outside(_ radius: Double) -> Double {
      let beyond = max(0, radius - drift)
      return weight * exp(-beyond * beyond / (2 * variance))
    }
  }

  /// What is believed of a source's motion after a measurement of it, and ln of the density of the measurement, (mas/yr)⁻².
  ///
  ///     π'_k ∝ π_k N(μ̂; μ_k, Σ_k + C),   Σ'_k = (Σ_k⁻¹ + C⁻¹)⁻¹,   μ'_k = Σ'_k (Σ_k⁻¹ μ_k + C⁻¹ μ̂)
  ///
  /// - Parameter measured: μ̂ and its covariance C in the axes of the mixture; its weight is not used.
  /// - Returns: Nil if the measurement is none: not finite, or C not positive definite.
  public func combined(with measured: MotionGaussian) -> (mixture: MotionMixture, logEvidence: Double)? {
    guard measured.isPossible else { return nil }
    let stillLog = log(stillShare) + measured.logDensity(0, 0)
    let posteriors = gaussians.map { $0.combined(with: measured) }
    let largest = posteriors.reduce(stillLog) { max($0, $1.logWeight) }
    guard largest > -.infinity else { return nil }
    let still = exp(stillLog - largest)
    var updated = posteriors.map { posterior in
      var gaussian = posterior.gaussian
      gaussian.weight = exp(posterior.logWeight - largest)
      return gaussian
    }
    let total = updated.reduce(still) { $0 + $1.weight }
    for place in updated.indices { updated[place].weight /= total }
    return (MotionMixture(checked: updated, still: still / total), largest + log(total))
  }

  /// The same distribution in axes that are turned: x' = c x + s y.
  public func turned(cosine: Double, sine: Double) -> MotionMixture {
    MotionMixture(checked: gaussians.map { $0.turned(cosine: cosine, sine: sine) }, still: stillShare)
  }

  /// A mixture in Galactic axes, in those of right ascension and declination at a position.
  public func equatorial(at position: SkyPosition) -> MotionMixture {
    let axes = GalacticAxes(at: position)
    return turned(cosine: axes.cosine, sine: axes.sine)
  }

  /// Both distributions together, with shares that add up to 1.
  func mixed(with other: MotionMixture, share: Double) -> MotionMixture {
    if share <= 0 { return self }
    if share >= 1 { return other }
    return MotionMixture(
      checked: gaussians.map { $0.scaled(by: 1 - share) } + other.gaussians.map { $0.scaled(by: share) },
      still: (1 - share) * stillShare + share * other.stillShare)
  }
}

extension MotionGaussian {
  func scaled(by factor: Double) -> MotionGaussian {
    var scaled = self
    scaled.weight *= factor
    return scaled
  }

  /// The product with a measurement, and ln of its integral, weight included. Written with S = Σ + C, so that neither has to be inverted alone.
  fileprivate func combined(with measured: MotionGaussian) -> (gaussian: MotionGaussian, logWeight: Double) {
    let (sxx, syy, sxy) = (xx + measured.xx, yy + measured.yy, xy + measured.xy)
    let det = sxx * syy - sxy * sxy
    // The gain K = Σ S⁻¹; Σ' = K C, μ' = μ + K (μ̂ − μ).
    let (kxx, kxy) = ((xx * syy - xy * sxy) / det, (xy * sxx - xx * sxy) / det)
    let (kyx, kyy) = ((xy * syy - yy * sxy) / det, (yy * sxx - xy * sxy) / det)
    let (dx, dy) = (measured.meanX - meanX, measured.meanY - meanY)
    let cross = 0.5 * (kxx * measured.xy + kxy * measured.yy + kyx * measured.xx + kyy * measured.xy)
    let result = MotionGaussian(
      weight: weight, meanX: meanX + kxx * dx + kxy * dy, meanY: meanY + kyx * dx + kyy * dy,
      xx: kxx * measured.xx + kxy * measured.xy, yy: kyx * measured.xy + kyy * measured.yy, xy: cross)
    let together = MotionGaussian(weight: 1, meanX: meanX, meanY: meanY, xx: sxx, yy: syy, xy: sxy)
    return (result, log(weight) + together.logDensity(measured.meanX, measured.meanY))
  }
}

/// ln Σ w e^x, term by term, without overflow.
struct LogSum {
  private var largest = -Double.infinity
  private var sum = 0.0

  @inline(__always)
  mutating func add(_ weight: Double, _ exponent: Double) {
    if exponent > largest {
      sum = (largest > -.infinity ? sum * exp(largest - exponent) : 0) + weight
      largest = exponent
    } else if exponent > -.infinity {
      sum += weight * exp(exponent - largest)
    }
  }

  var value: Double { largest + log(sum) }
}
