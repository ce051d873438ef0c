internal import ADQL
internal import Formats

/// An answer as a VOTable (IVOA Recommendations VOTable 1.4 and DALI 1.1, section 4.4).
struct VOTableResult {
  private let rows: ResultRows
  private let columns: [ColumnDefinition]
  private let notes: ResultNotes

  init(_ rows: ResultRows, _ notes: ResultNotes) {
    self.rows = rows
    columns = rows.columns
    self.notes = notes
  }

  /// Bytes that are handed to base64 at a time.
  private static let pieceBytes = 1 << 16

  // MARK: Documents

  func binary2() throws -> Spool {
    try document { xml in
      try xml.start("BINARY2")
      try xml.start("STREAM", [("encoding", "base64")])
      var bytes: [UInt8] = []
      try rows.forEachRow { row in
        append(row, to: &bytes)
        if bytes.count >= Self.pieceBytes {
          // Whole groups of three bytes go on without padding.
          let ready = bytes.count / 3 * 3
          try bytes.withUnsafeBytes { try xml.base64(UnsafeRawBufferPointer(rebasing: $0[..<ready])) }
          bytes.removeFirst(ready)
        }
      }
      try bytes.withUnsafeBytes { try xml.base64($0) }
      try xml.end()
      try xml.end()
    }
  }

  func tableData() throws -> Spool {
    try document { xml in
      try xml.start("TABLEDATA")
      try rows.forEachRow { row in
        try xml.start("TR")
        for (value, column) in zip(row, columns) { try xml.element("TD", text: Self.cell(value, column.type)) }
        try xml.end()
      }
      try xml.end()
    }
  }

  private func document(_ data: (XMLWriter) throws -> Void) throws -> Spool {
    let spool = Spool()
    let xml = try XMLWriter { try spool.write($0) }
    try Self.begin(xml)
    try xml.element("INFO", [("name", "QUERY_STATUS"), ("value", "OK")])
    for (name, value) in notes.facts { try xml.element("INFO", [("name", name), ("value", value)]) }
    try xml.start("TABLE", [("name", "result")])
    if let description = notes.description { try xml.element("DESCRIPTION", text: description) }
    for (place, column) in columns.enumerated() { try field(xml, column, place) }
    try xml.start("DATA")
    try data(xml)
    try xml.end()
    try xml.end()
    if rows.isCutOff {
      try xml.element(
        "INFO", [("name", "QUERY_STATUS"), ("value", "OVERFLOW")], text: "There are more rows than these.")
    }
    try xml.finish()
    return spool
  }

  private static func begin(_ xml: XMLWriter) throws {
    try xml.start("VOTABLE", [("version", "1.4"), ("xmlns", "http://www.ivoa.net/xml/VOTable/v1.3")])
    try xml.start("RESOURCE", [("type", "results")])
  }

  /// The document that says what is wrong.
  static func error(_ message: String) throws -> Spool {
    let spool = Spool()
    let xml = try XMLWriter { try spool.write($0) }
    try begin(xml)
    try xml.element("INFO", [("name", "QUERY_STATUS"), ("value", "ERROR")], text: message)
    try xml.finish()
    return spool
  }

  /// The same as simple cone search 1.03 has it (section 2.3).
  static func coneError(_ message: String) throws -> Spool {
    let spool = Spool()
    let xml = try XMLWriter { try spool.write($0) }
    try begin(xml)
    try xml.element("INFO", [("name", "QUERY_STATUS"), ("value", "ERROR")], text: message)
    try xml.element("INFO", [("ID", "Error"), ("name", "Error"), ("value", message)])
    try xml.finish()
    return spool
  }

  private func field(_ xml: XMLWriter, _ column: ColumnDefinition, _ place: Int) throws {
    let type = column.type ?? .text
    try xml.start(
      "FIELD",
      [
        ("name", column.name), ("datatype", type.votable), ("arraysize", type.isNumeric ? nil : "*"),
        ("unit", column.unit), ("ucd", column.ucd), ("xtype", column.xtype),
      ])
    if let description = column.description, !description.isEmpty {
      try xml.element("DESCRIPTION", text: description)
    }
    try xml.end()
  }

  // MARK: Values

  private static func cell(_ value: ResultRows.Value, _ type: ValueKind?) -> String? {
    if case .bytes(let bytes) = value, type == .bytes { return bytes.map(String.init).joined(separator: " ") }
    return value.text(type)
  }

  private func append(_ row: [ResultRows.Value], to bytes: inout [UInt8]) {
    for first in stride(from: 0, to: row.count, by: 8) {
      var missing: UInt8 = 0
      for (bit, value) in row[first..<min(first + 8, row.count)].enumerated() {
        if case .null = value { missing |= 128 >> UInt8(bit) }
      }
      bytes.append(missing)
    }
    for (value, column) in zip(row, columns) { Self.append(value, column.type ?? .text, to: &bytes) }
  }

  private static func append(_ value: ResultRows.Value, _ type: ValueKind, to bytes: inout [UInt8]) {
    func add(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
    switch type {
    case .short: add(Int16(clamping: integer(value)))
    case .int: add(Int32(clamping: integer(value)))
    case .long: add(integer(value))
    case .float: add(Float(value.real ?? .nan).bitPattern)
    case .double: add((value.real ?? .nan).bitPattern)
    case .char:
      let text = (value.text ?? "").utf8
      add(Int32(clamping: text.count))
      bytes.append(contentsOf: text)
    case .text:
      let units = Array((value.text ?? "").utf16)
      add(Int32(clamping: units.count))
      for unit in units { add(unit) }
    case .bytes:
      guard case .bytes(let blob) = value else { return add(Int32(0)) }
      add(Int32(clamping: blob.count))
      bytes.append(contentsOf: blob)
    }
  }

  private static func integer(_ value: ResultRows.Value) -> Int64 {
    if case .integer(let value) = value { value } else { 0 }
  }
}
