import Indexing

/// The sky of a simulation in pixels that hold few objects each: the unit in which objects are made.
///
/// A pixel is cut into its four children while more than `cellObjects` objects are expected in it. The cut follows from the
/// model alone, so that the sky does not depend on how it is written.
struct SkyCells: Sendable {
  /// Pixels that hold the region and the margin around it.
  let cover: PixelRangeSet
  /// Objects per square degree where the profile is 1, all kinds together.
  let density: Double
  let profile: DensityProfile

  /// Objects expected in a cell at most.
  static let cellObjects = 4096.0

  /// A pixel in which objects are made.
  struct Cell {
    let pixel: HealpixPixel
    /// A bound on the density profile inside.
    let largestFactor: Double
    /// The area, square degrees.
    var area: Double { HealpixPixel.area(order: pixel.order) }
  }

  /// Calls `body` with every cell, along the curve.
  func forEach(_ body: (Cell) throws -> Void) rethrows {
    for pixel in cover.pixels { try descend(pixel, body) }
  }

  private func descend(_ pixel: HealpixPixel, _ body: (Cell) throws -> Void) rethrows {
    let radius = HealpixGeometry.largestPixelRadius(order: pixel.order)
    let cell = Cell(pixel: pixel, largestFactor: profile.largestFactor(around: pixel.center, radius: radius))
    if density * cell.area * cell.largestFactor <= Self.cellObjects || pixel.order == HealpixPixel.maximumOrder {
      return try body(cell)
    }
    for child in pixel.children { try descend(child, body) }
  }
}
