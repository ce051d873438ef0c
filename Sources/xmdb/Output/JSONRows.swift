import CatalogStore

/// A JSON array with one object per line. Integers keep all their digits; blobs are in hexadecimal.
final class JSONRows: RowWriter {
  private let output: TextOutput
  private var keys: [String] = []
  private var isEmpty = true

  init(_ output: TextOutput) { self.output = output }

  func begin(_ columns: [String]) throws {
    keys = Self.distinct(columns).map(JSONText.string)
    try output.write("[")
  }

  func add(_ row: SQLRow) throws {
    try output.write(isEmpty ? "\n  {" : ",\n  {")
    isEmpty = false
    for column in 0..<row.count {
      try output.write((column == 0 ? "" : ", ") + keys[column] + ": " + Self.value(row, column))
    }
    try output.write("}")
    try output.flushIfStale()
  }

  func end() throws { try output.line(isEmpty ? "]" : "\n]") }

  private static func value(_ row: SQLRow, _ column: Int) -> String {
    switch row.type(column) {
    case .null: "null"
    case .integer: String(row.integer(column))
    case .real: JSONValue.number(row.real(column))
    case .text: JSONText.string(row.text(column))
    case .blob: JSONText.string(row.hexadecimal(column))
    }
  }

  /// A second column of the same name becomes `name_2`: most readers keep only one of two equal keys.
  static func distinct(_ names: [String]) -> [String] {
    var taken = Set<String>()
    return names.map { name in
      var candidate = name
      var number = 2
      while !taken.insert(candidate).inserted {
        candidate = "\(name)_\(number)"
        number += 1
      }
      return candidate
    }
  }
}
