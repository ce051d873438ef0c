public import Indexing

/// Streams the narrow form of one shard. The file is opened as immutable: no locks, no journal.
public final class ShardReader {
  private let connection: Connection
  private let layout: NarrowLayout
  private let select: Statement

  /// Opens the shard at `path`.
  public init(path: String, layout: NarrowLayout) throws {
    connection = try Connection(path: path, mode: .immutable)
    try Self.checkIsShard(connection)
    self.layout = layout
    let schema = ShardSchema(columns: [], idColumn: nil, layout: layout)
    let names = schema.blockColumns.map(SQLText.identifier).joined(separator: ", ")
    select = try connection.prepare(
      "SELECT \(names) FROM block WHERE healpix29_last >= ? AND healpix29_first < ? ORDER BY first_rank")
  }

  static func checkIsShard(_ connection: Connection) throws {
    let statement = try connection.prepare("PRAGMA application_id")
    guard try statement.step(), statement.int(0) == ShardSchema.applicationID else {
      throw StoreError(.damaged, connection.path, "is not a shard of xmdb; run `xmdb verify`, then ingest the catalogue again")
    }
    let version = try Migration.version(of: connection)
    guard version == ShardSchema.version else {
      throw StoreError(
        .damaged, connection.path,
        "has shard layout \(version), this program reads \(ShardSchema.version); ingest the catalogue again")
    }
  }

  /// Appends the sources whose index lies in `ranges`, in rank order.
  /// - Complexity: O(blocks touched · log ranges + rows).
  public func read(_ ranges: PixelRangeSet, into sources: inout SourceColumns) throws {
    guard let first = ranges.ranges.first, let last = ranges.ranges.last else { return }
    select.bind(1, first.lowerBound)
    select.bind(2, last.upperBound)
    while try select.step() {
      guard ranges.intersects(select.int64(2)..<select.int64(3) + 1) else { continue }
      let block = try Block(select, layout: layout, path: connection.path)
      for part in block.slices(of: ranges) { block.append(part, to: &sources, from: select) }
    }
    select.reset()
  }
}

/// One block, while its row is current.
private struct Block {
  let firstRank: Int64
  let healpix29: [Int64]
  let layout: NarrowLayout
  let textIDs: [String?]

  init(_ row: Statement, layout: NarrowLayout, path: String) throws {
    self.layout = layout
    firstRank = row.int64(0)
    let count = row.int(1)
    healpix29 = row.withBytes(4) { Array($0.bindMemory(to: Int64.self)) }
    let columnStart = layout.id == .none ? 5 : 7
    let whole = (0..<layout.width).allSatisfy { column in
      row.withBytes(columnStart + column) { $0.count } == count * 8
    }
    guard healpix29.count == count, whole else {
      throw StoreError(.damaged, path, "a block of the narrow form has the wrong length; run `xmdb verify`")
    }
    textIDs = layout.id == .text ? Self.texts(row, count: count) : []
  }

  private static func texts(_ row: Statement, count: Int) -> [String?] {
    let nulls = row.withBytes(6) { [UInt8]($0) }
    return row.withBytes(5) { bytes in
      var texts: [String?] = []
      texts.reserveCapacity(count)
      var offset = 0
      for index in 0..<count {
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        offset += 4
        let isNull = !nulls.isEmpty && nulls[index] != 0
        texts.append(isNull ? nil : String(decoding: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]), as: UTF8.self))
        offset += length
      }
      return texts
    }
  }

  /// The runs of rows whose index lies in `ranges`.
  func slices(of ranges: PixelRangeSet) -> [Range<Int>] {
    guard let first = healpix29.first, let last = healpix29.last else { return [] }
    var slices: [Range<Int>] = []
    var next = firstPosition(in: ranges.ranges) { $0.upperBound > first }
    while next < ranges.ranges.count, ranges.ranges[next].lowerBound <= last {
      let range = ranges.ranges[next]
      let start = firstPosition(in: healpix29) { $0 >= range.lowerBound }
      let end = firstPosition(in: healpix29) { $0 >= range.upperBound }
      if start < end { slices.append(start..<end) }
      next += 1
    }
    return slices
  }

  func append(_ rows: Range<Int>, to sources: inout SourceColumns, from row: Statement) {
    for index in rows { sources.rank.append(firstRank + Int64(index)) }
    sources.healpix29.append(contentsOf: healpix29[rows])
    let columnStart = layout.id == .none ? 5 : 7
    for column in 0..<layout.width {
      row.withBytes(columnStart + column) { bytes in
        sources.columns[column].append(contentsOf: bytes.bindMemory(to: Double.self)[rows])
      }
    }
    appendIDs(rows, to: &sources.ids, from: row)
  }

  private func appendIDs(_ rows: Range<Int>, to ids: inout SourceIDs, from row: Statement) {
    switch ids {
    case .none: break
    case .text(var values):
      ids = .none
      values.append(contentsOf: textIDs[rows])
      ids = .text(values)
    case .integer(var values, var nulls):
      ids = .none
      let before = values.count
      row.withBytes(5) { values.append(contentsOf: $0.bindMemory(to: Int64.self)[rows]) }
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

/// The first position at which `isAtOrBeyond` holds; it must be monotone.
func firstPosition<Element>(in values: [Element], _ isAtOrBeyond: (Element) -> Bool) -> Int {
  var low = 0
  var high = values.count
  while low < high {
    let middle = (low + high) / 2
    if isAtOrBeyond(values[middle]) { high = middle } else { low = middle + 1 }
  }
  return low
}
