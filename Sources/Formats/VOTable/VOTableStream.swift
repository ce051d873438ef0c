/// Reads a VOTable document: what its tables are, or the rows of one of them in batches.
///
/// Sources: IVOA Recommendations VOTable 1.1 to 1.5.
final class VOTableStream: XMLStream {
  /// One TABLE.
  struct Table: Sendable {
    var id: String?
    var name: String?
    var fields: [VOTableField] = []
    var rows: Int64 = 0
    /// Whether its rows are in TABLEDATA.
    var isText = false
  }

  private enum Part { case outside, header, cells, row, cell, binary, ignored }

  /// The tables so far.
  private(set) var tables: [Table] = []
  /// Frames and epochs.
  private(set) var frames = VOTableFrames()
  /// What the service that wrote the file says of it: QUERY_STATUS.
  private(set) var queryStatus: String?
  /// The versions and namespaces are not looked at: the elements are the same.
  private(set) var isVOTable = false

  /// Which table's rows are wanted, and which of its columns.
  private let wanted: (table: Int, cells: [VOTableCells?])?
  private let capacity: Int
  private let mostBytes: Int
  /// Rows of the batch.
  private(set) var rows = 0
  private(set) var hasEnded = false

  private var part = Part.outside
  private var isInTable = false
  private var isInField = false
  private var isInDescription = false
  private var description: [UInt8] = []
  private var cell = 0
  private var current: VOTableCells?
  private var binary: VOTableBinaryRows?

  private static let mostFields = 10_000
  private static let mostTables = 10_000
  private static let longestDescription = 4096

  /// A stream that finds the tables and counts their rows.
  init(surveying path: String) throws(FormatError) {
    (wanted, capacity, mostBytes) = (nil, 1024, .max)
    try super.init(path)
  }

  /// A stream of the rows of a table.
  /// - Parameter cells: Those of the columns wanted, by field.
  init(_ path: String, table: Int, cells: [VOTableCells?], capacity: Int, mostBytes: Int) throws(FormatError) {
    (wanted, self.capacity, self.mostBytes) = ((table, cells), capacity, mostBytes)
    try super.init(path)
  }

  private var isWanted: Bool { wanted.map { $0.table == tables.count - 1 } ?? false }

  /// Brings the next rows; false if there are none.
  func nextBatch() throws(FormatError) -> Bool {
    rows = 0
    for cells in wanted?.cells ?? [] { cells?.removeAll() }
    // Rows of BINARY that came with those of the batch before.
    takeBinaryRows()
    while !hasEnded && !isFull { guard try advance() else { break } }
    return rows > 0
  }

  /// Whether the batch takes no more rows. Bytes are counted now and then.
  private var isFull: Bool {
    if rows >= capacity { return true }
    guard rows > 0, rows & 63 == 0 || mostBytes < 1 << 16, let cells = wanted?.cells else { return false }
    return cells.reduce(0) { $0 + ($1?.byteCount ?? 0) } >= mostBytes
  }

  // MARK: Elements

  override func start(_ name: XMLName, _ attributes: XMLAttributes) {
    switch part {
    case .cells: if name == "TR" { beginRow() }
    case .row: if name == "TD" { beginCell() }
    case .cell, .binary, .ignored: return
    case .outside, .header: startHeader(name, attributes)
    }
  }

  override func end(_ name: XMLName) {
    switch part {
    case .cell: if name == "TD" { endCell() }
    case .row: if name == "TR" { endRow() }
    case .cells: if name == "TABLEDATA" { endData() }
    case .binary: if name == "STREAM" { endBinary() }
    case .ignored: if name == "DATA" { part = .header }
    case .outside, .header: endHeader(name)
    }
  }

  override func text(_ text: UnsafeBufferPointer<UInt8>) {
    switch part {
    case .cell: current?.extend(text)
    case .binary: takeBase64(text)
    default:
      guard isInDescription, description.count < Self.longestDescription else { return }
      description += text.prefix(Self.longestDescription - description.count)
    }
  }

  // MARK: Header

  private func startHeader(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "VOTABLE" {
      isVOTable = true
    } else if name == "TABLE" {
      guard tables.count < Self.mostTables else {
        return fail(.unsupported, "it has more than \(Self.mostTables) tables")
      }
      tables.append(Table(id: attributes["ID"], name: attributes["name"]))
      (part, isInTable, isInField, isInDescription) = (.header, true, false, false)
    } else if name == "FIELD", isInTable {
      addField(attributes)
    } else if name == "VALUES", isInField {
      tables[tables.count - 1].fields[tables[tables.count - 1].fields.count - 1].nullText = attributes["null"]
    } else if name == "DESCRIPTION", isInField {
      (isInDescription, description) = (true, [])
    } else if name == "COOSYS" {
      frames.addSystem(attributes)
    } else if name == "GROUP" {
      frames.beginGroup(attributes)
    } else if name == "FIELDref" {
      frames.addReference(attributes)
    } else if name == "PARAM" {
      frames.addParameter(attributes)
    } else if name == "INFO" {
      if attributes["name"] == "QUERY_STATUS", let value = attributes["value"] { queryStatus = value }
    } else if isInTable {
      startData(name, attributes)
    }
  }

  private func addField(_ attributes: XMLAttributes) {
    let table = tables.count - 1
    guard tables[table].fields.count < Self.mostFields else {
      return fail(.unsupported, "a table has more than \(Self.mostFields) fields")
    }
    guard let field = VOTableField(attributes) else {
      let type = [attributes["datatype"] ?? "none", attributes["arraysize"] ?? ""].joined(separator: " ")
      return fail(
        .damaged,
        "line \(line): field '\(attributes["name"] ?? "")' has the datatype \(type), which VOTable does not know")
    }
    tables[table].fields.append(field)
    isInField = true
  }

  private func startData(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "TABLEDATA" {
      part = .cells
      tables[tables.count - 1].isText = true
    } else if name == "BINARY" || name == "BINARY2" {
      binary = VOTableBinaryRows(tables[tables.count - 1].fields, hasFlags: name == "BINARY2")
    } else if name == "STREAM" {
      startStream(attributes)
    } else if name == "FITS" || name == "PARQUET" {
      part = .ignored
      fail(.unsupported, "its data are in a \(name.string) file beside it, which is not read; ingest that file")
    }
  }

  private func startStream(_ attributes: XMLAttributes) {
    if let address = attributes["href"] {
      return fail(.unsupported, "its data are elsewhere, at \(address), and are not fetched; write them into the file")
    }
    guard attributes["encoding"] == nil || attributes["encoding"] == "base64" else {
      return fail(.unsupported, "its data are encoded as \(attributes["encoding"] ?? ""); base64 is read")
    }
    part = .binary
  }

  private func endHeader(_ name: XMLName) {
    if name == "FIELD" {
      isInField = false
    } else if name == "DESCRIPTION", isInDescription {
      isInDescription = false
      let words = String(decoding: description, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      let table = tables.count - 1
      if !words.isEmpty {
        tables[table].fields[tables[table].fields.count - 1].description = words.joined(separator: " ")
      }
    } else if name == "GROUP" {
      frames.endGroup()
    } else if name == "TABLE" {
      if isWanted { finish() }
      (part, isInTable, binary) = (.outside, false, nil)
    }
  }

  private func finish() {
    hasEnded = true
    suspend()
  }

  // MARK: TABLEDATA

  private func beginRow() { (part, cell) = (.row, -1) }

  private func beginCell() {
    cell += 1
    part = .cell
    guard cell < tables[tables.count - 1].fields.count else {
      return fail(
        .damaged, "line \(line): row \(tables[tables.count - 1].rows + 1) has more cells than there are fields")
    }
    if isWanted, let cells = wanted?.cells, cell < cells.count { current = cells[cell] }
  }

  private func endCell() {
    current?.endCell()
    current = nil
    part = .row
  }

  private func endRow() {
    part = .cells
    let table = tables.count - 1
    // Cells that are not there have no value.
    if isWanted, let cells = wanted?.cells {
      for index in (cell + 1)..<max(cell + 1, cells.count) { cells[index]?.endCell() }
    }
    countRow(table)
  }

  private func countRow(_ table: Int) {
    tables[table].rows += 1
    guard isWanted else { return }
    rows += 1
    if isFull { suspend() }
  }

  private func endData() { part = .header }

  // MARK: BINARY

  private func takeBase64(_ text: UnsafeBufferPointer<UInt8>) {
    guard let isSound = binary?.append(text) else { return }
    guard isSound else { return fail(.damaged, "line \(line) is not base64") }
    takeBinaryRows()
    if isWanted && isFull { suspend() }
  }

  /// Takes whole rows as far as the batch has room.
  private func takeBinaryRows() {
    guard binary != nil else { return }
    let table = tables.count - 1
    let cells = isWanted ? wanted?.cells ?? [] : []
    while !isWanted || !isFull {
      switch binary?.next() {
      case .row: binary?.take(cells, row: rows)
      case .tooLong:
        return fail(
          .unsupported, "row \(tables[table].rows + 1) has 0 bytes or more than \(VOTableBinaryRows.longestRow)")
      case .incomplete, nil: return
      }
      tables[table].rows += 1
      if isWanted { rows += 1 }
    }
  }

  private func endBinary() {
    part = .header
    if binary?.hasRest == true { fail(.damaged, "its data end within row \(tables[tables.count - 1].rows + 1)") }
    binary = nil
  }
}
