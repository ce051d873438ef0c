internal import CatalogStore

/// Keeps the rows that cannot be sources, whole, with file, row and reason: `problems.sqlite` beside the shards.
final class ProblemWriter {
  private let path: String
  private let columns: [(name: String, sqlType: String)]
  private var open: (connection: Connection, insert: Statement)?
  private(set) var counts: [ProblemReason: Int64] = [:]

  init(path: String, columns: [(name: String, sqlType: String)]) {
    self.path = path
    self.columns = columns
  }

  /// Rows kept so far.
  var rowCount: Int64 { counts.values.reduce(0, +) }

  /// Keeps one row; `row` counts from 1 in its file.
  func append(_ reason: ProblemReason, file: String, row: Int64, bind: (Statement, Int) -> Void) throws {
    let insert = try open?.insert ?? create()
    insert.bind(1, file)
    insert.bind(2, row)
    insert.bind(3, reason.description)
    bind(insert, 4)
    try insert.run()
    counts[reason, default: 0] += 1
  }

  private func create() throws -> Statement {
    try FileSystem.createNew(path)
    let connection = try Connection(path: path, mode: .bulk)
    let own = columns.map { ", \(SQLText.identifier($0.name)) \($0.sqlType)" }.joined()
    try connection.execute(
      "BEGIN; CREATE TABLE problem (xm_file TEXT NOT NULL, xm_row INTEGER NOT NULL, xm_reason TEXT NOT NULL\(own))")
    let marks = Array(repeating: "?", count: columns.count + 3).joined(separator: ", ")
    let insert = try connection.prepare("INSERT INTO problem VALUES (\(marks))")
    open = (connection, insert)
    return insert
  }

  /// Completes the file, if any row was kept, with the checksums of its pages, and syncs it.
  func finish() throws -> SealedFile? {
    guard let connection = open?.connection else { return nil }
    open = nil
    try connection.execute("COMMIT")
    return try SealedFile.seal(path)
  }
}
