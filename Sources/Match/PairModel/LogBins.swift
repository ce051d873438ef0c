internal import Glibc

/// Bins of equal width in the logarithm of a positive quantity. Values below the first bin and above the last one belong to these.
public struct LogBins: Sendable, Hashable {
  /// The number of bins.
  public let count: Int
  private let perUnit: Double
  private let lowest: Double

  /// - Parameters:
  ///   - perOctave: Bins in a factor of 2.
  ///   - lowest: Where the first bin begins.
  init(perOctave: Double, from lowest: Double, count: Int) {
    self.count = count
    perUnit = perOctave
    self.lowest = log2(lowest) * perOctave
  }

  /// The bin of a value; the first one for what is not a positive number.
  @inline(__always)
  public func bin(_ value: Double) -> Int {
    let place = log2(value) * perUnit - lowest
    return place > 0 ? Int(min(place, Double(count - 1))) : 0
  }

  /// A value, or the nearest one that the bins cover; the least for what is not a number.
  func bounded(_ value: Double) -> Double {
    let (least, most) = (exp2(lowest / perUnit), end(count - 1))
    return value > least ? min(value, most) : least
  }

  /// The value in the middle of a bin.
  public func middle(_ bin: Int) -> Double { exp2((Double(bin) + 0.5 + lowest) / perUnit) }

  /// The value where a bin ends.
  public func end(_ bin: Int) -> Double { exp2((Double(bin + 1) + lowest) / perUnit) }

  /// √det of the covariance of a pair, arcsec²: quarters of an octave.
  public static let spreads = LogBins(perOctave: 4, from: 0x1p-40, count: 256)
  /// The density around a pair, deg⁻²: thirds of an octave.
  public static let densities = LogBins(perOctave: 3, from: 0x1p-8, count: 128)
  /// The quoted error of a source, arcsec: about 0.025 dex.
  public static let errors = LogBins(perOctave: 12, from: 0x1p-13, count: 256)
}
