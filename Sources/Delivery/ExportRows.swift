internal import CatalogStore
internal import Formats
internal import Indexing

/// Joins result rows to the catalogues' own columns and formats them. It keeps files open: one for each thread.
struct ExportRows {
  private let database: SkyDatabase
  private let table: ExportTable
  /// Where the values of each column come from.
  private let sources: [ExportColumn.Source]
  private let readerA: WideReader?
  private let readerB: WideReader?
  private var pixels: IslandPixels?
  private var result: (position: Int, reader: ResultReader)?
  private var lengths: [Int]

  /// - Parameter order: Of the pixels that the rows are told apart by; nil for none.
  init(database: SkyDatabase, table: ExportTable, a: CatalogueInfo, b: CatalogueInfo, order: Int?) {
    self.database = database
    self.table = table
    sources = table.columns.map(\.source)
    readerA = table.rowidA.map { _ in WideReader(database: database, info: a, columns: table.wideA) }
    readerB = table.rowidB.map { _ in WideReader(database: database, info: b, columns: table.wideB) }
    pixels = order.map { IslandPixels(order: $0, database: database, a: a, b: b) }
    lengths = Array(repeating: 1, count: table.columns.count)
  }

  /// The text of a piece.
  mutating func format(_ piece: ExportPiece) throws -> FormattedPiece {
    let rows = try statement(for: piece)
    var segments: [FormattedPiece.Segment] = []
    var text = DelimitedText(.loaded)
    var (pixel, count): (HealpixPixel?, Int64) = (nil, 0)
    while try rows.step() {
      let place = try pixels?.pixel(ofIsland: rows.int64(table.island), in: piece.chunk.pixel)
      if place != pixel && count > 0 {
        segments.append(.init(pixel: pixel, rows: count, text: text.take()))
        count = 0
      }
      pixel = place
      try write(rows, to: &text)
      count += 1
    }
    if count > 0 { segments.append(.init(pixel: pixel, rows: count, text: text.take())) }
    return FormattedPiece(position: piece.position, segments: segments, lengths: lengths)
  }

  private mutating func statement(for piece: ExportPiece) throws -> Statement {
    if result?.position != piece.position {
      result = (piece.position, try ResultReader(database: database, chunk: piece.chunk))
    }
    let condition = ["rowid BETWEEN ? AND ?", table.condition].compactMap(\.self).joined(separator: " AND ")
    return try result!.reader.rows(table.table, where: condition) { statement in
      statement.bind(1, piece.rows.lowerBound)
      statement.bind(2, piece.rows.upperBound)
    }
  }

  private mutating func write(_ row: Statement, to text: inout DelimitedText) throws {
    guard let readerA, let rowidA = table.rowidA else { return try writeB(row, row, to: &text) }
    try readerA.withRow(rowid: row.int64(rowidA)) { try writeB(row, $0, to: &text) }
  }

  private mutating func writeB(_ row: Statement, _ a: Statement, to text: inout DelimitedText) throws {
    guard let readerB, let rowidB = table.rowidB else { return write(row, a, row, to: &text) }
    try readerB.withRow(rowid: row.int64(rowidB)) { write(row, a, $0, to: &text) }
  }

  private mutating func write(_ row: Statement, _ a: Statement, _ b: Statement, to text: inout DelimitedText) {
    for position in sources.indices {
      let value =
        switch sources[position] {
        case .result(let index): row.value(index)
        case .catalogueA(let index): a.value(index)
        case .catalogueB(let index): b.value(index)
        }
      let length = text.field(value)
      if length > lengths[position] { lengths[position] = length }
    }
    text.endLine()
  }
}
