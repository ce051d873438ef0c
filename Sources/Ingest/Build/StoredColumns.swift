internal import CatalogStore

/// The input's columns as they are named and typed in the shards.
struct StoredColumns {
  /// Names in the shards, one per column of the source: unique to SQL, which does not tell cases apart.
  let names: [String]

  /// SQLite allows 2000 columns in a table; the tables of a shard and of the problems add a few of their own.
  static let limit = 1990

  /// Names that the tables of a shard and of the problems use themselves.
  private static let reserved: Set<String> = [
    "xm_rank", "xm_healpix29", "xm_file", "xm_row", "xm_reason", "rowid", "oid", "_rowid_",
  ]

  init(_ columns: [SourceColumn]) {
    var taken = Self.reserved
    names = columns.map { column in
      var name = column.name.isEmpty ? "column" : column.name
      var number = 2
      while taken.contains(name.lowercased()) {
        name = "\(column.name)_\(number)"
        number += 1
      }
      taken.insert(name.lowercased())
      return name
    }
  }

  /// The SQL type that a column is declared with. Unsigned integers beyond 2⁶³ − 1 make their column text.
  static func sqlType(_ type: ColumnType, hasHugeValues: Bool) -> String {
    switch type {
    case .float64, .float32: "REAL"
    case .text: "TEXT"
    case .binary: "BLOB"
    case .uint64: hasHugeValues ? "TEXT" : "INTEGER"
    default: "INTEGER"
    }
  }
}
