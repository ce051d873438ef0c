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

  enum Part { case outside, header, cells, row, cell, binary, ignored }

  /// The tables so far.
  var tables: [Table] = []
  /// Frames and epochs.
  var frames = VOTableFrames()
  /// What the service that wrote the file says of it: QUERY_STATUS.
  var queryStatus: String?
  /// The versions and namespaces are not looked at: the elements are the same.
  var isVOTable = false

  /// Which table's rows are wanted, and which of its columns.
  private let wanted: (table: Int, batch: VOTableBatch)?
  private let capacity: Int
  private let mostBytes: Int
  /// Rows of the batch.
  @exclusivity(unchecked) private(set) var rows = 0
  var hasEnded = false

  // Looked at in every event, by one thread: without checks of exclusive access.
  @exclusivity(unchecked) var part = Part.outside
  /// Whether the rows of this table are wanted.
  @exclusivity(unchecked) private var isWanted = false
  /// Fields and rows of this table.
  @exclusivity(unchecked) private var fieldCount = 0
  @exclusivity(unchecked) private var tableRows: Int64 = 0
  var isInTable = false
  var isInField = false
  var isInDescription = false
  var description: [UInt8] = []
  @exclusivity(unchecked) private var cell = 0
  @exclusivity(unchecked) private var current: Unmanaged<VOTableCells>?
  var binary: VOTableBinaryRows?

  private static let longestDescription = 4096

  /// A stream that finds the tables and counts their rows.
  init(surveying path: String) throws(FormatError) {
    (wanted, capacity, mostBytes) = (nil, 1024, .max)
    try super.init(path)
  }

  /// A stream of the rows of a table.
  /// - Parameter batch: The columns wanted.
  init(_ path: String, table: Int, batch: VOTableBatch, capacity: Int, mostBytes: Int) throws(FormatError) {
    (wanted, self.capacity, self.mostBytes) = ((table, batch), capacity, mostBytes)
    try super.init(path)
  }

  /// Whether the rows of the table that is open are wanted.
  var wantsTable: Bool { wanted.map { $0.table == tables.count - 1 } ?? false }

  /// Brings the next rows; false if there are none.
  func nextBatch() throws(FormatError) -> Bool {
    rows = 0
    wanted?.batch.removeAll()
    // Rows of BINARY that came with those of the batch before.
    takeBinaryRows()
    while !hasEnded && !isFull { guard try advance() else { break } }
    return rows > 0
  }

  /// Whether the batch takes no more rows. Bytes are counted now and then.
  private var isFull: Bool {
    if rows >= capacity { return true }
    guard rows > 0, rows & 63 == 0 || mostBytes < 1 << 16, let batch = wanted?.batch else { return false }
    return batch.byteCount >= mostBytes
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
    case .cell: current?._withUnsafeGuaranteedRef { $0.extend(text) }
    case .binary: takeBase64(text)
    // Blanks between rows and cells, by far the most.
    case .cells, .row, .ignored: return
    case .outside, .header:
      guard isInDescription, description.count < Self.longestDescription else { return }
      description += text.prefix(Self.longestDescription - description.count)
    }
  }

  // MARK: Data

  /// Rows come, in this part of the document.
  func beginData(_ part: Part) {
    self.part = part
    let table = tables.count - 1
    (fieldCount, tableRows) = (tables[table].fields.count, tables[table].rows)
    isWanted = wantsTable
  }

  private func endData() {
    (part, isWanted) = (.header, false)
    tables[tables.count - 1].rows = tableRows
  }

  // MARK: TABLEDATA

  private func beginRow() {
    // The parser stops when a batch is full.
    guard !isWanted || rows < capacity else { return fail(.damaged, "line \(line): a row begins too early") }
    (part, cell) = (.row, -1)
  }

  private func beginCell() {
    cell += 1
    part = .cell
    guard cell < fieldCount else {
      return fail(.damaged, "line \(line): row \(tableRows + 1) has more cells than there are fields")
    }
    if isWanted { current = wanted?.batch[cell] }
  }

  private func endCell() {
    current?._withUnsafeGuaranteedRef { $0.endCell() }
    current = nil
    part = .row
  }

  private func endRow() {
    part = .cells
    tableRows += 1
    if isWanted, let batch = wanted?.batch { takeRow(batch) }
  }

  private func takeRow(_ batch: VOTableBatch) {
    // Cells that are not there have no value.
    while cell + 1 < batch.fieldCount {
      cell += 1
      batch[cell]?._withUnsafeGuaranteedRef { $0.endCell() }
    }
    rows += 1
    if isFull { suspend() }
  }

  // MARK: BINARY

  private func takeBase64(_ text: UnsafeBufferPointer<UInt8>) {
    guard let isSound = binary?.append(text) else { return }
    guard isSound else { return fail(.damaged, "line \(line) is not base64") }
    takeBinaryRows()
    if isWanted && isFull { suspend() }
  }

  /// Takes whole rows as far as the batch has room.
  private func takeBinaryRows() {
    guard let binary else { return }
    let batch = isWanted ? wanted?.batch : nil
    while batch == nil || !isFull {
      switch binary.next() {
      case .row: if let batch { binary.take(batch, row: rows) } else { binary.pass() }
      case .tooLong:
        return fail(
          .unsupported, "row \(tableRows + 1) has 0 bytes or more than \(VOTableBinaryRows.longestRow)")
      case .incomplete: return
      }
      tableRows += 1
      if batch != nil { rows += 1 }
    }
  }

  private func endBinary() {
    if binary?.hasRest == true { fail(.damaged, "its data end within row \(tableRows + 1)") }
    endData()
    binary = nil
  }
}
