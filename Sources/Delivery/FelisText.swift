internal import CatalogStore
internal import Yams

/// The description of the exported tables in Felis YAML: names, types, units, UCDs, and the length of every string.
enum FelisText {
  /// The text of the schema.
  /// - Parameters:
  ///   - name: Of the schema.
  ///   - description: What it holds.
  ///   - tables: The tables, and the longest value of each of their columns, bytes.
  static func schema(
    _ name: String, _ description: String, _ tables: [(table: ExportTable, lengths: [Int])]
  ) throws -> String {
    let schema = mapping([
      ("name", text(name)), ("@id", text("#\(name)")),
      ("description", text("\(description) by xmdb \(Program.version)")),
      ("tables", Node(tables.enumerated().map { table($1.table, $1.lengths, place: $0 + 1) })),
    ])
    return try Yams.serialize(node: schema, width: -1, allowUnicode: true)
  }

  private static func table(_ table: ExportTable, _ lengths: [Int], place: Int) -> Node {
    var pairs = [
      ("name", text(table.name)), ("@id", text("#\(table.name)")), ("description", text(table.description)),
      ("tap:table_index", Node("\(place)")),
    ]
    let key = table.primaryKey.map { text("#\(table.name).\(table.columns[$0].name)") }
    if !key.isEmpty { pairs.append(("primaryKey", key.count == 1 ? key[0] : Node(key))) }
    let columns = zip(table.columns, lengths).enumerated().map { column($1.0, table.name, $1.1, place: $0 + 1) }
    return mapping(pairs + [("columns", Node(columns))])
  }

  private static func column(_ column: ExportColumn, _ table: String, _ length: Int, place: Int) -> Node {
    var pairs = [
      ("name", text(column.name)), ("@id", text("#\(table).\(column.name)")),
      ("datatype", Node(column.type.rawValue)), ("description", text(column.description)),
    ]
    pairs.append(("tap:column_index", Node("\(place)")))
    if column.isPrincipal { pairs.append(("tap:principal", Node("1"))) }
    if column.type == .string { pairs.append(("length", Node("\(length)"))) }
    if let unit = column.unit, !unit.isEmpty { pairs.append(("ivoa:unit", text(unit))) }
    if let ucd = column.ucd, !ucd.isEmpty { pairs.append(("ivoa:ucd", text(ucd))) }
    return mapping(pairs)
  }

  private static func mapping(_ pairs: [(String, Node)]) -> Node { Node(pairs.map { (Node($0), $1) }) }

  /// A text, whatever it looks like: `1e5` and `no` are quoted.
  private static func text(_ text: String) -> Node {
    Node(text, Tag(.str), .doubleQuoted)
  }
}
