import Glibc

/// How the extinction A_V to infinity varies across a piece of sky: values with weights that add up to 1.
///
/// Counts are means over the distribution. One mean value instead pushes the counts too faint where dust is patchy: the
/// windows through it show most of the sources.
public struct ExtinctionDistribution: Sendable, Hashable {
  /// A_V to infinity, mag.
  public let values: [Double]
  /// Shares of the sky, which add up to 1.
  public let weights: [Double]

  /// A_V that is believed, mag.
  public static let believed = 0.0...1000.0
  /// Scatter of ln A_V that is believed.
  public static let believedScatter = 0.0...3.0
  /// The most values a distribution may have.
  public static let largestCount = 4096

  /// No dust.
  public static let none = ExtinctionDistribution(checked: [0], [1])

  /// The same extinction everywhere.
  ///
  /// - Throws: `CountsError` unless 0 ≤ A_V ≤ 1000 mag.
  public init(uniform extinctionAV: Double) throws {
    self.init(checked: [try Self.checked(extinctionAV)], [1])
  }

  /// Measured values, all of the same weight.
  ///
  /// - Throws: `CountsError` if there are none or more than 4096, or unless 0 ≤ A_V ≤ 1000 mag.
  public init(values: [Double]) throws {
    guard !values.isEmpty, values.count <= Self.largestCount else {
      throw CountsError("a distribution of extinction has \(values.count) values; allowed: 1 to \(Self.largestCount)")
    }
    let checked = try values.map(Self.checked)
    self.init(checked: checked, [Double](repeating: 1 / Double(values.count), count: values.count))
  }

  /// A lognormal distribution, as the columns of dust across a field have: ln A_V is normal.
  ///
  /// The mean over a function of A_V is the trapezoidal sum over 15 values of ln A_V in ±3.5 σ, half a σ apart; for a
  /// normal density it converges faster than any power of the step (the error is of the order e^(−8π²)), so that the
  /// cut at 3.5 σ, 5 · 10⁻⁴, is all of the error. The values are scaled so that the mean is exact.
  ///
  /// - Parameters:
  ///   - meanAV: the mean of A_V, mag, 0 to 1000.
  ///   - scatter: the standard deviation of ln A_V, 0 to 3.
  /// - Throws: `CountsError` outside these ranges.
  public init(lognormalMean meanAV: Double, scatter: Double) throws {
    let mean = try Self.checked(meanAV)
    let sigma = try CountsError.checked(scatter, "the scatter of ln A_V", unit: "", in: Self.believedScatter)
    guard mean > 0, sigma > 0 else {
      self.init(checked: [mean], [1])
      return
    }
    let normal = (-7...7).map { Double($0) / 2 }
    let density = normal.map { exp(-$0 * $0 / 2) }
    let total = density.reduce(0, +)
    let weights = density.map { $0 / total }
    let raw = normal.map { exp(sigma * $0) }
    let rawMean = zip(raw, weights).reduce(0) { $0 + $1.0 * $1.1 }
    self.init(checked: raw.map { $0 / rawMean * mean }, weights)
  }

  private init(checked values: [Double], _ weights: [Double]) {
    self.values = values
    self.weights = weights
  }

  private static func checked(_ value: Double) throws -> Double {
    try CountsError.checked(value, "the extinction A_V", unit: "mag", in: believed)
  }

  /// The mean of A_V, mag.
  public var meanAV: Double { zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The same distribution with another mean: all values times one factor.
  ///
  /// - Throws: `CountsError` unless 0 ≤ A_V ≤ 1000 mag.
  public func scaled(toMeanAV target: Double) throws -> ExtinctionDistribution {
    let mean = meanAV
    let wanted = try Self.checked(target)
    guard mean > 0 else { return try ExtinctionDistribution(uniform: wanted) }
    return ExtinctionDistribution(checked: values.map { $0 / mean * wanted }, weights)
  }
}
