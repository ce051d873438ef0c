public import Indexing

/// Streams the narrow form of one shard. The file is opened as immutable: no locks, no journal.
public final class ShardReader {
  private let connection: Connection
  /// The columns that are read.
  private let layout: NarrowLayout
  private let select: Statement
  private let selectBlock: Statement

  /// Opens a shard.
  /// - Parameters:
  ///   - layout: The columns of the shard.
  ///   - wanted: Those to read; nil for all.
  /// - Throws: `StoreError.damaged` when the file is not the one that the registry names.
  public convenience init(_ file: SealedFile, layout: NarrowLayout, reading wanted: NarrowLayout? = nil) throws {
    try self.init(Self.open(file), layout: layout, reading: wanted)
  }

  init(_ connection: Connection, layout: NarrowLayout, reading wanted: NarrowLayout? = nil) throws {
    self.connection = connection
    self.layout = wanted ?? layout
    let schema = ShardSchema(columns: [], idColumn: nil, layout: layout)
    // With the table's name before it a quoted name that does not exist is an error, not a string.
    let names = schema.blockColumns(self.layout).map { "block." + SQLText.identifier($0) }.joined(separator: ", ")
    select = try connection.prepare(
      "SELECT \(names) FROM block WHERE healpix29_last >= ? AND healpix29_first < ? ORDER BY first_rowid")
    selectBlock = try connection.prepare(
      "SELECT \(names) FROM block WHERE first_rowid <= ? ORDER BY first_rowid DESC LIMIT 1")
  }

  /// Opens a file that the registry names as a shard.
  static func open(_ file: SealedFile) throws -> Connection {
    let connection = try file.open()
    try checkIsShard(connection)
    return connection
  }

  static func checkIsShard(_ connection: Connection) throws {
    let statement = try connection.prepare("PRAGMA application_id")
    guard try statement.step(), statement.int(0) == ShardSchema.applicationID else {
      throw StoreError(
        .damaged, connection.path,
        "is not a shard of xmdb; run `xmdb verify`, then ingest the catalogue again with --replace")
    }
    let version = try Migration.version(of: connection)
    guard version == ShardSchema.version else {
      throw StoreError(
        .damaged, connection.path,
        "has sources in form \(version), this program reads \(ShardSchema.version); ingest the catalogue again with --replace"
      )
    }
  }

  /// Appends the sources whose index lies in `ranges`, in rowid order.
  /// - Throws: `StoreError.damaged` when a block does not hold what its row says.
  /// - Complexity: O(blocks touched · log ranges + rows).
  public func read(_ ranges: PixelRangeSet, into sources: inout SourceColumns) throws {
    guard let first = ranges.ranges.first, let last = ranges.ranges.last else { return }
    defer { select.reset() }
    select.bind(1, first.lowerBound)
    select.bind(2, last.upperBound)
    while try select.step() {
      let bounds = try BlockRow(select, path: connection.path)
      guard ranges.intersects(bounds.indices) else { continue }
      let block = try Block(select, bounds, layout: layout, path: connection.path)
      for part in block.slices(of: ranges) { block.append(part, to: &sources, from: select) }
    }
  }

  /// Appends the block that holds a rowid: some thousand neighbouring sources.
  /// - Throws: `StoreError.damaged` when the block does not hold what its row says.
  public func readBlock(holding rowid: Int64, into sources: inout SourceColumns) throws {
    defer { selectBlock.reset() }
    selectBlock.bind(1, rowid)
    guard try selectBlock.step() else { return }
    let bounds = try BlockRow(selectBlock, path: connection.path)
    let block = try Block(selectBlock, bounds, layout: layout, path: connection.path)
    block.append(block.healpix29.indices, to: &sources, from: selectBlock)
  }
}

/// One block, while its row is current.
private struct Block {
  let firstRowid: Int64
  let healpix29: [Int64]
  let layout: NarrowLayout
  /// Where each text of column 5 lies in it, for ids that are text.
  let textBounds: [Range<Int>]

  /// Reads the index and the ids of the current row and checks the lengths of everything else.
  init(_ row: Statement, _ bounds: BlockRow, layout: NarrowLayout, path: String) throws {
    self.layout = layout
    firstRowid = bounds.rowids.lowerBound
    let bytes = row.withBytes(4) { $0.count }
    let count = bytes / 8
    let columnStart = layout.id == .none ? 5 : 7
    var isWhole = bytes % 8 == 0 && bounds.rowids.count == count
    for (place, column) in layout.columns.enumerated()
    where row.withBytes(columnStart + place, { $0.count }) != count * column.storage.stride { isWhole = false }
    if layout.id == .integer, row.withBytes(5, { $0.count }) != bytes { isWhole = false }
    if layout.id != .none, ![0, count].contains(row.withBytes(6) { $0.count }) { isWhole = false }
    let texts = layout.id == .text && isWhole ? Self.textBounds(row, count: count) : []
    guard isWhole, let texts else {
      throw StoreError(.damaged, path, "a block of the narrow form has the wrong length; run `xmdb verify`")
    }
    textBounds = texts
    var healpix29: [Int64] = []
    row.withBytes(4) { healpix29.append(0..<count, of: $0) }
    self.healpix29 = healpix29
    guard healpix29.first == bounds.indices.lowerBound, healpix29.last == bounds.indices.upperBound - 1,
      zip(healpix29, healpix29.dropFirst()).allSatisfy({ $0 <= $1 })
    else {
      throw StoreError(.damaged, path, "a block of the narrow form has the wrong index; run `xmdb verify`")
    }
  }

  /// Where the ids lie: each is its length in 32 bits, then its UTF-8. Nil when the lengths and the bytes do not agree.
  private static func textBounds(_ row: Statement, count: Int) -> [Range<Int>]? {
    row.withBytes(5) { bytes in
      var bounds: [Range<Int>] = []
      bounds.reserveCapacity(count)
      var offset = 0
      for _ in 0..<count {
        guard offset + 4 <= bytes.count else { return nil }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        offset += 4
        guard length <= bytes.count - offset else { return nil }
        bounds.append(offset..<offset + length)
        offset += length
      }
      return offset == bytes.count ? bounds : nil
    }
  }

  /// The runs of rows whose index lies in `ranges`.
  func slices(of ranges: PixelRangeSet) -> [Range<Int>] {
    guard let first = healpix29.first, let last = healpix29.last else { return [] }
    var slices: [Range<Int>] = []
    var next = ranges.ranges.binarySearch { $0.upperBound > first }
    while next < ranges.ranges.count, ranges.ranges[next].lowerBound <= last {
      let range = ranges.ranges[next]
      let start = healpix29.binarySearch { $0 >= range.lowerBound }
      let end = healpix29.binarySearch { $0 >= range.upperBound }
      if start < end { slices.append(start..<end) }
      next += 1
    }
    return slices
  }

  func append(_ rows: Range<Int>, to sources: inout SourceColumns, from row: Statement) {
    for index in rows { sources.rowid.append(firstRowid + Int64(index)) }
    sources.healpix29.append(contentsOf: healpix29[rows])
    let columnStart = layout.id == .none ? 5 : 7
    for (place, column) in layout.columns.enumerated() {
      row.withBytes(columnStart + place) {
        switch column.storage {
        case .float64: sources.columns[place].append(rows, of: $0)
        case .float32: sources.columns[place].append(rows, ofSingles: $0)
        }
      }
    }
    appendIDs(rows, to: &sources.ids, from: row)
  }

  private func appendIDs(_ rows: Range<Int>, to ids: inout SourceIDs, from row: Statement) {
    switch ids {
    case .none: break
    case .text(var texts):
      ids = .none
      row.withBytes(5) { bytes in
        row.withBytes(6) { marks in
          for index in rows {
            if !marks.isEmpty && marks[index] != 0 {
              texts.appendNull()
            } else {
              texts.append(UnsafeRawBufferPointer(rebasing: bytes[textBounds[index]]))
            }
          }
        }
      }
      ids = .text(texts)
    case .integer(var values, var nulls):
      ids = .none
      let before = values.count
      row.withBytes(5) { values.append(rows, of: $0) }
      row.withBytes(6) { marks in
        if marks.isEmpty && nulls.isEmpty { return }
        if nulls.isEmpty { nulls = Array(repeating: false, count: before) }
        if marks.isEmpty {
          nulls.append(contentsOf: repeatElement(false, count: rows.count))
        } else {
          nulls.append(contentsOf: marks[rows].map { $0 != 0 })
        }
      }
      ids = .integer(values, nulls: nulls)
    }
  }
}

extension Array where Element: BitwiseCopyable {
  /// Appends some of the little-endian elements laid end to end in `bytes`. SQLite hands out a short blob where it lies
  /// in its page, at any address.
  mutating func append(_ rows: Range<Int>, of bytes: UnsafeRawBufferPointer) {
    let stride = MemoryLayout<Element>.stride
    if Int(bitPattern: bytes.baseAddress) % MemoryLayout<Element>.alignment == 0 {
      append(contentsOf: bytes.bindMemory(to: Element.self)[rows])
    } else {
      for row in rows { append(bytes.loadUnaligned(fromByteOffset: row * stride, as: Element.self)) }
    }
  }
}

extension [Double] {
  /// Appends some of the little-endian numbers of single precision laid end to end in `bytes`.
  mutating func append(_ rows: Range<Int>, ofSingles bytes: UnsafeRawBufferPointer) {
    for row in rows { append(Double(bytes.loadUnaligned(fromByteOffset: row * 4, as: Float.self))) }
  }
}
