internal import CatalogStore
internal import Indexing
internal import Match

/// How long and how fast some sources of one catalogue have drifted whose motion is not known.
struct SourceDrifts: Sendable {
  private let grids: [MotionGrid]
  private let grid: [Int32]
  private let magnitudes: [Double]?
  /// The years from the epoch of each source to that of the match; 0 where its motion is known, or nothing to its errors.
  let years: [Double]

  /// Nil where nothing drifts.
  /// - Parameters:
  ///   - columns: The sources, along the curve.
  ///   - states: Their positions and errors.
  init?(
    _ columns: SourceColumns, _ info: CatalogueInfo, _ states: SourceStates, _ motions: UnknownMotions, isA: Bool
  ) throws {
    let years = Self.years(columns, info, states, motions, isA: isA)
    let motions = isA ? motions.a : motions.b
    guard years.contains(where: { $0 != 0 }) else { return nil }
    var grids: [MotionGrid] = []
    var grid: [Int32] = []
    grid.reserveCapacity(columns.count)
    var end: Int64 = 0
    for index in columns.healpix29 {
      if index >= end {
        let pixel = HealpixPixel(healpix29: index, order: CatalogueMotions.order)
        grids.append(try motions.grid(at: pixel))
        end = pixel.range29.upperBound
      }
      grid.append(Int32(grids.count - 1))
    }
    (self.grids, self.grid, self.years) = (grids, grid, years)
    magnitudes = motions.place.map { columns.magnitudes[$0] }
  }

  private static func years(
    _ columns: SourceColumns, _ info: CatalogueInfo, _ states: SourceStates, _ unknown: UnknownMotions, isA: Bool
  ) -> [Double] {
    let (epochs, motions) = (columns[.epoch], SourceMotions(columns))
    return (0..<columns.count).map { row in
      if motions?.isKnown(row) ?? false { return 0 }
      let drift = unknown.restYears - (epochs?[row] ?? info.epochYears ?? .nan)
      return unknown.years(isA: isA, drift, errorArcsec: states.covariances[row].largestSigma)
    }
  }

  /// The motion of a source, averaged over directions.
  @inline(__always)
  func motion(_ row: Int) -> MotionWidths { grids[Int(grid[row])].widths(magnitude: magnitudes?[row] ?? .nan) }

  /// How far a source has drifted; nil where it has not.
  func drift(_ row: Int) -> SourceDrift? { years[row] == 0 ? nil : SourceDrift(motion(row), years: years[row]) }
}
