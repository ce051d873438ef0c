import CatalogStore
import Indexing

/// The part of the sky in which a query's sources lie, as far as its constraints tell.
///
/// A row that satisfies the constraints on a source has that source inside the region, so only islands with a member there
/// can have such rows. An id, a rowid or an island number is looked up in its catalogue and gives the pixels of its sources;
/// bounds on positions give a box. Of two sources of a row the one with the smaller region is used.
struct WantedSky {
  /// Nil for the whole sky.
  private(set) var region: PixelRangeSet?
  private let filter: FilterRequest
  private let context: XMDBContext

  /// More sources than this with one id are not looked up one by one.
  private static let manySources = 1000

  init(
    _ filter: FilterRequest, _ layout: MatchLayout, _ a: CatalogueFiles, _ b: CatalogueFiles, side: String?,
    _ context: XMDBContext
  ) throws {
    self.filter = filter
    self.context = context
    for (source, files) in layout.sources(a, b, side: side) {
      if let region = try region(of: source, files) { keepSmaller(region) }
    }
    if let island = layout.island, let number = filter.exactInteger(ofColumn: island) {
      try keepSmaller(MatchSource.home(ofIsland: number, a, b, context))
    }
  }

  private mutating func keepSmaller(_ other: PixelRangeSet) {
    if let region, region.pixelCount <= other.pixelCount { return }
    region = other
  }

  private func region(of source: MatchLayout.Source, _ files: CatalogueFiles) throws -> PixelRangeSet? {
    if let rowid = source.rowid, let value = filter.exactInteger(ofColumn: rowid) {
      return try files.pixel(ofRowid: value, context)
    }
    if let id = source.id, let pixels = try pixels(ofID: id, files) { return pixels }
    guard let ra = source.ra, let dec = source.dec else { return nil }
    return SkyBox(ra: filter.numberRange(ofColumn: ra), dec: filter.numberRange(ofColumn: dec), raDegrees: 0...360)
      .cover
  }

  private func pixels(ofID column: Int, _ files: CatalogueFiles) throws -> PixelRangeSet? {
    guard let id = files.column(role: "id"), [.integer, .text, .unsigned].contains(files.columns[id].kind),
      let value = filter.constraints.first(where: { $0.column == column && $0.operator.isEquality })?.value,
      files.holdsIDs(like: value)
    else { return nil }
    return try files.pixels(
      where: [FilterConstraint(column: id, operator: .equal, value: value)], limit: Self.manySources, context)
  }
}

extension FilterRequest {
  /// The one integer that the constraints on a column allow.
  func exactInteger(ofColumn column: Int) -> Int64? {
    guard let range = integerRange(ofColumn: column), range.lowerBound == range.upperBound else { return nil }
    return range.lowerBound
  }
}

extension CatalogueFiles {
  /// The order-29 pixel of the source with a rowid; none where there is no such source.
  func pixel(ofRowid rowid: Int64, _ context: XMDBContext) throws -> PixelRangeSet {
    try pixels(
      where: [FilterConstraint(column: rowidColumn, operator: .equal, value: .integer(rowid))], limit: 1, context)
      ?? PixelRangeSet()
  }

  /// The order-29 pixels of the sources that satisfy constraints on the catalogue's table; nil if they are more than `limit`.
  func pixels(where constraints: [FilterConstraint], limit: Int, _ context: XMDBContext) throws -> PixelRangeSet? {
    let scan = CatalogueScan(self, constraints: constraints, columns: [healpixColumn])
    let cursor = try CatalogueCursor(scan, context)
    var pixels: [Range<Int64>] = []
    while !cursor.isAtEnd {
      if pixels.count == limit { return nil }
      let index = cursor.int64(healpixColumn)
      pixels.append(index..<index + 1)
      try cursor.next()
    }
    return PixelRangeSet(pixels)
  }
}
