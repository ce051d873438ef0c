/// Reads the tables of one result shard.
public final class ResultReader {
  private let connection: Connection

  /// Opens the result shard of a unit.
  /// - Throws: `StoreError.damaged` when the file is not one.
  public init(database: SkyDatabase, unit: RunUnit) throws {
    connection = try Connection(path: database.path + "/" + unit.path, mode: .immutable)
    let statement = try connection.prepare("PRAGMA application_id")
    guard try statement.step(), statement.int(0) == ResultShardWriter.applicationID else {
      throw StoreError(.damaged, connection.path, "is not a result shard of xmdb; match again with --redo")
    }
  }

  /// Rows of a table in the order in which they were written, optionally with a condition whose values are bound by `bind`.
  /// - Parameter condition: SQL after WHERE, made of column names of the table and `?` only.
  public func rows(_ table: ResultTable, where condition: String? = nil, bind: (Statement) -> Void = { _ in }) throws
    -> Statement
  {
    let columns = table.columns.map(\.name).joined(separator: ", ")
    let filter = condition.map { " WHERE " + $0 } ?? ""
    let statement = try connection.prepare("SELECT \(columns) FROM \(table.rawValue)\(filter) ORDER BY rowid")
    bind(statement)
    return statement
  }
}
