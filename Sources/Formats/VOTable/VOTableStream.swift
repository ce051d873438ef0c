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
  private let wanted: (table: Int, cells: [VOTableCells?])?
  private let capacity: Int
  private let mostBytes: Int
  /// Rows of the batch.
  private(set) var rows = 0
  var hasEnded = false

  var part = Part.outside
  var isInTable = false
  var isInField = false
  var isInDescription = false
  var description: [UInt8] = []
  private var cell = 0
  private var current: VOTableCells?
  var binary: VOTableBinaryRows?

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

  var isWanted: Bool { wanted.map { $0.table == tables.count - 1 } ?? false }

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

  // MARK: TABLEDATA

  private func beginRow() {
    // The parser stops when a batch is full.
    guard !isWanted || rows < capacity else { return fail(.damaged, "line \(line): a row begins too early") }
    (part, cell) = (.row, -1)
  }

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
