internal import Glibc

/// m and n from slices of binned separations, as the report's own corrections are fitted: the reference for `CorrectionFit`.
///
/// Poisson counts; F of each slice follows exactly. Medians stand for errors, densities and perturbations of all pairs of a slice.
///
/// - Source: Wilson & Naylor (2023, LUSC-B-37).
public struct SliceFit: Sendable {
  /// m and n.
  public let correction: ErrorCorrection
  /// How well they are known.
  public let errors: CorrectionErrors
  /// The smallest −ln L.
  public let negativeLogLikelihood: Double
  /// The same with errors as they are quoted.
  public let negativeLogLikelihoodAsQuoted: Double
  /// F of each slice.
  public let chanceShares: [Double]
  /// The error that each slice alone would have, arcsec.
  public let individualSigmas: [Double]

  /// Fewer pairs in a bin count as this.
  static let leastExpected = 1e-10

  /// - Throws: `CorrectionError` without slices.
  public init(_ slices: [SeparationSlice], relation: ErrorRelation = .quadratic) throws {
    guard !slices.isEmpty else {
      throw CorrectionError(
        "a correction of errors from slices has none; allowed: at least 1; take a larger piece of sky")
    }
    let likelihood = SliceLikelihood(slices, relation: relation)
    let best = likelihood.maximum()
    let scale = likelihood.scale
    correction = scale.correction(best.point)
    negativeLogLikelihood = -best.value
    negativeLogLikelihoodAsQuoted =
      -likelihood.value(at: scale.point(factor: scale.quoted / scale.separation, floor: 0))
    errors = CorrectionErrors(scale, best.point, likelihood.derivatives(at: best.point))
    let fitted = correction
    chanceShares = slices.map { $0.bestChanceShare(sigmaArcsec: fitted.sigmaArcsec(quoted: $0.quotedError)) }
    individualSigmas = slices.map { slice in
      let own = SliceLikelihood([slice], relation: .quadratic, holdsFloor: true)
      return own.scale.correction(own.maximum().point).sigmaArcsec(quoted: slice.quotedError)
    }
  }
}

/// ln L of m and n over slices.
struct SliceLikelihood: BoundedFunction {
  let scale: CorrectionScale
  private let slices: [SeparationSlice]
  let lower: [Double]
  let upper: [Double]

  /// - Parameter holdsFloor: Whether n is 0.
  init(_ slices: [SeparationSlice], relation: ErrorRelation, holdsFloor: Bool = false) {
    self.slices = slices
    scale = CorrectionScale(
      relation: relation, quotedErrors: slices.map(\.quotedError), separations: slices.map(Self.medianSeparation))
    lower = scale.lower
    upper = holdsFloor ? [scale.upper[0], 0] : scale.upper
  }

  /// The middle of the bin in which the median lies, arcsec.
  private static func medianSeparation(_ slice: SeparationSlice) -> Double {
    let half = Double(slice.counts.reduce(0, +)) / 2
    var sum = 0.0
    for (place, count) in slice.counts.enumerated() {
      sum += Double(count)
      if sum >= half { return 0.5 * (slice.edgesArcsec[place] + slice.edgesArcsec[place + 1]) }
    }
    return slice.edgesArcsec.last ?? 1
  }

  func maximum() -> BoundedMaximum {
    var best = (value: -Double.infinity, point: scale.point(factor: 1, floor: 0.1))
    for factor in [0.1, 0.3, 1, 3] {
      for floor in upper[1] > 0 ? [0, 0.3, 1] : [0] {
        let point = scale.point(factor: factor, floor: floor)
        let value = value(at: point)
        if value > best.value { best = (value, point) }
      }
    }
    return BoundedMaximum(of: self, from: best.point)
  }

  func value(at point: [Double]) -> Double {
    slices.reduce(0) { sum, slice in
      let variance = scale.variance(SIMD2(point[0], point[1]), quotedError: slice.quotedError).value
      let share = SliceShare(slice, slice.shares(variance: variance + slice.otherVarianceArcsec2))
      return sum + share.logLikelihood(share.best())
    }
  }

  func derivatives(at point: [Double]) -> Derivatives {
    var sums = Derivatives(dimension: 2)
    for slice in slices {
      let variance = scale.variance(SIMD2(point[0], point[1]), quotedError: slice.quotedError)
      let share = SliceShare(slice, slice.shares(variance: variance.value + slice.otherVarianceArcsec2))
      let profile = share.profile()
      let slopes = [variance.byFactor, variance.byFloor]
      let second = [variance.second.x, variance.second.y, variance.second.y, variance.second.z]
      sums.value += profile.value
      for i in 0..<2 {
        sums.gradient[i] += profile.first * slopes[i]
        for j in 0..<2 {
          sums.hessian[2 * i + j] += profile.second * slopes[i] * slopes[j] + profile.first * second[2 * i + j]
        }
      }
    }
    return sums
  }
}
