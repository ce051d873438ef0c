internal import Glibc

/// How far a source whose motion is not known has moved between the epochs of a pair: Σ wⱼ N(0, vⱼ), vⱼ ascending. No memory of its own.
public struct DriftLaw: Sendable, Hashable {
  /// wⱼ; their sum is 1.
  private(set) var weights = SIMD8<Double>.zero
  /// vⱼ per axis, arcsec²; Gaussians without weight have that of the widest.
  private(set) var variancesArcsec2 = SIMD8<Double>.zero
  /// τ², years².
  private(set) var squaredYears = 0.0

  /// Gaussians of a law.
  static let count = 8
  /// Drifts below this share of the variance of the errors are taken together.
  private static let small = 0.1
  private static let negligible = 1e-7

  /// Nothing moves.
  public static let none: DriftLaw = {
    var law = DriftLaw()
    law.weights[0] = 1
    return law
  }()

  private init() {}

  /// The motions of a source over some years. Widths that hardly add to the errors are taken together, wider ones by neighbours.
  /// - Parameters:
  ///   - years: τ, the difference of epochs, of either sign.
  ///   - spreadArcsec2: The variance of the errors of the pair.
  /// - Complexity: some 40 ns.
  public init(_ motion: MotionWidths, years: Double, spreadArcsec2: Double) {
    let squared = years * years
    guard squared > 0, squared < 1e8 else {
      self = .none
      return
    }
    self.init(first: motion.first, last: motion.last, small: Self.small * spreadArcsec2) {
      (motion[$0], MotionWidths.varianceArcsec2(of: $0, squaredYears: squared))
    }
    squaredYears = squared
  }

  /// Gaussians of ascending variances.
  init(weights: [Double], variancesArcsec2: [Double], squaredYears: Double) {
    guard let last = weights.lastIndex(where: { $0 > Self.negligible }) else {
      self = .none
      return
    }
    self.init(first: 0, last: last, small: 0) { (weights[$0], variancesArcsec2[$0]) }
    self.squaredYears = squaredYears
  }

  @inline(__always)
  private init(first: Int, last: Int, small: Double, _ term: (Int) -> (weight: Double, variance: Double)) {
    var next = first
    while next <= last, term(next).variance <= small { next += 1 }
    add(first..<next, at: 0, term)
    let lanes = next > first ? Self.count - 1 : Self.count
    let group = max(1, (last - next + lanes) / lanes)
    var lane = Self.count - lanes
    while next <= last {
      add(next..<min(next + group, last + 1), at: lane, term)
      (next, lane) = (next + group, lane + 1)
    }
    normalise()
  }

  /// The Gaussians of a range as one, of their mean variance.
  private mutating func add(_ range: Range<Int>, at lane: Int, _ term: (Int) -> (weight: Double, variance: Double)) {
    var (weight, sum) = (0.0, 0.0)
    for place in range {
      let (own, variance) = term(place)
      weight += own
      sum += own * variance
    }
    if weight > 0 { (weights[lane], variancesArcsec2[lane]) = (weight, sum / weight) }
  }

  private mutating func normalise() {
    let total = weights.sum()
    guard total > 0 else {
      self = .none
      return
    }
    weights /= total
    let widest = variancesArcsec2.max()
    variancesArcsec2.replace(with: widest, where: weights .<= 0)
  }

  /// Whether nothing moves.
  @inline(__always)
  public var isNone: Bool { squaredYears == 0 }

  /// The mean variance per axis, arcsec².
  public var meanVarianceArcsec2: Double { (weights * variancesArcsec2).sum() }
}
