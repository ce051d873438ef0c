internal import CatalogStore

/// Writes a VOTable 1.4 in BINARY2, row by row: numbers keep their bits, and every column can have rows without a value.
///
/// Texts are `unicodeChar`, in UTF-16. VOTable has no unsigned integers of 64 bits: those up to 2⁶³ − 1 are written as `long`,
/// larger ones refused.
final class VOTableWriter: TableWriter {
  let path: String
  let columns: [TableColumn]
  private(set) var rowCount: Int64 = 0
  private let plain: PlainColumns
  private let datatypes: [VOTableField.Datatype]
  private let sink: ByteSink
  private let xml: XMLWriter
  private var rows = TextBuffer(capacity: 1 << 18)

  /// Bytes that are handed to base64 at a time.
  private static let pieceBytes = 1 << 18

  init(path: String, columns: [TableColumn], _ notes: TableNotes, _ compression: FileCompression?) throws {
    (self.path, self.columns) = (path, columns)
    let plain = PlainColumns(columns)
    self.plain = plain
    datatypes = zip(columns, plain.columns).map { VOTableDocument.datatype($0, $1) }
    let sink = try ByteSink(path, compression: compression)
    self.sink = sink
    xml = try XMLWriter { try sink.write($0) }
    try VOTableDocument.begin(xml, columns, plain.columns, notes)
    try xml.start("DATA")
    try xml.start("BINARY2")
    try xml.start("STREAM", [("encoding", "base64")])
  }

  func append(rows count: Int, _ buffers: [ColumnBuffer]) throws {
    precondition(buffers.count == columns.count, "the columns of a batch for \(path) differ from those of the file")
    let values = plain.buffers(rows: count, buffers)
    for row in 0..<count {
      putMissing(values, row)
      for (column, buffer) in values.enumerated() { try put(buffer, row, column) }
      if rows.count >= Self.pieceBytes { try flush(all: false) }
    }
    rowCount += Int64(count)
  }

  func publish() throws {
    try flush(all: true)
    try xml.finish()
    try sink.publish()
  }

  /// Hands rows to base64, which has a whole number of characters for every three bytes.
  private func flush(all: Bool) throws {
    let ready = all ? rows.count : rows.count / 3 * 3
    try rows.withBytes { try xml.base64(UnsafeRawBufferPointer(rebasing: $0[..<ready])) }
    rows.removeFirst(ready)
  }

  // MARK: Values

  /// One bit for each column, the highest first, that is set where there is no value.
  private func putMissing(_ buffers: [ColumnBuffer], _ row: Int) {
    var byte: UInt8 = 0
    for (column, buffer) in buffers.enumerated() {
      if !buffer.validity.isPresent(row) { byte |= 128 >> UInt8(column & 7) }
      if column & 7 == 7 {
        rows.put(byte)
        byte = 0
      }
    }
    if buffers.count & 7 != 0 { rows.put(byte) }
  }

  @inline(__always) private func put(_ buffer: ColumnBuffer, _ row: Int, _ column: Int) throws {
    let isPresent = buffer.validity.isPresent(row)
    switch buffer.values {
    case .int64(let values): rows.put(bigEndian: isPresent ? values[row] : 0)
    case .uint64(let values): rows.put(bigEndian: isPresent ? try signed(values[row], column) : 0)
    case .float64(let values): rows.put(bigEndian: isPresent ? values[row].bitPattern : Double.nan.bitPattern)
    case .float32(let values): rows.put(bigEndian: isPresent ? values[row].bitPattern : Float.nan.bitPattern)
    case .bool(let values): rows.put(UInt8(ascii: !isPresent ? "?" : values[row] == 0 ? "F" : "T"))
    case .text(let strings), .binary(let strings):
      put(text: isPresent ? strings[row] : UnsafeBufferPointer(start: nil, count: 0), datatypes[column])
    }
  }

  /// The number of characters, and the characters.
  private func put(text: UnsafeBufferPointer<UInt8>, _ datatype: VOTableField.Datatype) {
    if datatype == .char {
      rows.put(bigEndian: Int32(clamping: text.count))
      return rows.put(UnsafeRawBufferPointer(text))
    }
    if text.allSatisfy({ $0 < 0x80 }) {
      rows.put(bigEndian: Int32(clamping: text.count))
      for byte in text { rows.put(bigEndian: UInt16(byte)) }
    } else {
      let units = Array(String(decoding: text, as: UTF8.self).utf16)
      rows.put(bigEndian: Int32(clamping: units.count))
      for unit in units { rows.put(bigEndian: unit) }
    }
  }

  private func signed(_ value: UInt64, _ column: Int) throws -> Int64 {
    if let signed = Int64(exactly: value) { return signed }
    throw StoreError(
      .usage, path,
      "column '\(columns[column].name)' has the unsigned integer \(value), which a VOTable cannot hold; write Parquet or FITS"
    )
  }
}
