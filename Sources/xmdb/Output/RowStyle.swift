import CatalogStore

/// A form of rows with what may be chosen about it.
struct RowStyle {
  /// The form.
  private(set) var format: RowFormat
  /// Whether the names of the columns come first, where the form can do without.
  var hasHeader = true
  /// What was asked to stand for NULL; nil: what the form has.
  private(set) var null: String?
  /// What was asked to stand between values; nil: what the form has.
  private(set) var separator: String?

  init(_ format: RowFormat) { self.format = format }

  /// Chooses another form, with its own separator.
  mutating func choose(_ format: RowFormat) throws {
    var changed = self
    (changed.format, changed.separator) = (format, nil)
    try changed.check()
    self = changed
  }

  /// Chooses what stands for NULL.
  /// - Throws: `StoreError.usage` when a reader could not tell it from a value.
  mutating func choose(null: String) throws {
    var changed = self
    changed.null = null
    try changed.check()
    self = changed
  }

  /// Chooses what stands between values.
  /// - Throws: `StoreError.usage` when the form has none, or not this one.
  mutating func choose(separator: String) throws {
    guard format.separator != nil else {
      throw StoreError(.usage, ".separator", "is for .mode csv, tabs and list; the mode is \(format.rawValue)")
    }
    var changed = self
    changed.separator = separator
    try changed.check()
    self = changed
  }

  private func check() throws {
    guard format == .csv || format == .tabs else { return }
    let separator = separator ?? format.separator ?? ","
    guard separator.utf8.count == 1, let byte = separator.utf8.first, byte < 0x80, !Self.isSpecial(byte) else {
      throw StoreError(.usage, ".separator", "is '\(TextTable.printable(separator))'; for CSV give one ASCII character")
    }
    if let null, null.utf8.contains(where: { Self.isSpecial($0) || $0 == byte }) {
      throw StoreError(
        .usage, ".nullvalue",
        "is '\(TextTable.printable(null))'; in CSV it has no separator, quotation mark or line end")
    }
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// What stands for NULL.
  var nullText: String { null ?? format.null ?? "null" }
  /// What stands between values.
  var separatorText: String { separator ?? format.separator ?? "" }

  /// A writer for one statement.
  func writer(to output: TextOutput) -> any RowWriter {
    switch format {
    case .table: TableRows(output, frame: .none, hasHeader: hasHeader, null: nullText)
    case .box: TableRows(output, frame: .box, hasHeader: hasHeader, null: nullText)
    case .markdown: TableRows(output, frame: .markdown, hasHeader: true, null: nullText)
    case .csv, .tabs: CSVRows(output, separator: separatorText, hasHeader: hasHeader, null: nullText)
    case .list: ListRows(output, separator: separatorText, hasHeader: hasHeader, null: nullText)
    case .json: JSONRows(output)
    case .line: LineRows(output, null: nullText)
    }
  }
}
