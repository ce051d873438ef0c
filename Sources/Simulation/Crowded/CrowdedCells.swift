import Indexing

/// The cells of a crowded sky: pixels of one order, and the objects in them.
///
/// Order and cover follow from the model alone. Whatever lies within a blend radius of a point of a cell is in the cell or in a
/// neighbour of it.
struct CrowdedCells: Sendable {
  private let model: CrowdedSkyModel
  private let key: RandomKey
  /// The order of the cells.
  let order: Int
  /// Cells that hold the region and everything within a blend radius of it.
  let cover: PixelRangeSet

  /// Objects expected in a cell, where blends allow cells as small as that.
  private static let cellObjects = 4096.0
  /// Larger cells are no longer flat.
  private static let leastOrder = 5

  init(_ model: CrowdedSkyModel, key: RandomKey) {
    self.model = model
    self.key = key
    let reach = Angle.arcseconds(max(model.a.blendRadiusArcsec, model.b.blendRadiusArcsec))
    let density = model.objectsPerDegree2(model.brightest...model.faintest)
    let most = HealpixGeometry.safeOrder(reach: reach) ?? 0
    let order = (Self.leastOrder...most).first { density * HealpixPixel.area(order: $0) <= Self.cellObjects } ?? most
    self.order = order
    cover = model.region.cover(margin: reach).rounded(outToOrder: order)
  }

  /// Calls `body` with every cell, along the curve.
  func forEach(_ body: (HealpixPixel) throws -> Void) rethrows {
    let shift = 2 * (HealpixPixel.maximumOrder - order)
    for range in cover.ranges {
      for index in (range.lowerBound >> shift)..<(range.upperBound >> shift) {
        try body(HealpixPixel(order: order, index: index))
      }
    }
  }

  /// The last cell that an object within a blend radius of a place can lie in.
  func lastCell(near healpix29: Int64) -> Int64 {
    let own = HealpixPixel(healpix29: healpix29, order: order)
    return own.neighbours.reduce(own.index) { cover.intersects($1.range29) ? max($0, $1.index) : $0 }
  }

  /// Calls `body` with the objects of a cell that one of the catalogues may detect, or with the others.
  func forEachObject(in cell: HealpixPixel, detectable: Bool, _ body: (CrowdedObject) -> Void) {
    let key = key.with(detectable ? 0 : 1).with(UInt64(cell.index))
    let range = detectable ? model.detectable : model.undetectable
    let law = MagnitudeLaw(range: range, slope: model.slope)
    var counts = RandomStream(key, .count)
    let places = cell.range29
    for index in 0..<counts.poisson(model.objectsPerDegree2(range) * HealpixPixel.area(order: order)) {
      let key = key.with(UInt64(index))
      var (place, magnitude) = (RandomStream(key, .place), RandomStream(key, .magnitude))
      let inB = law.quantile(magnitude.uniform())
      body(
        CrowdedObject(
          healpix29: places.lowerBound + Int64(place.below(UInt64(places.count))), key: key,
          magnitudeA: inB + model.color + model.colorScatter * magnitude.normal(), magnitudeB: inB))
    }
  }
}

/// An object of a crowded sky, as it is.
struct CrowdedObject {
  /// Its place, to 0.4 mas.
  let healpix29: Int64
  /// The key of its random numbers.
  let key: RandomKey
  let magnitudeA: Double
  let magnitudeB: Double

  func magnitude(_ side: CrowdedSide) -> Double { side == .a ? magnitudeA : magnitudeB }
}

/// Which of the two catalogues it is.
enum CrowdedSide: UInt64, CaseIterable {
  case a = 1
  case b = 2
}
