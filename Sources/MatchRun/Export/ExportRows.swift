internal import CatalogStore
internal import Indexing

/// Joins result rows to the catalogues' own columns and formats them. It keeps files open: one for each thread.
struct ExportRows {
  private let database: SkyDatabase
  private let table: ExportTable
  private let readerA: WideReader?
  private let readerB: WideReader?
  private var pixels: IslandPixels?
  private var result: (position: Int, reader: ResultReader)?
  private var text = DelimitedText()
  private var lengths: [Int]

  /// - Parameter order: Of the pixels that the rows are told apart by; nil for none.
  init(database: SkyDatabase, table: ExportTable, a: CatalogueInfo, b: CatalogueInfo, order: Int?) {
    self.database = database
    self.table = table
    readerA = table.rankA.map { _ in WideReader(database: database, info: a, columns: table.wideA) }
    readerB = table.rankB.map { _ in WideReader(database: database, info: b, columns: table.wideB) }
    pixels = order.map { IslandPixels(order: $0, database: database, a: a, b: b) }
    lengths = Array(repeating: 1, count: table.columns.count)
  }

  /// The text of a piece.
  mutating func format(_ piece: ExportPiece) throws -> FormattedPiece {
    let rows = try statement(for: piece)
    var segments: [FormattedPiece.Segment] = []
    var (pixel, count): (HealpixPixel?, Int64) = (nil, 0)
    while try rows.step() {
      let place = try pixels?.pixel(ofIsland: rows.int64(table.island), in: piece.unit.pixel)
      if place != pixel && count > 0 {
        segments.append(.init(pixel: pixel, rows: count, text: text.take()))
        count = 0
      }
      pixel = place
      try write(rows)
      count += 1
    }
    if count > 0 { segments.append(.init(pixel: pixel, rows: count, text: text.take())) }
    return FormattedPiece(position: piece.position, segments: segments, lengths: lengths)
  }

  private mutating func statement(for piece: ExportPiece) throws -> Statement {
    if result?.position != piece.position {
      result = (piece.position, try ResultReader(database: database, unit: piece.unit))
    }
    let condition = ["rowid BETWEEN ? AND ?", table.condition].compactMap(\.self).joined(separator: " AND ")
    return try result!.reader.rows(table.table, where: condition) { statement in
      statement.bind(1, piece.rows.lowerBound)
      statement.bind(2, piece.rows.upperBound)
    }
  }

  private mutating func write(_ row: Statement) throws {
    try Self.withRow(readerA, table.rankA, row) { a in
      try Self.withRow(readerB, table.rankB, row) { b in write(row, a, b) }
    }
    text.endLine()
  }

  private static func withRow(
    _ reader: WideReader?, _ rank: Int?, _ row: Statement, _ body: (Statement) throws -> Void
  ) throws {
    guard let reader, let rank else { return try body(row) }
    try reader.withRow(rank: row.int64(rank), body)
  }

  private mutating func write(_ row: Statement, _ a: Statement, _ b: Statement) {
    for (position, column) in table.columns.enumerated() {
      let length =
        switch column.source {
        case .result(let index): text.field(row, index)
        case .catalogueA(let index): text.field(a, index)
        case .catalogueB(let index): text.field(b, index)
        }
      lengths[position] = max(lengths[position], length)
    }
  }
}
