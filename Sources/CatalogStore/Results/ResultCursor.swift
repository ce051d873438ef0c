/// Reads whole rows of a table of one result shard, by their numbers.
public final class ResultCursor {
  private let connection: Connection
  private let table: ResultTable
  private let rows: TableCursor

  /// Opens the result shard of a chunk.
  /// - Throws: `StoreError.damaged` when the file is not the one that the registry names.
  public init(database: SkyDatabase, chunk: RunChunk, table: ResultTable) throws {
    let file = chunk.file(in: database)
    connection = try file.open()
    try ResultReader.checkIsResult(connection)
    self.table = table
    rows = try TableCursor(file, table.rawValue, table.columns.map(\.name), of: connection)
  }

  /// Runs `body` with a cursor at each of some rows, in order. Columns are those of the table.
  /// - Parameters:
  ///   - rowids: Numbers of rows.
  ///   - condition: SQL after WHERE that rows fulfil, made of column names of the tables; nil: all.
  public func forEachRow(
    of rowids: ClosedRange<Int64>, where condition: String? = nil, _ body: (TableCursor) throws -> Void
  ) throws {
    guard let condition else {
      var isThere = try rows.seek(rowids.lowerBound)
      while isThere && rows.rowid <= rowids.upperBound {
        try body(rows)
        isThere = try rows.next()
      }
      return
    }
    let chosen = try connection.prepare(
      "SELECT rowid FROM \(table.rawValue) WHERE rowid BETWEEN ? AND ? AND \(condition) ORDER BY rowid")
    chosen.bind(1, rowids.lowerBound)
    chosen.bind(2, rowids.upperBound)
    while try chosen.step() {
      guard try rows.stand(at: chosen.int64(0)) else {
        throw StoreError(.damaged, connection.path, "lacks row \(chosen.int64(0)) of \(table.rawValue)")
      }
      try body(rows)
    }
  }
}
