internal import CatalogStore

/// A table of a SQLite file, opened for reading only.
struct SQLiteTable {
  /// One of its columns.
  struct Column: Sendable {
    let name: String
    /// The type that it is declared with, in capitals.
    let declared: String

    /// Whether SQLite turns texts that are numbers into numbers when they are stored (sqlite.org/datatype3.html, 3.1).
    var isNumeric: Bool {
      let holds = { (word: String) in declared.contains(word) }
      if holds("INT") { return true }
      if holds("CHAR") || holds("CLOB") || holds("TEXT") || holds("BLOB") || declared.isEmpty { return false }
      return true
    }

    var isBool: Bool { declared.hasPrefix("BOOL") }
  }

  let path: String
  let name: String
  let columns: [Column]
  private let connection: Connection

  init(_ file: TableFile) throws(FormatError) {
    guard file.compression == nil else {
      throw FormatError(.unsupported, subject: file.path, "a compressed SQLite file is not read; decompress it first")
    }
    path = file.path
    try Self.requireWhole(file)
    do {
      connection = try Connection(path: file.path, mode: Self.mode(file))
      // Nothing that the file's schema says is run.
      try connection.execute("PRAGMA trusted_schema=OFF; PRAGMA query_only=ON; PRAGMA cell_size_check=ON")
      name = try Self.tableName(connection, file)
      columns = try Self.columns(connection, name)
    } catch { throw Self.error(error, file.path) }
    guard !columns.isEmpty else { throw FormatError(.unsupported, subject: file.path, "its table has no columns") }
  }

  /// Refuses a file that is shorter than its header says: SQLite reads zeros where its last page ends early.
  private static func requireWhole(_ file: TableFile) throws(FormatError) {
    func number(_ place: Int, _ bytes: Int) -> Int64 {
      file.head.count < 100 ? 0 : file.head[place..<place + bytes].reduce(0) { $0 << 8 | Int64($1) }
    }
    let pageBytes = number(16, 2) == 1 ? 65_536 : number(16, 2)
    // The number of pages is valid where the two counters of changes agree (sqlite.org/fileformat2.html, 1.3.7).
    let pages = number(24, 4) == number(92, 4) ? number(28, 4) : 0
    let size = FileSystem.size(file.path) ?? 0
    guard size < pages * pageBytes || file.head.count < 100 else { return }
    throw FormatError(
      .truncated, subject: file.path,
      "truncated: it has \(size) bytes, and its header gives \(pages) pages of \(pageBytes)")
  }

  /// A file in the mode of write-ahead logging without such a log is complete; SQLite would write beside it otherwise.
  private static func mode(_ file: TableFile) -> Connection.Mode {
    let isLogged = file.head.count > 19 && file.head[18] == 2
    return isLogged && Folder.Kind(file.path + "-wal") == nil ? .immutable : .readOnly
  }

  /// What SQLite says, as of a file that is read.
  static func error(_ error: any Error, _ path: String) -> FormatError {
    if let error = error as? FormatError { return error }
    guard let error = error as? StoreError else { return FormatError(.damaged, subject: path, "\(error)") }
    if error.code == .damaged {
      // Without what was being done, and without what to do about a database of our own.
      let parts = error.message.split(separator: " (in: ").first?.split(separator: ";").first
      let reason = parts.map(String.init) ?? error.message
      return FormatError(.damaged, subject: path, "the SQLite file is damaged: \(reason)")
    }
    return FormatError(.notReadable, subject: path, error.message)
  }

  /// The only table, or the one that is named.
  private static func tableName(_ connection: Connection, _ file: TableFile) throws -> String {
    let statement = try connection.prepare(
      """
      SELECT name, type, rootpage > 0 FROM sqlite_schema
      WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid
      """)
    var (tables, others): ([String], [String]) = ([], [])
    while try statement.step() {
      let isTable = statement.text(1) == "table" && statement.int(2) == 1
      if isTable { tables.append(statement.text(0)) } else { others.append(statement.text(0)) }
    }
    let found = tables.isEmpty ? "no tables" : "the tables \(TableSource.listed(tables))"
    if let table = file.table {
      if let name = tables.first(where: { ColumnNames.folded($0) == ColumnNames.folded(table) }) { return name }
      let isOther = others.contains { ColumnNames.folded($0) == ColumnNames.folded(table) }
      throw FormatError(
        .usage, subject: file.name,
        isOther
          ? "it is a view or a virtual table, which is not read; write it as a table" : "no such table; it has \(found)"
      )
    }
    if tables.count == 1 { return tables[0] }
    throw FormatError(
      tables.isEmpty ? .unsupported : .usage, subject: file.path,
      "it has \(found)" + (tables.isEmpty ? "" : "; name one: '\(file.path)[\(tables[0])]'"))
  }

  private static func columns(_ connection: Connection, _ table: String) throws -> [Column] {
    let statement = try connection.prepare("SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid")
    statement.bind(1, table)
    var columns: [Column] = []
    while try statement.step() {
      columns.append(Column(name: statement.text(0), declared: statement.text(1).uppercased()))
    }
    return columns
  }

  /// Runs `body` at each row, with some of the columns.
  func forEachRow(_ wanted: [Int], _ body: (Statement) throws -> Void) throws {
    let names = wanted.map { SQLText.identifier(columns[$0].name) }.joined(separator: ", ")
    do {
      let statement = try connection.prepare("SELECT \(names) FROM \(SQLText.identifier(name))")
      while try statement.step() { try body(statement) }
    } catch let error as StoreError where error.code != .interrupted { throw Self.error(error, path) }
  }
}
