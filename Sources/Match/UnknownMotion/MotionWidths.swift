internal import Glibc

/// A distribution of proper motion averaged over position angle, as Gaussians of fixed widths about rest: their weights. No memory of its own.
///
/// The probability that a true pair lies within a separation, and so candidates, reaches and levels, follow from the circular average alone.
/// What a pair's own direction says beside it, `MotionMixture` knows.
public struct MotionWidths: Sendable, Hashable {
  /// How many widths there are.
  public static let count = 24
  /// The largest width, 2,244 mas/yr.
  public static let largestSigma = sigma(of: count - 1)

  private var low = SIMD8<Double>.zero
  private var middle = SIMD8<Double>.zero
  private var high = SIMD8<Double>.zero
  /// The first and the last width of a weight that is not negligible.
  public private(set) var first: Int
  public private(set) var last: Int

  private static let negligible = 1e-7
  private static let (smallest, ratio) = (0.3, 1.5)
  private static let squares: [Double] = (0..<count).map { sigma(of: $0) * sigma(of: $0) }

  /// Nothing moves.
  public static let still = MotionWidths(weights: [1])

  /// σ of a width per axis, mas/yr: 0, then 0.3 · 1.5^(k − 1).
  public static func sigma(of width: Int) -> Double { width <= 0 ? 0 : smallest * pow(ratio, Double(width - 1)) }

  /// Weights that are not negative, from the first width on; what is missing is 0.
  init(weights: [Double]) {
    (first, last) = (0, 0)
    for (k, weight) in weights.prefix(Self.count).enumerated() { self[k] = weight }
    settle()
  }

  private mutating func settle() {
    let used = (0..<Self.count).filter { self[$0] > Self.negligible }
    (first, last) = (used.first ?? 0, used.last ?? 0)
  }

  /// The weight of a width; 0 if there is no such width.
  public private(set) subscript(width: Int) -> Double {
    get {
      switch width {
      case 0..<8: low[width]
      case 8..<16: middle[width - 8]
      case 16..<24: high[width - 16]
      default: 0
      }
    }
    set {
      switch width {
      case 0..<8: low[width] = newValue
      case 8..<16: middle[width - 8] = newValue
      case 16..<24: high[width - 16] = newValue
      default: break
      }
    }
  }

  /// The sum of the weights: 1.
  public var total: Double { (low + middle + high).sum() }

  /// ⟨|μ|²⟩, (mas/yr)².
  public var meanSquare: Double { (0..<Self.count).reduce(0) { $0 + 2 * self[$1] * Self.squares[$1] } }

  /// The variance per axis that a width adds to positions over some years, arcsec².
  @inline(__always)
  static func varianceArcsec2(of width: Int, squaredYears: Double) -> Double { squares[width] * squaredYears * 1e-6 }

  /// Weights and variances over some years, arcsec² per axis: what adds to the variance of a pair.
  /// - Parameter years: τ, the difference of epochs, of either sign.
  public func variancesArcsec2(years: Double) -> [(weight: Double, varianceArcsec2: Double)] {
    (first...last).filter { self[$0] > Self.negligible }.map {
      (self[$0], Self.varianceArcsec2(of: $0, squaredYears: years * years))
    }
  }

  /// The circular average of the characteristic function, Σ w_k exp(−2π²u²σ_k²).
  /// - Parameter u: yr/arcsec.
  public func circularTransform(at u: Double) -> Double {
    (first...last).reduce(0) { $0 + self[$1] * exp(-2 * .pi * .pi * u * u * Self.squares[$1] * 1e-6) }
  }

  /// Both together.
  func mixed(with other: MotionWidths, share: Double) -> MotionWidths {
    var result = self
    result.low = (1 - share) * low + share * other.low
    result.middle = (1 - share) * middle + share * other.middle
    result.high = (1 - share) * high + share * other.high
    (result.first, result.last) = (min(first, other.first), max(last, other.last))
    return result
  }
}
