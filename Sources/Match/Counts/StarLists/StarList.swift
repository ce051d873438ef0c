/// Simulated stars of a piece of sky: their magnitudes in some bands and their extinctions, with the area that they
/// fill.
public struct StarList: Sendable {
  /// The solid angle, deg².
  public let areaDeg2: Double
  /// A_V to infinity with which they were simulated, mag.
  public let extinctionAV: Double
  /// The names of the bands, as the list spells them.
  public let bands: [String]
  /// The magnitudes, one array per band, without those of no use (NaN).
  public let magnitudes: [[Float]]
  /// Each star's own A_V, at its distance, mag.
  public let starAV: [Float]
  /// Whether the list says that its simulation ended normally.
  public let endsNormally: Bool

  /// The number of stars.
  public var count: Int { starAV.count }

  /// A list.
  ///
  /// - Throws: `CountsError` unless there is one array of as many magnitudes per band as there are stars, the area is
  ///   positive and no larger
  ///   than the sky, and 0 ≤ A_V ≤ 1000 mag.
  public init(
    areaDeg2: Double, extinctionAV: Double, bands: [String], magnitudes: [[Float]], starAV: [Float],
    endsNormally: Bool = true
  ) throws {
    self.areaDeg2 = try CountsError.checked(
      areaDeg2, "the area of a star list", unit: "deg²", in: 1e-9...ObservedCounts.wholeSkyDeg2 * 1.000_001)
    self.extinctionAV = try CountsError.checked(
      extinctionAV, "A_V to infinity of a star list", unit: "mag", in: ExtinctionDistribution.believed)
    guard magnitudes.count == bands.count, magnitudes.allSatisfy({ $0.count == starAV.count }) else {
      throw CountsError("a star list of \(starAV.count) stars in \(bands.count) bands has other numbers of magnitudes")
    }
    self.bands = bands
    self.magnitudes = magnitudes
    self.starAV = starAV
    self.endsNormally = endsNormally
  }

  /// The brightest and the faintest magnitude in a band; nil without stars, or if the band is not in the list.
  public func magnitudeRange(band: String) -> ClosedRange<Double>? {
    guard let index = bands.firstIndex(of: band) else { return nil }
    let finite = magnitudes[index].filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    return Double(low)...Double(high)
  }

  /// Stars per magnitude and square degree, with their standard errors.
  ///
  ///     m′ = m + (A_V,i / A_V,list − 1) · A_V,star · A_λ/A_V,   N = Σ_i w_i n(m′) / (Δm Ω)
  ///
  /// The extinction of each star is rescaled, so that it goes on depending on distance.
  ///
  /// - Parameters:
  ///   - extinction: A_V to infinity across the field; nil: as simulated.
  ///   - extinctionRatio: A_λ / A_V, 0 to 5.
  /// - Throws: `CountsError` if the list lacks the band, or an extinction is asked for and A_V of the list is below 0.1
  ///   mag.
  /// - Complexity: O(stars · values of A_V), about 2 ns each.
  public func counts(
    band: String, on grid: MagnitudeGrid, extinction: ExtinctionDistribution? = nil, extinctionRatio: Double
  ) throws -> (counts: DifferentialCounts, errors: [Double]) {
    guard let index = bands.firstIndex(of: band) else {
      throw CountsError("the star list has no band '\(band)'; it has: \(bands.joined(separator: ", "))")
    }
    let ratio = try CountsError.checked(extinctionRatio, "A_λ/A_V", unit: "", in: CountBand.extinctionRatios)
    if extinction != nil, extinctionAV < 0.1 {
      throw CountsError(
        "the star list was simulated with A_V = \(extinctionAV) mag, too little to rescale; needed: 0.1 mag, best 1 mag"
      )
    }
    let shifts = extinction.map { $0.values.map { Float(($0 / extinctionAV - 1) * ratio) } } ?? [0]
    let weights = extinction?.weights ?? [1]
    var sums = [Double](repeating: 0, count: grid.count)
    var squares = sums
    for (shift, weight) in zip(shifts, weights) {
      let numbers = histogram(magnitudes[index], shift: shift, on: grid)
      for i in sums.indices {
        sums[i] += weight * Double(numbers[i])
        squares[i] += weight * weight * Double(numbers[i])
      }
    }
    let unit = grid.step * areaDeg2
    return (
      DifferentialCounts(grid: grid, density: sums.map { $0 / unit }), squares.map { $0.squareRoot() / unit }
    )
  }

  private func histogram(_ magnitudes: [Float], shift: Float, on grid: MagnitudeGrid) -> [Int64] {
    var numbers = [Int64](repeating: 0, count: grid.count)
    let bright = grid.first - grid.step / 2
    let limit = Double(grid.count)
    for i in magnitudes.indices {
      let place = (Double(magnitudes[i] + shift * starAV[i]) - bright) / grid.step
      if place >= 0, place < limit { numbers[Int(place)] += 1 }
    }
    return numbers
  }
}
