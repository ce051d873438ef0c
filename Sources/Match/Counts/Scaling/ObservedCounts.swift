public import Indexing

/// How many sources of a catalogue have which magnitude in a band, in a piece of sky.
public struct ObservedCounts: Sendable, Hashable {
  /// The bins: counts are those within half a step of a centre.
  public let grid: MagnitudeGrid
  /// Sources per bin.
  public let counts: [Int64]
  /// The solid angle, deg².
  public let areaDeg2: Double

  /// The whole sky, deg².
  public static let wholeSkyDeg2 = 129_600 / Double.pi

  /// - Throws: `CountsError` unless there are as many counts as bins, none negative, and the area is positive and no
  ///   larger than the sky.
  public init(grid: MagnitudeGrid, counts: [Int64], areaDeg2: Double) throws {
    guard counts.count == grid.count, counts.allSatisfy({ $0 >= 0 }) else {
      throw CountsError("\(counts.count) observed counts for \(grid.count) magnitudes; allowed: as many, none negative")
    }
    guard areaDeg2 > 0, areaDeg2 <= Self.wholeSkyDeg2 * 1.000_001 else {
      throw CountsError("the observed counts cover \(areaDeg2) deg²; allowed: more than 0, up to the whole sky")
    }
    self.grid = grid
    self.counts = counts
    self.areaDeg2 = areaDeg2
  }

  /// From a histogram in steps of 0.1 mag.
  ///
  /// - Throws: `CountsError` if it is empty, holds magnitudes beyond those that counts are made for, or the area is
  ///   none.
  public init(_ histogram: MagnitudeHistogram, areaDeg2: Double) throws {
    let first = (Double(histogram.firstBin) + 0.5) / 10
    let grid = try MagnitudeGrid(first: first, step: 0.1, count: histogram.counts.count)
    try self.init(grid: grid, counts: histogram.counts, areaDeg2: areaDeg2)
  }

  /// Sources mag⁻¹ deg⁻².
  public var density: DifferentialCounts {
    DifferentialCounts(grid: grid, density: counts.map { Double($0) / (areaDeg2 * grid.step) })
  }

  /// The number of sources that counts predict in a bin: the integral by Simpson's rule.
  func expected(_ model: DifferentialCounts, inBin i: Int) -> Double {
    let half = grid.step / 2
    let sum = model.density(at: grid[i] - half) + 4 * model.density(at: grid[i]) + model.density(at: grid[i] + half)
    return sum / 6 * grid.step * areaDeg2
  }
}
