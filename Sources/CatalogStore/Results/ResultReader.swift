/// Reads the tables of one result shard, or one table of results that were never stored.
public final class ResultReader {
  private let connection: Connection

  /// Opens the result shard of a chunk.
  /// - Throws: `StoreError.damaged` when the file is not the one that the registry names.
  public convenience init(database: SkyDatabase, chunk: RunChunk) throws {
    let connection = try chunk.file(in: database).open()
    try Self.checkIsResult(connection)
    self.init(connection)
  }

  private init(_ connection: Connection) { self.connection = connection }

  static func checkIsResult(_ connection: Connection) throws {
    let statement = try connection.prepare("PRAGMA application_id")
    guard try statement.step(), statement.int(0) == ResultShardWriter.applicationID else {
      throw StoreError(.damaged, connection.path, "is not a result shard of xmdb; match again with --redo")
    }
    let version = try Migration.version(of: connection)
    guard version == ResultShardWriter.version else {
      throw StoreError(
        .damaged, connection.path,
        "has results of version \(version), this program reads \(ResultShardWriter.version); match again with --redo")
    }
  }

  /// Holds the rows of one table in memory, in the same form as in a file: whoever reads them cannot tell the difference.
  public init(holding table: ResultTable, of result: ChunkResult) throws {
    connection = try Connection(path: ":memory:", mode: .create)
    try connection.transaction { try ResultShardWriter.fill(table, with: result, connection) }
  }

  /// Rows of a table in the order in which they were written, optionally with a condition whose values are bound by `bind`.
  /// - Parameters:
  ///   - columns: Positions of the columns wanted; nil for all.
  ///   - condition: SQL after WHERE, made of column names of the table and `?` only.
  public func rows(
    _ table: ResultTable, columns: [Int]? = nil, where condition: String? = nil, bind: (Statement) -> Void = { _ in }
  ) throws -> Statement {
    let wanted = columns ?? Array(table.columns.indices)
    let columns = wanted.isEmpty ? "1" : wanted.map { table.columns[$0].name }.joined(separator: ", ")
    let filter = condition.map { " WHERE " + $0 } ?? ""
    let statement = try connection.prepare("SELECT \(columns) FROM \(table.rawValue)\(filter) ORDER BY rowid")
    bind(statement)
    return statement
  }
}
