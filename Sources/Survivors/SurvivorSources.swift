/// The sources of one catalogue in a unit, column by column.
public struct SurvivorSources: Sendable {
  /// By band, then by source; mag, NaN where not detected.
  public let magnitudes: [[Double]]
  /// The variance of the position along any axis, arcsec²: within `variances`, as the nearest of these otherwise.
  public let varianceArcsec2: [Double]
  /// Whether the source belongs to this unit. Each source of a region belongs to one unit.
  public let isOwned: [Bool]
  /// Whether the source lies in the area that densities refer to, common to both catalogues.
  public let isCounted: [Bool]
  /// Areas to be used in place of those that follow from the variances.
  public let circles: ErrorCircles?

  /// What a variance can be, arcsec²: up to some 300°².
  static let variances = Double.leastNormalMagnitude...0x1p40

  /// - Precondition: All columns equally long.
  public init(
    magnitudes: [[Double]], varianceArcsec2: [Double], isOwned: [Bool], isCounted: [Bool], circles: ErrorCircles? = nil
  ) {
    let lengths = magnitudes.map(\.count) + [isOwned.count, isCounted.count]
    precondition(
      lengths.allSatisfy { $0 == varianceArcsec2.count }
        && circles?.fieldDegrees2.count ?? isOwned.count == isOwned.count,
      "SurvivorSources: columns of \(lengths) for \(varianceArcsec2.count) sources; allowed: all equally long")
    self.magnitudes = magnitudes
    // What is no number becomes the smallest.
    self.varianceArcsec2 = varianceArcsec2.map {
      $0 > Self.variances.lowerBound ? min($0, Self.variances.upperBound) : Self.variances.lowerBound
    }
    self.isOwned = isOwned
    self.isCounted = isCounted
    self.circles = circles
  }

  /// All sources owned and counted: a region in one piece.
  public init(magnitudes: [[Double]], varianceArcsec2: [Double], circles: ErrorCircles? = nil) {
    let all = [Bool](repeating: true, count: varianceArcsec2.count)
    self.init(
      magnitudes: magnitudes, varianceArcsec2: varianceArcsec2, isOwned: all, isCounted: all, circles: circles)
  }

  /// The number of sources.
  public var count: Int { isOwned.count }
}

/// Candidate pairs of a unit: index of a, index of b, and the CDF of their separation, column by column.
public struct SurvivorEdges: Sendable {
  /// Index of the source of a.
  public let a: [Int32]
  /// Index of the source of b.
  public let b: [Int32]
  /// The fraction of true counterparts nearer than this pair, 0 ≤ CDF < 1.
  public let cdf: [Double]

  /// - Precondition: All columns equally long.
  public init(a: [Int32], b: [Int32], cdf: [Double]) {
    precondition(
      a.count == b.count && a.count == cdf.count,
      "SurvivorEdges: columns of \(a.count), \(b.count), \(cdf.count) edges; allowed: all equally long")
    self.a = a
    self.b = b
    self.cdf = cdf
  }
}
