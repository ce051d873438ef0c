internal import CatalogStore
internal import Match

/// Reads in which range of a covariate sources lie: from the columns of the catalogue as it was given.
struct CovariateReader {
  let ranges: CovariateRanges
  private let reader: WideReader

  init(_ ranges: CovariateRanges, of info: CatalogueInfo, in database: SkyDatabase) {
    self.ranges = ranges
    reader = WideReader(database: database, info: info, columns: [ranges.column])
  }

  /// The ranges of some sources; nil where the value is NULL, or in no range.
  /// - Throws: `StoreError.damaged` when a row cannot be read.
  /// - Complexity: fastest for ascending rowids.
  func places(of rowids: [Int64]) throws -> [Int?] {
    try rowids.map { rowid in
      try reader.withRow(rowid: rowid) { row in
        if row.isNull(0) { return nil }
        return ranges.areTexts ? ranges.place(row.text(0)) : ranges.place(row.double(0))
      }
    }
  }
}
