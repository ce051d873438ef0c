import Glibc

/// The mean extinction that makes the models fit a catalogue's counts best, with both factors for it.
public struct ExtinctionRescaling: Sendable {
  /// The mean of A_V to infinity, mag.
  public let meanAV: Double
  /// Its standard error: where ln L, divided by max(1, deviance per degree of freedom), has fallen by ½, half the
  /// interval.
  public let meanAVError: Double
  /// The factors at that extinction.
  public let factors: CountRescaling
  /// The counts of the models there, without the factors.
  public let stars: DifferentialCounts
  /// Likewise.
  public let galaxies: DifferentialCounts

  /// Fits the mean of A_V; the shape of its distribution is that of `extinction`.
  ///
  /// The likelihood, maximised over both factors, is searched over A_V by golden section, so a single maximum in the
  /// interval is found; of several, one of them.
  ///
  /// - Parameters:
  ///   - limits: of the mean of A_V, mag, within 0 to 1000.
  ///   - tolerance: of the mean, mag.
  ///   - models: stars and galaxies for an extinction.
  /// - Throws: `CountsError` if the limits are not in order, and what the models throw.
  /// - Complexity: some 20 evaluations of the models.
  public init(
    of observed: ObservedCounts, extinction: ExtinctionDistribution, limits: ClosedRange<Double>,
    tolerance: Double = 0.005, range: CompleteRange? = nil,
    models: (ExtinctionDistribution) throws -> (stars: DifferentialCounts, galaxies: DifferentialCounts)
  ) throws {
    let complete = try range ?? CompleteRange(of: observed)
    func trial(_ meanAV: Double) throws -> Trial {
      let counts = try models(try extinction.scaled(toMeanAV: meanAV))
      let factors = try CountRescaling(
        of: observed, stars: counts.stars, galaxies: counts.galaxies, range: complete, extraParameters: 1)
      return Trial(meanAV: meanAV, factors: factors, stars: counts.stars, galaxies: counts.galaxies)
    }
    let precision = max(1e-4, tolerance.isFinite ? tolerance : 0.005)
    let best = try Self.search(limits, precision, trial)
    meanAV = best.meanAV
    factors = best.factors
    stars = best.stars
    galaxies = best.galaxies
    meanAVError = try Self.error(best, limits, precision, trial)
  }

  private struct Trial {
    let meanAV: Double
    let factors: CountRescaling
    let stars: DifferentialCounts
    let galaxies: DifferentialCounts
    var height: Double { factors.logLikelihood }
  }

  private static func search(
    _ limits: ClosedRange<Double>, _ tolerance: Double, _ trial: (Double) throws -> Trial
  ) throws -> Trial {
    let golden = 0.618_033_988_749_894_9
    var (low, high) = (limits.lowerBound, limits.upperBound)
    var left = try trial(high - golden * (high - low))
    var right = try trial(low + golden * (high - low))
    // 60 steps divide any interval by 10¹².
    for _ in 0..<60 where high - low > tolerance {
      if left.height >= right.height {
        high = right.meanAV
        right = left
        left = try trial(high - golden * (high - low))
      } else {
        low = left.meanAV
        left = right
        right = try trial(low + golden * (high - low))
      }
    }
    let ends = try [trial(limits.lowerBound), trial(limits.upperBound)]
    return ([left, right] + ends).max { $0.height < $1.height } ?? left
  }

  /// From the parabola through three heights a hundredth of the interval apart, or ten tolerances.
  private static func error(
    _ best: Trial, _ limits: ClosedRange<Double>, _ tolerance: Double, _ trial: (Double) throws -> Trial
  ) throws -> Double {
    let step = max(10 * tolerance, (limits.upperBound - limits.lowerBound) / 100)
    let low = max(limits.lowerBound, best.meanAV - step)
    let high = min(limits.upperBound, best.meanAV + step)
    guard low < best.meanAV, best.meanAV < high else { return .infinity }
    let (a, b) = (try trial(low), try trial(high))
    let (p, q) = (best.meanAV - low, high - best.meanAV)
    let bend = 2 * ((best.height - a.height) / p + (best.height - b.height) / q) / (p + q)
    let inflation = max(1, best.factors.reducedDeviance)
    return bend > 0 ? (inflation / bend).squareRoot() : .infinity
  }
}
