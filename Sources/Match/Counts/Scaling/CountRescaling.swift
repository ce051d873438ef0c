import Glibc

/// Model counts of stars and galaxies brought to a catalogue's own: two factors by the likelihood of Poisson counts in
/// the magnitudes where the catalogue is complete.
///
///     ln L = Σ_i n_i ln(s a_i + g b_i) − (s a_i + g b_i),   s, g ≥ 0
///
/// a_i and b_i are the stars and galaxies that the models predict in bin i. ln L is concave: the maximum is unique,
/// inside or where one factor is 0.
public struct CountRescaling: Sendable, Hashable {
  /// s.
  public let starFactor: Double
  /// g.
  public let galaxyFactor: Double
  /// The standard error of s from the curvature of ln L, times √max(1, deviance per degree of freedom); infinite if the
  /// counts do not tell; of a factor that is 0, the value at which ln L has fallen by ½.
  public let starFactorError: Double
  /// Likewise of g.
  public let galaxyFactorError: Double
  /// 2 Σ [n ln(n/λ) − n + λ].
  public let deviance: Double
  /// Bins less fitted quantities.
  public let degreesOfFreedom: Int
  /// Sources that were compared.
  public let sourcesUsed: Double
  /// Where the counts were compared.
  public let range: CompleteRange
  /// ln L without its constant.
  let logLikelihood: Double

  /// Deviance per degree of freedom: 1 for a perfect model. One that is right to 5 % has more where counts are large.
  public var reducedDeviance: Double { degreesOfFreedom > 0 ? deviance / Double(degreesOfFreedom) : .nan }

  /// Fits both factors.
  ///
  /// - Parameters:
  ///   - range: where the catalogue is complete; nil: found from the counts.
  ///   - extraParameters: quantities that were fitted besides.
  /// - Throws: `CountsError` if the range cannot be found, or no bin lies in it where the models predict sources.
  /// - Complexity: O(bins · iterations), well below 1 ms.
  public init(
    of observed: ObservedCounts, stars: DifferentialCounts, galaxies: DifferentialCounts, range: CompleteRange? = nil,
    extraParameters: Int = 0
  ) throws {
    let complete = try range ?? CompleteRange(of: observed)
    let used = (0..<observed.grid.count).filter { complete.contains(observed.grid[$0], step: observed.grid.step) }
    let fit = TwoFactorFit(
      counts: used.map { Double(observed.counts[$0]) }, first: used.map { observed.expected(stars, inBin: $0) },
      second: used.map { observed.expected(galaxies, inBin: $0) })
    guard fit.bins > 0 else {
      throw CountsError(
        "no bin between \(complete.saturationMagnitude) and \(complete.completenessMagnitude) mag has both counts and a model"
      )
    }
    starFactor = fit.factors.x
    galaxyFactor = fit.factors.y
    deviance = fit.deviance
    let fitted = (fit.factors.x > 0 ? 1 : 0) + (fit.factors.y > 0 ? 1 : 0) + max(0, extraParameters)
    degreesOfFreedom = max(0, fit.bins - fitted)
    let inflation = degreesOfFreedom > 0 ? max(1, fit.deviance / Double(degreesOfFreedom)).squareRoot() : 1
    starFactorError = fit.errors.x * inflation
    galaxyFactorError = fit.errors.y * inflation
    sourcesUsed = used.reduce(0) { $0 + Double(observed.counts[$1]) }
    self.range = complete
    logLikelihood = fit.logLikelihood(fit.factors)
  }

  /// s times the stars plus g times the galaxies.
  public func scaled(stars: DifferentialCounts, galaxies: DifferentialCounts) -> DifferentialCounts {
    stars.scaled(by: starFactor) + galaxies.scaled(by: galaxyFactor)
  }
}
