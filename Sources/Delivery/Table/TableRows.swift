internal import CatalogStore
internal import Formats
internal import Indexing

/// Some rows of one part of a table: what one thread reads at a time.
struct TablePiece: Sendable {
  let part: TablePart
  let piece: ExportPiece
}

/// Joins the rows of a match to the catalogues' own columns. It keeps files open: one for each thread.
struct TableRows {
  private typealias Places = [TableBatch.Taking]

  private let database: SkyDatabase
  private let layout: TableLayout
  private let readerA: WideReader?
  private let readerB: WideReader?
  private var result: (position: Int, table: ResultTable, rows: ResultCursor)?

  init(database: SkyDatabase, layout: TableLayout, a: CatalogueInfo, b: CatalogueInfo) {
    (self.database, self.layout) = (database, layout)
    readerA = layout.wideA.isEmpty ? nil : WideReader(database: database, info: a, columns: layout.wideA)
    readerB = layout.wideB.isEmpty ? nil : WideReader(database: database, info: b, columns: layout.wideB)
  }

  /// The rows of a piece, and those of them that fulfil the condition of its part.
  /// - Parameter pixels: Only rows whose HEALPix index, the first column of the layout, is among these.
  mutating func read(_ work: TablePiece, in pixels: PixelRangeSet? = nil) throws -> TableBatch {
    let piece = work.piece
    let rows = try rows(of: work)
    var batch = TableBatch.Filling(layout.columns, capacity: piece.rows.count)
    try fill(&batch, rows, work, pixels)
    return batch.finish()
  }

  private mutating func rows(of work: TablePiece) throws -> ResultCursor {
    let (piece, table) = (work.piece, work.part.table)
    if let result, result.position == piece.position, result.table == table { return result.rows }
    let rows = try ResultCursor(database: database, chunk: piece.chunk, table: table)
    result = (piece.position, table, rows)
    return rows
  }

  private func fill(
    _ batch: inout TableBatch.Filling, _ rows: ResultCursor, _ work: TablePiece, _ pixels: PixelRangeSet?
  ) throws {
    let part = work.part
    let (rowidA, rowidB) = (part.rowid("a"), part.rowid("b"))
    let (a, b) = (rowidA == nil ? nil : readerA, rowidB == nil ? nil : readerB)
    let places = places(in: part)
    let condition = part.condition.isEmpty ? nil : part.condition
    try rows.forEachRow(of: work.piece.rows, where: condition) { rows in
      if let a, let rowidA {
        let isTaken = try a.withRow(rowid: rows.int64(rowidA)) { row in
          if let pixels, !pixels.contains(row.int64(0)) { return false }
          try batch.put(row, places.a)
          return true
        }
        if !isTaken { return }
      }
      if let b, let rowidB { try b.withRow(rowid: rows.int64(rowidB)) { try batch.put($0, places.b) } }
      try batch.put(rows, places.result)
      for column in places.missing { try batch.put(.null, column: column) }
      batch.endRow()
    }
  }

  /// What goes where, for each table; and the columns that get no value.
  private func places(in part: TablePart) -> (result: Places, a: Places, b: Places, missing: [Int]) {
    var (result, a, b): (Places, Places, Places) = ([], [], [])
    var missing: [Int] = []
    for (column, origin) in layout.origins.enumerated() {
      switch origin {
      case .match(let name):
        if let index = part.place(of: name) {
          result.append(.init(column: column, index: index))
        } else {
          missing.append(column)
        }
      case .healpix(let index), .a(let index):
        if part.side == "b" { missing.append(column) } else { a.append(.init(column: column, index: index)) }
      case .b(let index):
        if part.side == "a" { missing.append(column) } else { b.append(.init(column: column, index: index)) }
      }
    }
    return (result, a, b, missing)
  }
}
