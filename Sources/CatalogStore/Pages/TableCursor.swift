/// Goes through the rows of a table of a finished file in the order of their numbers, without SQLite.
///
/// An export takes tens of millions of values out of rows, and SQLite's own way to each of them takes longer than what is then
/// done with it. Values are those that a statement would give.
///
/// - Source: https://sqlite.org/fileformat2.html §1.5, §1.6
public final class TableCursor {
  /// An interior page on the way to the leaf.
  private struct Level {
    let page: [UInt8]
    /// The child that is taken: the number of cells is the last one.
    var child: Int
  }

  private let pages: SealedPages
  private let root: UInt32
  private let leaf: UnsafeMutableRawBufferPointer
  private var levels: [Level] = []
  /// Leaves read since the last search: never more than there are pages.
  private var leaves = 0
  // Looked at for every value, by one thread: without checks of exclusive access.
  @exclusivity(unchecked) private var cellCount = 0
  @exclusivity(unchecked) private var cell = 0
  @exclusivity(unchecked) private var isAtRow = false
  @exclusivity(unchecked) private var record: StoredRecord
  /// Memory for a record that goes on in other pages.
  private var long = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  private static let deepest = 20

  init(_ pages: SealedPages, root: UInt32, _ columns: [StoredRecord.Column]) {
    (self.pages, self.root) = (pages, root)
    leaf = .allocate(byteCount: pages.pageBytes, alignment: 8)
    record = StoredRecord(columns)
  }

  /// A cursor over some columns of a table.
  /// - Parameter connection: The same file, opened by SQLite, which knows where its tables and columns are.
  /// - Throws: `StoreError.damaged` for a table or column that is not there.
  convenience init(_ file: SealedFile, _ table: String, _ columns: [String], of connection: Connection) throws {
    guard let root = try connection.rootPages()[table] else {
      throw StoreError(.damaged, file.path, "has no table \(table); run `xmdb verify`")
    }
    try self.init(file.pages(), root: root, connection.storedColumns(of: table, columns))
  }

  deinit {
    leaf.deallocate()
    long.deallocate()
  }

  // MARK: Rows

  /// The number of the row.
  public var rowid: Int64 { record.rowid }

  /// Goes to the row of a number: fast where it is a little further than the last one.
  /// - Returns: False if there is none.
  /// - Throws: `StoreError.damaged`.
  /// - Complexity: O(log rows).
  public func stand(at rowid: Int64) throws -> Bool {
    if isAtRow && rowid >= record.rowid {
      if rowid == record.rowid { return true }
      if rowid == record.rowid &+ 1 { return try next() && record.rowid == rowid }
      if try cellStart(cellCount - 1).rowid >= rowid { return try search(rowid) && record.rowid == rowid }
    }
    return try seek(rowid) && record.rowid == rowid
  }

  /// Goes to the first row of this number or a greater one.
  /// - Returns: False if there is none.
  /// - Throws: `StoreError.damaged`.
  /// - Complexity: O(log rows).
  public func seek(_ rowid: Int64) throws -> Bool {
    (levels, leaves, isAtRow) = ([], 0, false)
    try descend(root) { page, count in try self.child(of: page, count, holding: rowid) }
    return try search(rowid)
  }

  /// Goes to the first such row in the leaf, or the first one behind it.
  private func search(_ rowid: Int64) throws -> Bool {
    var (low, high) = (0, cellCount)
    while low < high {
      let middle = (low + high) / 2
      if try cellStart(middle).rowid < rowid { low = middle + 1 } else { high = middle }
    }
    cell = low - 1
    return try next()
  }

  /// Goes to the next row.
  /// - Returns: False if there is none.
  /// - Throws: `StoreError.damaged`.
  public func next() throws -> Bool {
    isAtRow = false
    cell += 1
    while cell >= cellCount { if try !nextLeaf() { return false } }
    try takeCell()
    isAtRow = true
    return true
  }

  private func nextLeaf() throws -> Bool {
    while let last = levels.popLast() {
      let count = Self.number(last.page, 3)
      guard last.child < count else { continue }
      levels.append(Level(page: last.page, child: last.child + 1))
      try descend(child(last.page, count, last.child + 1)) { _, _ in 0 }
      cell = 0
      return true
    }
    cellCount = 0
    return false
  }

  // MARK: Pages

  /// Goes down to a leaf, taking of each interior page the child that `choose` gives.
  private func descend(_ number: UInt32, _ choose: ([UInt8], Int) throws -> Int) throws {
    var number = number
    while true {
      try pages.read(number, into: leaf)
      cellCount = Int(UInt16(bigEndian: leaf.loadUnaligned(fromByteOffset: 3, as: UInt16.self)))
      if leaf[0] == CellPage.Kind.tableLeaf.rawValue { break }
      guard leaf[0] == CellPage.Kind.tableInterior.rawValue, levels.count < Self.deepest else { throw damage() }
      let page = [UInt8](leaf)
      let child = try choose(page, cellCount)
      levels.append(Level(page: page, child: child))
      number = try self.child(page, cellCount, child)
    }
    leaves += 1
    guard 8 + 2 * cellCount <= leaf.count, leaves <= pages.count else { throw damage() }
  }

  /// The child of an interior page in which a row would be: keys are the greatest numbers of the children before them.
  private func child(of page: [UInt8], _ count: Int, holding rowid: Int64) throws -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      var place = try cell(of: page, middle) + 4
      let key = page.withUnsafeBytes { StoredRecord.varint($0, &place) }
      guard let key else { throw damage() }
      if Int64(bitPattern: key) < rowid { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The page of a child.
  private func child(_ page: [UInt8], _ count: Int, _ child: Int) throws -> UInt32 {
    let place = child < count ? try cell(of: page, child) : 8
    return page[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Where a cell of an interior page begins.
  private func cell(of page: [UInt8], _ index: Int) throws -> Int {
    let pointer = 12 + 2 * index
    guard pointer + 2 <= page.count else { throw damage() }
    let place = Self.number(page, pointer)
    guard place + 4 <= page.count else { throw damage() }
    return place
  }

  private static func number(_ page: [UInt8], _ place: Int) -> Int { Int(page[place]) << 8 | Int(page[place + 1]) }

  private func damage() -> StoreError { pages.damage("has pages that are none of a table") }

  // MARK: Cells

  /// What a cell of the leaf begins with: the length of its record, the number of its row, and where the record is.
  @inline(__always) private func cellStart(_ index: Int) throws -> (length: Int, rowid: Int64, place: Int) {
    let page = UnsafeRawBufferPointer(leaf)
    var place = Int(UInt16(bigEndian: page.loadUnaligned(fromByteOffset: 8 + 2 * index, as: UInt16.self)))
    guard let length = StoredRecord.varint(page, &place), let rowid = StoredRecord.varint(page, &place),
      length <= pages.count * pages.pageBytes
    else { throw damage() }
    return (Int(length), Int64(bitPattern: rowid), place)
  }

  private func takeCell() throws {
    let (length, rowid, place) = try cellStart(cell)
    let page = UnsafeRawBufferPointer(leaf)
    let isTaken: Bool
    if length <= page.count - 35 {
      guard place + length <= page.count else { throw damage() }
      isTaken = record.take(UnsafeRawBufferPointer(rebasing: page[place..<place + length]), rowid: rowid)
    } else {
      try readLong(length, at: place)
      isTaken = record.take(UnsafeRawBufferPointer(rebasing: long[..<length]), rowid: rowid)
    }
    if !isTaken { throw damage() }
  }

  /// Puts together a record of which the leaf has only the beginning.
  private func readLong(_ length: Int, at place: Int) throws {
    let usable = leaf.count
    let least = (usable - 12) * 32 / 255 - 23
    let filling = least + (length - least) % (usable - 4)
    let here = filling <= usable - 35 ? filling : least
    guard place + here + 4 <= usable else { throw damage() }
    if long.count < length {
      long.deallocate()
      long = .allocate(byteCount: length, alignment: 8)
    }
    UnsafeMutableRawBufferPointer(rebasing: long[..<here]).copyBytes(from: leaf[place..<place + here])
    var done = here
    var next = UInt32(bigEndian: leaf.loadUnaligned(fromByteOffset: place + here, as: UInt32.self))
    let page = UnsafeMutableRawBufferPointer.allocate(byteCount: usable, alignment: 8)
    defer { page.deallocate() }
    while done < length {
      try pages.read(next, into: page)
      let part = page[4..<4 + min(usable - 4, length - done)]
      UnsafeMutableRawBufferPointer(rebasing: long[done..<done + part.count]).copyBytes(from: part)
      done += part.count
      next = UInt32(bigEndian: page.loadUnaligned(as: UInt32.self))
    }
  }
}

extension TableCursor {
  /// The value of a wanted column in this row. Texts and blobs are borrowed: valid until the next row.
  @inline(__always) public func value(_ index: Int) -> RowValue { record.value(index) }

  /// Whether the value is NULL.
  public func isNull(_ index: Int) -> Bool { if case .null = value(index) { true } else { false } }

  /// The value as an integer (0 for what is none).
  public func int64(_ index: Int) -> Int64 { if case .integer(let number) = value(index) { number } else { 0 } }

  /// The value as a real number (0 for what is no number).
  public func double(_ index: Int) -> Double {
    switch value(index) {
    case .real(let number): number
    case .integer(let number): Double(number)
    case .text(let bytes): Double(String(decoding: bytes, as: UTF8.self)) ?? 0
    case .null, .blob: 0
    }
  }

  /// The value as text (empty for what is none).
  public func text(_ index: Int) -> String {
    switch value(index) {
    case .text(let bytes), .blob(let bytes): String(decoding: bytes, as: UTF8.self)
    case .integer(let number): String(number)
    case .real(let number): number.description
    case .null: ""
    }
  }

  /// The identifier in a column.
  public func sourceID(_ index: Int) -> SourceID {
    switch value(index) {
    case .integer(let number): .integer(number)
    case .null: .null
    case .real, .text, .blob: .text(text(index))
    }
  }
}
