internal import CatalogStore
internal import Formats
internal import Glibc
internal import Indexing

/// Joins result rows to the catalogues' own columns and formats them. It keeps files open: one for each thread.
struct ExportRows {
  private let database: SkyDatabase
  private let table: ExportTable
  /// Where the values of each column come from.
  private let sources: [ExportColumn.Source]
  private let joiner: RowJoiner
  private var pixels: IslandPixels?
  private var result: (position: Int, rows: ResultCursor)?
  private var lengths: [Int]

  /// - Parameter order: Of the pixels that the rows are told apart by; nil for none.
  init(database: SkyDatabase, table: ExportTable, a: CatalogueInfo, b: CatalogueInfo, order: Int?) {
    self.database = database
    self.table = table
    sources = table.columns.map(\.source)
    joiner = RowJoiner(
      a: table.rowidA.map { (WideReader(database: database, info: a, columns: table.wideA), $0) },
      b: table.rowidB.map { (WideReader(database: database, info: b, columns: table.wideB), $0) })
    pixels = order.map { IslandPixels(order: $0, database: database, a: a, b: b) }
    lengths = Array(repeating: 1, count: table.columns.count)
  }

  /// The text of a piece.
  mutating func format(_ piece: ExportPiece) throws -> FormattedPiece {
    if let placing = table.placing { return try format(piece, placing) }
    let joiner = joiner
    var segments: [FormattedPiece.Segment] = []
    var text = DelimitedText(.loaded)
    var (part, count): (ExportPart, Int64) = (.whole, 0)
    try rows(of: piece).forEachRow(of: piece.rows, where: table.condition) { rows in
      let pixel = try pixels?.pixel(ofIsland: rows.int64(table.island), in: piece.chunk.pixel)
      let place = pixel.map { ExportPart.pixel($0) } ?? .whole
      if place != part && count > 0 {
        segments.append(.init(part: part, rows: count, text: text.take()))
        count = 0
      }
      part = place
      try joiner.withRow(rows) { write($0, to: &text) }
      count += 1
    }
    if count > 0 { segments.append(.init(part: part, rows: count, text: text.take())) }
    return FormattedPiece(position: piece.position, segments: segments, lengths: lengths)
  }

  /// The text of a piece whose rows go to chunks of a Qserv: once for each place that a row has.
  private mutating func format(_ piece: ExportPiece, _ placing: QservPlacing) throws -> FormattedPiece {
    let joiner = joiner
    var text = DelimitedText(.loaded)
    var parts = QservParts()
    try rows(of: piece).forEachRow(of: piece.rows, where: table.condition) { rows in
      let places = try joiner.withRow(rows) { row in
        write(row, to: &text)
        return placing.rows(first: row.position(placing.position), second: placing.second.map(row.position))
      }
      parts.add(text.take(), to: places)
    }
    return FormattedPiece(position: piece.position, segments: parts.segments, lengths: lengths)
  }

  private mutating func rows(of piece: ExportPiece) throws -> ResultCursor {
    if let result, result.position == piece.position { return result.rows }
    let rows = try ResultCursor(database: database, chunk: piece.chunk, table: table.table)
    result = (piece.position, rows)
    return rows
  }

  private mutating func write(_ row: JoinedRow, to text: inout DelimitedText) {
    for position in sources.indices {
      let length = text.field(row.value(sources[position], isFinite: table.placing != nil))
      if length > lengths[position] { lengths[position] = length }
    }
    text.endLine()
  }
}

/// Finds the rows of the catalogues that a row of a result table is about.
private struct RowJoiner {
  /// The rows of a catalogue, and where the result table has their rowids; nil where it takes no part.
  let a: (reader: WideReader, rowid: Int)?
  let b: (reader: WideReader, rowid: Int)?

  /// Lends a row of the result together with them.
  func withRow<Result>(_ row: TableCursor, _ body: (JoinedRow) throws -> Result) throws -> Result {
    guard let a else { return try withRow(row, row, body) }
    return try a.reader.withRow(rowid: row.int64(a.rowid)) { try withRow(row, $0, body) }
  }

  private func withRow<Result>(
    _ row: TableCursor, _ own: TableCursor, _ body: (JoinedRow) throws -> Result
  ) throws -> Result {
    guard let b else { return try body(JoinedRow(result: row, a: own, b: row)) }
    return try b.reader.withRow(rowid: row.int64(b.rowid)) { try body(JoinedRow(result: row, a: own, b: $0)) }
  }
}

/// A row of a result table, with the rows of the catalogues that it is about.
private struct JoinedRow {
  let result: TableCursor
  let a: TableCursor
  let b: TableCursor

  /// - Parameter isFinite: Whether infinity is no value: MySQL has none.
  func value(_ source: ExportColumn.Source, isFinite: Bool = false) -> RowValue {
    let value =
      switch source {
      case .result(let index): result.value(index)
      case .logarithm(let index): logarithm(result.value(index))
      case .catalogueA(let index): a.value(index)
      case .catalogueB(let index): b.value(index)
      }
    if isFinite, case .real(let number) = value, !number.isFinite { return .null }
    return value
  }

  private func logarithm(_ value: RowValue) -> RowValue {
    if case .real(let number) = value, number > 0 { .real(log(number)) } else { .null }
  }

  /// A position, degrees; NaN where it is no number.
  func position(_ position: QservPlacing.Position) -> (ra: Double, dec: Double) {
    (number(position.ra), number(position.dec))
  }

  private func number(_ source: ExportColumn.Source) -> Double {
    switch value(source) {
    case .real(let number): number
    case .integer(let number): Double(number)
    case .null, .text, .blob: .nan
    }
  }
}
