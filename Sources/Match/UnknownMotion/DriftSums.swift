internal import Glibc

/// Sums over Gaussians that drift, relative to the one that is the likeliest at the offset, eight perturbations at a time.
struct DriftSums {
  private let covariance: PositionCovariance
  private let east: Double
  private let north: Double
  private var least = Double.infinity
  private var density = 0.0

  /// Variances that are smaller count as this, arcsec².
  private static let leastVariance = 1e-30

  /// - Parameters:
  ///   - covariance: Of both positions, arcsec².
  ///   - east, north: The offset, arcsec; beyond 10⁷ it counts as that.
  @inline(__always)
  init(_ covariance: PositionCovariance, _ east: Double, _ north: Double) {
    self.covariance = covariance
    self.east = Self.bounded(east)
    self.north = Self.bounded(north)
  }

  @inline(__always)
  private static func bounded(_ offset: Double) -> Double { abs(offset) < 1e7 ? offset : 1e7 }

  /// A Gaussian after some years: its offset from the pair's, and its covariance with the errors.
  private struct Drifted {
    let x: Double
    let y: Double
    let xx: Double
    let yy: Double
    let xy: Double

    /// The χ²/2 and the determinant with variances that are added to both axes.
    @inline(__always)
    func terms(_ variances: SIMD8<Double>) -> (half: SIMD8<Double>, determinant: SIMD8<Double>) {
      let (a, b) = (xx + variances, yy + variances)
      let determinant = a * b - xy * xy
      return ((b * (x * x) - 2 * xy * x * y + a * (y * y)) / (2 * determinant), determinant)
    }
  }

  @inline(__always)
  private func drifted(_ g: MotionGaussian, _ years: Double) -> Drifted {
    let (drift, square) = (years * 1e-3, years * years * 1e-6)
    return Drifted(
      x: east - drift * g.meanX, y: north - drift * g.meanY,
      xx: max(covariance.xx + square * g.xx, Self.leastVariance),
      yy: max(covariance.yy + square * g.yy, Self.leastVariance), xy: covariance.xy + square * g.xy)
  }

  /// Takes part in the choice of what all terms are relative to: a Gaussian with its widest perturbation has the smallest χ².
  @inline(__always)
  mutating func reference(_ g: MotionGaussian, _ years: Double, widest: Double) {
    least = min(least, drifted(g, years).terms(SIMD8(repeating: widest)).half[0])
  }

  /// Adds a Gaussian with all perturbations.
  @inline(__always)
  mutating func add(
    _ g: MotionGaussian, _ years: Double, _ a: PerturbationMixture, _ b: PerturbationMixture, _ pair: PerturbedPair
  ) {
    let place = drifted(g, years)
    for i in Int(a.first)...Int(a.last) {
      let share = g.weight * a.weights[i]
      if share <= 0 { continue }
      let base = pair.variancesA[i]
      if b.first < 8 { add(share * b.weights.low, place.terms(base + pair.variancesB.low)) }
      if b.last >= 8 { add(share * b.weights.high, place.terms(base + pair.variancesB.high)) }
    }
  }

  @inline(__always)
  private mutating func add(
    _ weights: SIMD8<Double>, _ terms: (half: SIMD8<Double>, determinant: SIMD8<Double>)
  ) {
    let values = weights * Exponentials.nonPositive(least - terms.half)
    density += (values / terms.determinant.squareRoot()).sum()
  }

  /// ln of the sum, arcsec⁻².
  var logDensity: Double { log(density) - least - 1.8378770664093453 }
}

extension MotionGaussian {
  /// No motion at all.
  static let still = MotionGaussian(weight: 1, meanX: 0, meanY: 0, xx: 0, yy: 0, xy: 0)
}
