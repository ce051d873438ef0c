internal import CatalogStore

/// Writes CSV by RFC 4180, with lines ended by a line feed; with tabs for commas where the file is named `.tsv`. Numbers are in the shortest form that reads back to the same bits
/// of their own precision, truth values are `true` and `false`.
final class DelimitedWriter: TableWriter {
  let path: String
  let columns: [TableColumn]
  private(set) var rowCount: Int64 = 0
  private let plain: PlainColumns
  private let sink: ByteSink
  private var text: DelimitedText

  /// - Parameters:
  ///   - null: What stands for no value.
  ///   - header: Whether the first line has the names.
  init(
    path: String, columns: [TableColumn], _ compression: FileCompression?, null: String, header: Bool
  ) throws {
    if null.contains(where: { ",\t\"".contains($0) || $0.isNewline }) {
      throw StoreError(
        .usage, "--null", "is '\(null)'; allowed: a text without commas, tabs, quotes and line ends")
    }
    (self.path, self.columns) = (path, columns)
    plain = PlainColumns(columns)
    sink = try ByteSink(path, compression: compression)
    let hasTabs = FileCompression.of(path).plain.hasSuffix(".tsv")
    text = DelimitedText(null: null, separator: UInt8(ascii: hasTabs ? "\t" : ","))
    guard header else { return }
    for column in columns { text.field(column.name) }
    text.endLine()
  }

  func append(rows: Int, _ buffers: [ColumnBuffer]) throws {
    precondition(buffers.count == columns.count, "the columns of a batch for \(path) differ from those of the file")
    Self.put(plain.buffers(rows: rows, buffers), columns.map(\.isNullable), rows, to: &text)
    rowCount += Int64(rows)
    try flush()
  }

  /// The lines of a batch. The text is lent once for all of them.
  private static func put(
    _ values: [ColumnBuffer], _ nanIsMissing: [Bool], _ rows: Int, to text: inout DelimitedText
  ) {
    for row in 0..<rows {
      for column in values.indices { put(values[column], row, nanIsMissing[column], to: &text) }
      text.endLine()
    }
  }

  @inline(__always)
  private static func put(_ buffer: ColumnBuffer, _ row: Int, _ nanIsMissing: Bool, to text: inout DelimitedText) {
    guard buffer.validity.isPresent(row) else { return text.missingField() }
    switch buffer.values {
    case .int64(let values): text.field(values[row])
    case .uint64(let values): text.field(String(values[row]))
    case .float64(let values): values[row].isNaN && nanIsMissing ? text.missingField() : text.field(values[row])
    case .float32(let values): values[row].isNaN && nanIsMissing ? text.missingField() : text.field(values[row])
    case .bool(let values): text.field(values[row] == 0 ? "false" : "true")
    case .text(let strings), .binary(let strings): text.field(utf8: UnsafeRawBufferPointer(strings[row]))
    }
  }

  func publish() throws {
    try flush()
    try sink.publish()
  }

  private func flush() throws {
    try text.withBytes { try sink.write($0) }
    text.removeAll()
  }
}
