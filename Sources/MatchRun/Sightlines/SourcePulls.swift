internal import CatalogStore
internal import Indexing
internal import Match

/// How hidden neighbours pull some sources of one catalogue: the models around each.
struct SourcePulls: Sendable {
  private let grids: [PerturbationGrid]
  private let grid: [Int32]
  private let places: [PerturbationGrid.Place]

  /// - Parameters:
  ///   - columns: The sources, along the curve.
  ///   - meanDensityPerDegree2: The density around each where ingest has not measured it.
  init(_ columns: SourceColumns, _ crowding: CatalogueCrowding, meanDensityPerDegree2: Double) throws {
    let magnitudes = columns.magnitudes[crowding.band.place]
    let densities = columns[.density]
    var grids: [PerturbationGrid] = []
    var grid: [Int32] = []
    var places: [PerturbationGrid.Place] = []
    grid.reserveCapacity(columns.count)
    places.reserveCapacity(columns.count)
    var end: Int64 = 0
    for row in 0..<columns.count {
      let index = columns.healpix29[row]
      if index >= end {
        let pixel = HealpixPixel(healpix29: index, order: crowding.order)
        grids.append(try crowding.grid(at: pixel))
        end = pixel.range29.upperBound
      }
      let magnitude = magnitudes[row]
      grid.append(Int32(grids.count - 1))
      places.append(
        grids[grids.count - 1].place(
          densityPerDegree2: densities?[row] ?? meanDensityPerDegree2,
          magnitude: MagnitudeHistogram.bin(of: magnitude) == nil ? crowding.medianMagnitude : magnitude))
    }
    (self.grids, self.grid, self.places) = (grids, grid, places)
  }

  /// The law of a source.
  @inline(__always)
  func law(_ row: Int) -> PerturbationMixture { grids[Int(grid[row])].mixture(at: places[row]) }

  /// The mean square of the pull along one axis, arcsec².
  func varianceArcsec2(_ row: Int) -> Double { grids[Int(grid[row])].varianceArcsec2(at: places[row]) }

  /// The law of a source without bright neighbours; nil where they are rare.
  func cleanLaw(_ row: Int) -> PerturbationMixture? {
    let (grid, place) = (grids[Int(grid[row])], places[row])
    let clean = grid.mixtureWithoutBright(at: place)
    return clean.total < 1 - Self.rare ? clean.normalised : nil
  }

  private static let rare = 0.01

  /// The law of a source, and those without bright neighbours.
  func mixtures(_ row: Int) -> PerturbationGrid.Mixtures { grids[Int(grid[row])].mixtures(at: places[row]) }

  /// What hidden neighbours do to a source, whatever it is matched with.
  func contamination(_ row: Int) -> Contamination {
    let found = grids[Int(grid[row])].contamination(at: places[row])
    return Contamination(meanFlux: found.meanFlux, above1: found.above1, above10: found.above10)
  }

  /// The mean flux of hidden neighbours in that of a source, relative to its own.
  func meanFlux(_ row: Int) -> Double { grids[Int(grid[row])].contamination(at: places[row]).meanFlux }
}
