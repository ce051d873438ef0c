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
  /// Values of a statement, and the columns that they go to.
  private typealias Places = [(column: Int, index: Int)]

  private let database: SkyDatabase
  private let layout: TableLayout
  private let readerA: WideReader?
  private let readerB: WideReader?
  private var result: (position: Int, reader: ResultReader)?

  init(database: SkyDatabase, layout: TableLayout, a: CatalogueInfo, b: CatalogueInfo) {
    (self.database, self.layout) = (database, layout)
    readerA = layout.wideA.isEmpty ? nil : WideReader(database: database, info: a, columns: layout.wideA)
    readerB = layout.wideB.isEmpty ? nil : WideReader(database: database, info: b, columns: layout.wideB)
  }

  /// The rows of a piece, and those of them that fulfil the condition of its part.
  /// - Parameter pixels: Only rows whose HEALPix index, the first column of the layout, is among these.
  mutating func read(_ work: TablePiece, in pixels: PixelRangeSet? = nil) throws -> TableBatch {
    let (part, piece) = (work.part, work.piece)
    if result?.position != piece.position {
      result = (piece.position, try ResultReader(database: database, chunk: piece.chunk))
    }
    let condition = "rowid BETWEEN ? AND ?" + (part.condition.isEmpty ? "" : " AND " + part.condition)
    let statement = try result!.reader.rows(part.table, where: condition) { statement in
      statement.bind(1, piece.rows.lowerBound)
      statement.bind(2, piece.rows.upperBound)
    }
    var batch = TableBatch.Filling(layout.columns, capacity: piece.rows.count)
    try fill(&batch, statement, part, pixels)
    return batch.finish()
  }

  private func fill(
    _ batch: inout TableBatch.Filling, _ rows: Statement, _ part: TablePart, _ pixels: PixelRangeSet?
  ) throws {
    let (rowidA, rowidB) = (part.rowid("a"), part.rowid("b"))
    let (a, b) = (rowidA == nil ? nil : readerA, rowidB == nil ? nil : readerB)
    let places = places(in: part)
    while try rows.step() {
      if let a, let rowidA {
        let isTaken = try a.withRow(rowid: rows.int64(rowidA)) { row in
          if let pixels, !pixels.contains(row.int64(0)) { return false }
          try put(row, places.a, &batch)
          return true
        }
        if !isTaken { continue }
      }
      if let b, let rowidB { try b.withRow(rowid: rows.int64(rowidB)) { try put($0, places.b, &batch) } }
      try put(rows, places.result, &batch)
      for column in places.missing { try batch.put(.null, column: column) }
      batch.endRow()
    }
  }

  private func put(_ row: Statement, _ places: Places, _ batch: inout TableBatch.Filling) throws {
    for place in places { try batch.put(row.value(place.index), column: place.column) }
  }

  /// What goes where, for each statement; and the columns that get no value.
  private func places(in part: TablePart) -> (result: Places, a: Places, b: Places, missing: [Int]) {
    var (result, a, b): (Places, Places, Places) = ([], [], [])
    var missing: [Int] = []
    for (column, origin) in layout.origins.enumerated() {
      switch origin {
      case .match(let name):
        if let index = part.place(of: name) { result.append((column, index)) } else { missing.append(column) }
      case .healpix(let index), .a(let index):
        if part.side == "b" { missing.append(column) } else { a.append((column, index)) }
      case .b(let index): if part.side == "a" { missing.append(column) } else { b.append((column, index)) }
      }
    }
    return (result, a, b, missing)
  }
}
