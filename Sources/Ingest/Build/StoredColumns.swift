internal import CatalogStore
internal import Formats

/// The input's columns as they are named and typed in the shards.
struct StoredColumns {
  /// Names in the shards, one per column of the source: unique to SQL, which does not tell cases apart.
  let names: [String]

  /// SQLite allows 2000 columns in a table; the tables of a shard and of the problems add a few of their own.
  static let limit = 1990

  /// Names that the tables of a shard and of the problems use themselves.
  private static let reserved: Set<String> = ["xm_rowid", "xm_healpix29", "xm_file", "xm_row", "xm_reason"]

  init(_ columns: [TableColumn]) {
    var taken = Self.reserved
    names = columns.map { column in
      var name = column.name.isEmpty ? "column" : column.name
      var number = 2
      while taken.contains(ColumnNames.folded(name)) {
        name = "\(column.name)_\(number)"
        number += 1
      }
      taken.insert(ColumnNames.folded(name))
      return name
    }
  }

  /// Which columns are named otherwise than in the files, and how; nil: none.
  func note(_ columns: [TableColumn]) -> String? {
    let changed = zip(columns, names).filter { $0.name != $1 }.map { "'\($0.name)' is \($1)" }
    guard !changed.isEmpty else { return nil }
    return "some columns have another name in SQL, since xmdb uses theirs or they have none: "
      + changed.joined(separator: ", ")
  }

  /// Refuses more columns than a table can have, and says which beginnings of names most of them share.
  static func requireRoom(for columns: [TableColumn], subject: String) throws(IngestError) {
    guard columns.count > limit else { return }
    var counts: [String: Int] = [:]
    for column in columns {
      guard let end = column.name.firstIndex(of: "_") else { continue }
      counts[String(column.name[...end]) + "*", default: 0] += 1
    }
    let groups = counts.filter { $0.value > 1 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
    let largest = groups.map { "\($0.value) are '\($0.key)'" }.joined(separator: ", ")
    throw IngestError(
      .unsupported, subject: subject,
      "it has \(columns.count) columns; allowed: \(limit); leave some out with --exclude, or take some with --only, which take "
        + "patterns with * and ?" + (largest.isEmpty ? "" : " (\(largest))"))
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
