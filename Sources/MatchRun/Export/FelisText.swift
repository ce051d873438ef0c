internal import CatalogStore

/// The description of the exported tables in Felis YAML: names, types, units, UCDs, and the length of every string.
enum FelisText {
  static func schema(_ a: String, _ b: String, _ tables: [(table: ExportTable, lengths: [Int])]) -> String {
    var text = """
      name: \(a)_\(b)
      "@id": "#\(a)_\(b)"
      description: \(quoted("Cross-match of \(a) and \(b) by xmdb \(Program.version)"))
      tables:

      """
    for (table, lengths) in tables { text += self.table(table, lengths) }
    return text
  }

  private static func table(_ table: ExportTable, _ lengths: [Int]) -> String {
    var text = """
      - name: \(table.name)
        "@id": "#\(table.name)"
        description: \(quoted(table.description))
        columns:

      """
    for (position, column) in table.columns.enumerated() { text += self.column(column, table.name, lengths[position]) }
    return text
  }

  private static func column(_ column: ExportColumn, _ table: String, _ length: Int) -> String {
    var lines = [
      "  - name: \(quoted(column.name))",
      "    \"@id\": \(quoted("#\(table).\(column.name)"))",
      "    datatype: \(column.type.rawValue)",
      "    description: \(quoted(column.description))",
    ]
    if column.type == .string { lines.append("    length: \(length)") }
    if let unit = column.unit, !unit.isEmpty { lines.append("    ivoa:unit: \(quoted(unit))") }
    if let ucd = column.ucd, !ucd.isEmpty { lines.append("    ivoa:ucd: \(quoted(ucd))") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A double-quoted YAML scalar; its escapes are those of JSON.
  private static func quoted(_ text: String) -> String { JSONText.string(text) }
}
