internal import ADQL
internal import CatalogStore

/// An answer as text: CSV (RFC 4180), TSV, or JSON.
enum PlainResult {
  static func delimited(_ rows: ResultRows, by delimiter: Character) throws -> Spool {
    let spool = Spool()
    try spool.write(line(rows.columns.map(\.name), delimiter).utf8)
    let types = rows.columns.map(\.type)
    try rows.forEachRow { row in
      try spool.write(line(zip(row, types).map { $0.text($1) ?? "" }, delimiter).utf8)
    }
    return spool
  }

  private static func line(_ fields: [String], _ delimiter: Character) -> String {
    let line = fields.map {
      delimiter == "," ? quoted($0) : $0.map { $0.isNewline || $0 == "\t" ? " " : String($0) }.joined()
    }
    return line.joined(separator: String(delimiter)) + "\r\n"
  }

  private static func quoted(_ field: String) -> String {
    let isPlain = !field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    if isPlain { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// `{"metadata": [{"name": …}, …], "data": [[…], …]}`.
  static func json(_ rows: ResultRows) throws -> Spool {
    let spool = Spool()
    let columns = rows.columns.map { column in
      let facts: [(String, String?)] = [
        ("name", column.name), ("datatype", (column.type ?? .text).votable), ("unit", column.unit), ("ucd", column.ucd),
        ("description", column.description),
      ]
      let known = facts.compactMap { name, value in value.map { "\(JSONText.string(name)): \(JSONText.string($0))" } }
      return "{" + known.joined(separator: ", ") + "}"
    }
    try spool.write("{\"metadata\": [\(columns.joined(separator: ", "))],\n\"data\": [".utf8)
    var separator = "\n"
    let types = rows.columns.map(\.type)
    try rows.forEachRow { row in
      try spool.write("\(separator)[\(zip(row, types).map(json).joined(separator: ", "))]".utf8)
      separator = ",\n"
    }
    try spool.write("\n], \"overflow\": \(rows.isCutOff)}\n".utf8)
    return spool
  }

  private static func json(_ value: ResultRows.Value, _ type: ValueKind?) -> String {
    switch value {
    case .null: "null"
    case .integer(let value): String(value)
    // JSON has no infinity.
    case .real(let number): number.isFinite ? value.text(type) ?? "null" : "null"
    case .text, .bytes: JSONText.string(value.text ?? "")
    }
  }
}
