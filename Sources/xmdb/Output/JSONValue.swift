import CatalogStore

/// JSON with its keys in the order in which they were written down.
enum JSONValue {
  case null
  case bool(Bool)
  case integer(Int64)
  case real(Double)
  case text(String)
  case list([JSONValue])
  case object([(String, JSONValue)])

  /// An integer or null.
  static func integer(_ value: Int64?) -> JSONValue { value.map { .integer($0) } ?? .null }
  /// A number or null.
  static func real(_ value: Double?) -> JSONValue { value.map { .real($0) } ?? .null }
  /// A text or null.
  static func text(_ value: String?) -> JSONValue { value.map { .text($0) } ?? .null }
  /// A list of texts.
  static func texts(_ values: [String]) -> JSONValue { .list(values.map { .text($0) }) }

  /// Indented by two blanks a level.
  var pretty: String {
    var text = ""
    write(to: &text, indent: 0)
    return text
  }

  private func write(to text: inout String, indent: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .real(let value): text += Self.number(value)
    case .text(let value): text += JSONText.string(value)
    case .list(let values): Self.write(values.map { (nil, $0) }, "[", "]", to: &text, indent: indent)
    case .object(let members): Self.write(members.map { ($0, $1) }, "{", "}", to: &text, indent: indent)
    }
  }

  private static func write(
    _ parts: [(key: String?, value: JSONValue)], _ open: String, _ close: String, to text: inout String, indent: Int
  ) {
    text += open
    for (position, part) in parts.enumerated() {
      text += (position == 0 ? "\n" : ",\n") + String(repeating: " ", count: indent + 2)
      if let key = part.key { text += JSONText.string(key) + ": " }
      part.value.write(to: &text, indent: indent + 2)
    }
    if !parts.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
    text += close
  }

  /// The shortest decimal that reads back to the same bits. JSON has no infinity: 9e999 reads as one; NaN becomes null.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "null" }
    if value.isInfinite { return value < 0 ? "-9e999" : "9e999" }
    return value.description
  }
}
