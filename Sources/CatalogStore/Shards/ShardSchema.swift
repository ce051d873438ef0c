/// The tables of one shard. See `docs/format.md`.
public struct ShardSchema: Sendable {
  /// Columns of the wide table, in order, with the SQL type each is declared with.
  public let columns: [(name: String, sqlType: String)]
  /// Position of the id among `columns`.
  public let idColumn: Int?
  /// The narrow form.
  public let layout: NarrowLayout

  /// Rows in one block of the narrow form: 32 KiB a column.
  public static let blockRows = 4096
  /// Marks a file as a shard of xmdb (`PRAGMA application_id`): "xmds".
  static let applicationID = 0x786d_6473
  /// The version of this layout (`PRAGMA user_version`).
  static let version = 3

  /// Describes a shard.
  public init(columns: [(name: String, sqlType: String)], idColumn: Int?, layout: NarrowLayout) {
    self.columns = columns
    self.idColumn = idColumn
    self.layout = layout
  }

  var createTables: String {
    let wide = columns.map { ",\n  \(SQLText.identifier($0.name)) \($0.sqlType)" }.joined()
    let narrow = blockColumns(layout).dropFirst(4).map { ",\n  \(SQLText.identifier($0)) BLOB" }.joined()
    return """
      CREATE TABLE source (
        xm_rowid INTEGER PRIMARY KEY,
        xm_healpix29 INTEGER NOT NULL\(wide)
      );
      CREATE TABLE block (
        first_rowid INTEGER PRIMARY KEY,
        count INTEGER NOT NULL,
        healpix29_first INTEGER NOT NULL,
        healpix29_last INTEGER NOT NULL\(narrow)
      );
      """
  }

  /// Columns of the table `block` that hold some or all columns of the narrow form, in order.
  func blockColumns(_ wanted: NarrowLayout) -> [String] {
    var names = ["first_rowid", "count", "healpix29_first", "healpix29_last", "healpix29"]
    if layout.id != .none { names += ["id", "id_null"] }
    let stored = layout.columnNames
    return names + wanted.columns.compactMap { column in layout.place(of: column.quantity).map { stored[$0] } }
  }

  var insertSource: String {
    "INSERT INTO source VALUES (?, ?\(String(repeating: ", ?", count: columns.count)))"
  }

  var createIndex: String? {
    idColumn.map { "CREATE INDEX source_id ON source (\(SQLText.identifier(columns[$0].name)))" }
  }
}
