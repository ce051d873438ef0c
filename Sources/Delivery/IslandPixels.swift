internal import CatalogStore
internal import Indexing

/// In which pixel the rows of an island are exported: that of its first member, in whose order the rows of a run lie.
struct IslandPixels {
  private let order: Int
  private let readerA: WideReader
  private let readerB: WideReader
  private var last: (island: Int64, pixel: HealpixPixel)?

  init(order: Int, database: SkyDatabase, a: CatalogueInfo, b: CatalogueInfo) {
    self.order = order
    readerA = WideReader(database: database, info: a, columns: ["xm_healpix29"])
    readerB = WideReader(database: database, info: b, columns: ["xm_healpix29"])
  }

  /// The pixel of an island, by its number: twice the rowid of the first member, plus 1 if that is one of b.
  mutating func pixel(ofIsland island: Int64, in chunk: HealpixPixel) throws -> HealpixPixel {
    if chunk.order >= order { return HealpixPixel(healpix29: chunk.range29.lowerBound, order: order) }
    if let last, last.island == island { return last.pixel }
    let reader = island & 1 == 0 ? readerA : readerB
    let healpix29 = try reader.withRow(rowid: island >> 1) { $0.int64(0) }
    let pixel = HealpixPixel(healpix29: healpix29, order: order)
    last = (island, pixel)
    return pixel
  }
}
