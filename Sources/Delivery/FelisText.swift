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
      ("tables", Node(tables.map { table($0.table, $0.lengths) })),
    ])
    return try Yams.serialize(node: schema, width: -1, allowUnicode: true)
  }

  private static func table(_ table: ExportTable, _ lengths: [Int]) -> Node {
    mapping([
      ("name", text(table.name)), ("@id", text("#\(table.name)")), ("description", text(table.description)),
      ("columns", Node(zip(table.columns, lengths).map { column($0, table.name, $1) })),
    ])
  }

  private static func column(_ column: ExportColumn, _ table: String, _ length: Int) -> Node {
    var pairs = [
      ("name", text(column.name)), ("@id", text("#\(table).\(column.name)")),
      ("datatype", Node(column.type.rawValue)), ("description", text(column.description)),
    ]
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
