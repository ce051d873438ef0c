internal import ADQL
internal import CatalogStore

/// The tables that describe the others (TAP 1.1, section 4), with their contents.
enum TapSchema {
  private static func table(_ name: String, _ description: String, _ columns: [ColumnDefinition]) -> TableDefinition {
    TableDefinition(
      schema: "TAP_SCHEMA", name: name, sql: "\"tap_schema\".\(SQLText.identifier(name))", description: description,
      columns: columns)
  }

  private static func text(_ name: String, _ description: String) -> ColumnDefinition {
    ColumnDefinition(name, .text, description: description)
  }

  private static func number(_ name: String, _ description: String) -> ColumnDefinition {
    ColumnDefinition(name, .int, description: description)
  }

  static let tables: [TableDefinition] = [
    table(
      "schemas", "The schemas.",
      [
        text("schema_name", "name, as in a query"), text("utype", "none"), text("description", "what its tables are"),
        number("schema_index", "recommended order"),
      ]),
    table(
      "tables", "The tables.",
      [
        text("schema_name", "name of its schema"), text("table_name", "name, as in a query"),
        text("table_type", "table"), text("utype", "none"), text("description", "what its rows are"),
        number("table_index", "recommended order"),
      ]),
    table(
      "columns", "The columns.",
      [
        text("table_name", "name of its table"), text("column_name", "name, as in a query"),
        text("datatype", "type as in VOTables"), text("arraysize", "* for texts"), text("xtype", "none"),
        number("size", "none"), text("description", "what it says"), text("utype", "none"), text("unit", "its unit"),
        text("ucd", "in the words of UCD1+"), number("indexed", "1: conditions on it are looked up"),
        number("principal", "1: worth to be shown at first"), number("std", "1: defined by a standard"),
        number("column_index", "its place"),
      ]),
    table(
      "keys", "Which tables are joined by which keys.",
      [
        text("key_id", "its name"), text("from_table", "the table that refers"),
        text("target_table", "the table that is referred to"), text("description", "none"), text("utype", "none"),
      ]),
    table(
      "key_columns", "The columns of keys.",
      [
        text("key_id", "name of the key"), text("from_column", "the column that refers"),
        text("target_column", "the column that is referred to"),
      ]),
  ]

  /// The rows of a table.
  static func rows(_ name: String, _ sky: SkyTables) -> [[ResultCell]] {
    switch name {
    case "schemas": schemas
    case "tables":
      sky.tables.enumerated().map { place, table in
        [
          .text(spelling(table.schema)), .text(fullName(table)), .text("table"), .null, .text(table.description),
          .integer(Int64(place + 1)),
        ]
      }
    case "columns": sky.tables.flatMap(columns)
    case "keys":
      (ownKeys + sky.keys).enumerated().map { place, key in
        [.text("key\(place + 1)"), .text(key.table), .text(key.target), .null, .null]
      }
    case "key_columns":
      (ownKeys + sky.keys).enumerated().map { place, key in
        [.text("key\(place + 1)"), .text(key.column), .text(key.targetColumn)]
      }
    default: []
    }
  }

  /// The keys of these tables.
  static let ownKeys = [
    ("tables", "schema_name", "schemas"), ("columns", "table_name", "tables"), ("keys", "from_table", "tables"),
    ("keys", "target_table", "tables"), ("key_columns", "key_id", "keys"),
  ].map { table, column, target in
    SkyTables.Key(
      table: "TAP_SCHEMA." + table, target: "TAP_SCHEMA." + target, column: column,
      targetColumn: column.hasSuffix("_table") ? "table_name" : column)
  }

  private static var schemas: [[ResultCell]] {
    SkyTables.schemas.enumerated().map { place, schema in
      [.text(spelling(schema.0)), .null, .text(schema.1), .integer(Int64(place + 1))]
    }
  }

  /// The standard writes its schema in capitals, and its tables in small letters.
  private static func spelling(_ schema: String) -> String {
    schema.lowercased() == "tap_schema" ? "TAP_SCHEMA" : schema
  }

  static func fullName(_ table: TableDefinition) -> String { table.fullName }

  private static func columns(_ table: TableDefinition) -> [[ResultCell]] {
    let isOfStandard = table.schema == "TAP_SCHEMA"
    return table.columns.enumerated().map { place, column in
      let type = column.type ?? .text
      return [
        .text(table.fullName), .text(ADQL.spelling(of: column.name)), .text(type.votable),
        type.isNumeric ? .null : .text("*"), ResultCell(column.xtype), .null, ResultCell(column.description), .null,
        ResultCell(column.unit), ResultCell(column.ucd), .integer(column.isIndexed ? 1 : 0),
        .integer(isPrincipal(column, place) || isOfStandard ? 1 : 0), .integer(isOfStandard ? 1 : 0),
        .integer(Int64(place + 1)),
      ]
    }
  }

  private static func isPrincipal(_ column: ColumnDefinition, _ place: Int) -> Bool {
    column.isIndexed && !column.name.hasPrefix("xm_") || place < 8
  }
}

/// A value of a table that describes others.
enum ResultCell {
  case null
  case integer(Int64)
  case text(String)

  init(_ text: String?) { self = text.map { .text($0) } ?? .null }
}
