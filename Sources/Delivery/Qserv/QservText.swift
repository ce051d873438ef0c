internal import CatalogStore
internal import FoundationEssentials

/// The JSON that registers a database, its tables and indexes in a Qserv, and the list of all that qserv-ingest reads.
enum QservText {
  private struct Database: Encodable {
    let version = QservDatabase.version
    let auth_key = ""
    let database: String
    let num_stripes: Int
    let num_sub_stripes: Int
    let overlap: Double
    let auto_build_secondary_index = 1
  }

  private struct Column: Encodable {
    let name: String
    let type: String
  }

  private struct Table: Encodable {
    let version = QservDatabase.version
    let auth_key = ""
    let database: String
    let table: String
    let is_partitioned = 1
    var director_table = ""
    var director_key = ""
    var director_table2: String?
    var director_key2: String?
    var flag: String?
    var ang_sep: Double?
    var latitude_key: String?
    var longitude_key: String?
    var unique_primary_key: Int?
    let charset_name = charset
    let collation_name = "utf8mb4_bin"
    let fields_terminated_by = ","
    let schema: [Column]
  }

  private struct Index: Encodable {
    struct Part: Encodable {
      let column: String
      let length: Int
      let ascending = 1
    }

    let version = QservDatabase.version
    let auth_key = ""
    let database: String
    let table: String
    let overlap = 0
    let index: String
    let spec = "DEFAULT"
    let comment: String
    let columns: [Part]
  }

  private struct Metadata: Encodable {
    struct Dialect: Encodable {
      let fields_terminated_by = ","
      let fields_escaped_by = "\\\\"
      let lines_terminated_by = "\\n"
    }

    struct Files: Encodable {
      let directory: String
      let chunks: [Int]
      let overlaps: [Int]
    }

    struct Entry: Encodable {
      let schema: String
      let indexes: [String]
      let data: [Files]
    }

    let version = QservDatabase.version
    let charset_name = charset
    let database = databaseName
    let formats = ["txt": Dialect()]
    let tables: [Entry]
  }

  static let databaseName = "database.json"
  static let metadataName = "metadata.json"
  private static let charset = "utf8mb4"
  /// Characters of a text in a table whose rows are all of one length.
  private static let longestText = 255
  /// Characters of a text in an index: the most that MyISAM takes, 1,000 bytes.
  private static let longestIndexed = 250

  /// The files that register everything, with their names; the names of files of rows are in `metadata.json`.
  /// - Parameters:
  ///   - tables: The tables, and the longest value of each of their columns, bytes.
  ///   - files: The files of rows.
  /// - Throws: `StoreError.usage` for a text that Qserv cannot hold.
  static func files(
    _ database: QservDatabase, _ tables: [(table: ExportTable, lengths: [Int])], _ files: [MatchExport.File]
  ) throws -> [(name: String, text: String)] {
    let parts = database.partition
    var texts = [
      (
        databaseName,
        try json(
          Database(
            database: database.name, num_stripes: parts.stripes, num_sub_stripes: parts.subStripes,
            overlap: parts.overlapDegrees))
      )
    ]
    var entries: [Metadata.Entry] = []
    for (table, lengths) in tables {
      guard let placing = table.placing else { continue }
      texts.append((table.name + ".json", try json(description(database, table, placing, lengths))))
      let index = try indexed(placing, table, lengths).map { part in
        Index(
          database: database.name, table: table.name, index: "idx_" + part.column,
          comment: "identifiers of a director table", columns: [part])
      }
      let name = "idx_\(table.name).json"
      // One request makes one index.
      if let index { texts.append((name, try json(index))) }
      entries.append(
        Metadata.Entry(
          schema: table.name + ".json", indexes: index == nil ? [] : [name],
          data: [
            Metadata.Files(
              directory: table.name, chunks: QservFiles.chunks(table.name, files, isOverlap: false),
              overlaps: QservFiles.chunks(table.name, files, isOverlap: true))
          ]))
    }
    return texts + [(metadataName, try json(Metadata(tables: entries)))]
  }

  private static func description(
    _ database: QservDatabase, _ table: ExportTable, _ placing: QservPlacing, _ lengths: [Int]
  ) throws -> Table {
    var text = Table(
      database: database.name, table: table.name, schema: try schema(table, placing, lengths))
    switch placing.kind {
    case .director(let key, let isUnique):
      (text.director_key, text.unique_primary_key) = (key, isUnique ? 1 : 0)
    case .child(let director, let key): (text.director_table, text.director_key) = (director.name, key)
    case .match(let director, let key, let second, let key2):
      (text.director_table, text.director_key) = (director.name, key)
      (text.director_table2, text.director_key2) = (second.name, key2)
      (text.flag, text.ang_sep) = (QservPlacing.flags, placing.partition.overlapDegrees)
    }
    if !placing.isMatch, let names = placing.positionColumns {
      (text.longitude_key, text.latitude_key) = (names.ra, names.dec)
    }
    return text
  }

  // MARK: Columns

  private static func schema(_ table: ExportTable, _ placing: QservPlacing, _ lengths: [Int]) throws -> [Column] {
    let needed = Set(keys(placing) + (placing.positionColumns.map { [$0.ra, $0.dec] } ?? []))
    let columns = try zip(table.columns, lengths).map { column, length in
      let type = try mysql(column, length, in: table, placing)
      return Column(name: column.name, type: type + (needed.contains(column.name) ? " NOT NULL" : " DEFAULT NULL"))
    }
    return columns
      + placing.addedColumns.map {
        Column(name: $0, type: $0 == QservPlacing.flags ? "INT UNSIGNED NOT NULL" : "INT NOT NULL")
      }
  }

  private static func keys(_ placing: QservPlacing) -> [String] {
    switch placing.kind {
    case .director(let key, _), .child(_, let key): [key]
    case .match(_, let key, _, let key2): [key, key2]
    }
  }

  private static func mysql(
    _ column: ExportColumn, _ length: Int, in table: ExportTable, _ placing: QservPlacing
  ) throws -> String {
    switch column.type {
    case .long: return "BIGINT"
    case .double: return "DOUBLE"
    case .boolean: return "BOOL"
    case .string:
      if case .child = placing.kind { return "VARCHAR(\(length))" }
      guard length <= longestText else {
        throw StoreError(
          .usage, column.name,
          "has texts of \(length) bytes, and the table \(table.name) of Qserv takes \(longestText) at most; leave the column "
            + "out")
      }
      return "CHAR(\(length))"
    }
  }

  // MARK: Indexes

  /// The column beside the first key that questions come by; Qserv itself indexes the key of a director.
  private static func indexed(_ placing: QservPlacing, _ table: ExportTable, _ lengths: [Int]) throws -> Index.Part? {
    let name: String?
    switch placing.kind {
    case .director:
      name = table.table == .matches ? table.columns.first { $0.source == .catalogueB(0) }?.name : nil
    case .child(_, let key): name = key
    case .match(_, _, _, let key2): name = key2
    }
    guard let place = table.columns.firstIndex(where: { $0.name == name }) else { return nil }
    let isText = table.columns[place].type == .string
    return Index.Part(column: table.columns[place].name, length: isText ? min(lengths[place], longestIndexed) : 0)
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
