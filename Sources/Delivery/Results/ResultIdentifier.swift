internal import CatalogStore

/// The identifier of a source, whatever file it comes from: an integer, or a text that is none.
enum ResultIdentifier: Hashable {
  case integer(Int64)
  case text(String)

  /// A text; one that is an integer as programs write them is that integer.
  init(_ text: String) {
    if let number = Int64(text), String(number) == text { self = .integer(number) } else { self = .text(text) }
  }

  /// A number; one without a fraction is an integer.
  init(_ number: Double) {
    if let whole = Int64(exactly: number) { self = .integer(whole) } else { self = .text("\(number)") }
  }

  /// A value of SQLite; nil for none.
  init?(_ value: RowValue) {
    switch value {
    case .null, .blob: return nil
    case .integer(let number): self = .integer(number)
    case .real(let number): self.init(number)
    case .text(let bytes): self.init(String(decoding: bytes, as: UTF8.self))
    }
  }

  func bind(_ index: Int, to statement: Statement) {
    switch self {
    case .integer(let number): statement.bind(index, number)
    case .text(let text): statement.bind(index, text)
    }
  }
}
