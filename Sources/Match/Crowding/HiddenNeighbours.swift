internal import Glibc

/// How many neighbours of every relative flux are expected within a source's PSF circle, Poisson distributed: λₖ for each bin.
///
///     λₖ = nₖ πR² ,    nₖ the density of neighbours in the bin, deg⁻²
public struct HiddenNeighbours: Sendable, Hashable {
  public let bins: NeighbourBins
  /// λₖ.
  public let expected: [Double]

  /// More neighbours than these within one PSF are no sky.
  public static let mostExpected = 1e5

  /// - Parameters:
  ///   - densitiesPerDegree2: nₖ for each bin: D(m + Δm) times the width of the bin, scaled by the local density.
  /// - Throws: `CrowdingError` unless every density is finite and not negative and at most 10⁵ neighbours are expected.
  public init(bins: NeighbourBins, densitiesPerDegree2: [Double], pointSpread: PointSpread) throws {
    try self.init(bins: bins, expected: densitiesPerDegree2.map { $0 * pointSpread.circleDegrees2 })
  }

  /// The neighbours of a source of magnitude m, from counts of sources.
  /// - Parameters:
  ///   - magnitude: m.
  ///   - brighterThan: How many sources per deg² are brighter than a magnitude where the source is; must not fall.
  public init(
    bins: NeighbourBins, magnitude: Double, pointSpread: PointSpread, brighterThan: (Double) -> Double
  ) throws {
    let counts = bins.edges.map { brighterThan(magnitude + $0) }
    try self.init(
      bins: bins, densitiesPerDegree2: zip(counts, counts.dropFirst()).map { $1 - $0 }, pointSpread: pointSpread)
  }

  /// - Parameter expected: λₖ for each bin.
  public init(bins: NeighbourBins, expected: [Double]) throws {
    guard expected.count == bins.count else {
      throw CrowdingError(
        "the number of counts of neighbours", given: "\(expected.count)", allowed: "\(bins.count), one a bin")
    }
    for count in expected {
      try CrowdingError.check("the number of neighbours expected in a bin", count, in: 0...Self.mostExpected)
    }
    try CrowdingError.check("the number of neighbours expected", expected.reduce(0, +), in: 0...Self.mostExpected)
    self.bins = bins
    self.expected = expected
  }

  /// Λ = Σ λₖ.
  public var total: Double { expected.reduce(0, +) }

  /// e^(−Λ): the probability of no neighbour.
  public var deltaWeight: Double { exp(-total) }

  /// Λ_q: how many neighbours with more than the relative flux `cut` are expected.
  public func total(above cut: Double) -> Double {
    expected.indices.reduce(0) { $0 + expected[$1] * bins.share(of: $1, above: cut) }
  }

  /// 1 − e^(−Λ_q): the probability of at least one neighbour with more than the relative flux `cut`.
  public func contaminated(above cut: Double) -> Double { -expm1(-total(above: cut)) }

  /// Σ λₖ f̄ₖ: the mean flux of all neighbours within the circle, relative to the source.
  public var meanFlux: Double {
    expected.indices.reduce(0) {
      let (low, high) = bins.fluxes(of: $1)
      return $0 + expected[$1] * (low + high) / 2
    }
  }

  /// The same sky without the neighbours above a cut in relative flux.
  func fainter(than cut: Double) -> [Double] {
    expected.indices.map { expected[$0] * (1 - bins.share(of: $0, above: cut)) }
  }
}
