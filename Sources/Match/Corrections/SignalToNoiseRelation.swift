internal import Glibc

/// How a catalogue's signal to noise follows from magnitude, for a catalogue that gives only errors of magnitudes.
///
///     SNR(S) = S / √(c S + b + (a S)²),     S = 10^(−0.4 m)
///
/// a is the inverse of the largest SNR, b the variance of the background, c the noise of photons. V = (S/SNR)² is linear in (c, b, a²): one least-squares
/// problem with weights 1/V² and no negative solution, without starting values.
public struct SignalToNoiseRelation: Sendable, Hashable {
  /// a.
  public let inverseCeiling: Double
  /// b, in units of S².
  public let background: Double
  /// c, in units of S.
  public let photons: Double

  /// A source with less takes no part.
  private static let leastSNR = 2.0
  private static let bins = 399

  /// The SNR of an error of magnitude, 1/(10^(0.4 δm) − 1); nil unless it is positive and finite.
  public static func signalToNoise(magnitudeError: Double) -> Double? {
    let excess = expm1(0.4 * log(10) * magnitudeError)
    return excess > 0 && excess.isFinite ? 1 / excess : nil
  }

  /// Fits it: medians of ln V in 399 bins of ln S, of sources within 0.1 to 99.9 % in S and in V.
  /// - Throws: `CorrectionError` if fewer than 20 sources have a magnitude and an SNR of at least 2.
  public init(magnitudes: [Double], signalToNoise: [Double]) throws {
    let used = zip(magnitudes, signalToNoise).filter {
      (-60...99).contains($0.0) && $0.1 > Self.leastSNR && $0.1 < 1e12
    }
    guard used.count >= CorrectionFit.fewest else {
      throw CorrectionError(
        "a relation of signal to noise has \(used.count) usable sources; allowed: at least \(CorrectionFit.fewest), with "
          + "a finite magnitude and an SNR above \(Self.leastSNR)")
    }
    // S relative to that of the median magnitude, so that its powers are of the same size.
    let middle = CorrectionScale.median(used.map(\.0))
    let points = Self.trimmed(used.map { (-0.4 * log(10) * ($0.0 - middle), log($0.1)) })
    let medians = Self.medians(points.map { ($0.0, 2 * ($0.0 - $0.1)) })
    let (c, b, a2) = Self.solve(medians)
    let unit = pow(10, -0.4 * middle)
    inverseCeiling = a2.squareRoot()
    background = b * unit * unit
    photons = c * unit
  }

  /// SNR at a magnitude.
  public func signalToNoise(magnitude: Double) -> Double {
    let s = pow(10, -0.4 * magnitude)
    return s / (photons * s + background + inverseCeiling * inverseCeiling * s * s).squareRoot()
  }

  /// Points within 0.1 to 99.9 % of ln S and of ln (S/SNR), if they are many.
  private static func trimmed(_ points: [(Double, Double)]) -> [(Double, Double)] {
    guard points.count >= 1000 else { return points }
    let (flux, noise) = (points.map(\.0).sorted(), points.map { $0.0 - $0.1 }.sorted())
    let (low, high) = (AutoHistogram.quantile(flux, 0.001), AutoHistogram.quantile(flux, 0.999))
    let (quiet, loud) = (AutoHistogram.quantile(noise, 0.001), AutoHistogram.quantile(noise, 0.999))
    let kept = points.filter { $0.0 > low && $0.0 < high && $0.0 - $0.1 > quiet && $0.0 - $0.1 < loud }
    return kept.count >= CorrectionFit.fewest ? kept : points
  }

  /// S and V at the medians of equal bins of ln S.
  private static func medians(_ points: [(flux: Double, variance: Double)]) -> [(s: Double, v: Double)] {
    let least = points.reduce(Double.infinity) { min($0, $1.flux) }
    let range = points.reduce(-Double.infinity) { max($0, $1.flux) } - least
    var binned = [[(flux: Double, variance: Double)]](repeating: [], count: bins)
    for point in points {
      let place = range > 0 ? (point.flux - least) / range * Double(bins) : 0
      binned[min(Int(place), bins - 1)].append(point)
    }
    return binned.filter { !$0.isEmpty }.map { bin in
      (exp(CorrectionScale.median(bin.map(\.flux))), exp(CorrectionScale.median(bin.map(\.variance))))
    }
  }

  private static func solve(_ medians: [(s: Double, v: Double)]) -> (c: Double, b: Double, a2: Double) {
    let rows = medians.map { [$0.s / $0.v, 1 / $0.v, $0.s * $0.s / $0.v] }
    // Columns of length 1, so that no unit matters.
    let lengths = (0..<3).map { column in max(rows.reduce(0) { $0 + $1[column] * $1[column] }.squareRoot(), 1e-300) }
    var (gram, moments) = ([Double](repeating: 0, count: 9), [Double](repeating: 0, count: 3))
    for row in rows {
      let scaled = (0..<3).map { row[$0] / lengths[$0] }
      for i in 0..<3 {
        moments[i] += scaled[i]
        for j in 0..<3 { gram[3 * i + j] += scaled[i] * scaled[j] }
      }
    }
    let solution = NonNegativeLeastSquares(gram: gram, moments: moments).coefficients
    return (solution[0] / lengths[0], solution[1] / lengths[1], solution[2] / lengths[2])
  }
}
