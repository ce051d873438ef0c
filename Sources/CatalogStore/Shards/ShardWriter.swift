/// Builds one shard aside, in rowid order. Nothing believes the file until the registry names it.
public final class ShardWriter {
  /// What a finished shard is.
  public struct Summary: Sendable {
    /// Number of sources.
    public var rows: Int64
    /// File size.
    public var bytes: Int64
    /// Fingerprint of the file.
    public var fingerprint: String
    /// Smallest id, `.null` without ids.
    public var smallestID: SourceID
    /// Largest id.
    public var largestID: SourceID
  }

  /// What grows with every row. One value, so that a row costs one check of exclusive access.
  private struct Growing: ~Copyable {
    var source: TableTree
    var blocks: TableTree
    var record = RecordBuffer()
    var block: BlockBuffer
    var ids: ShardIDs
    var rowid: Int64

    mutating func append(
      healpix29: Int64, narrow: UnsafeBufferPointer<Double>, id: SourceID,
      putColumns: (inout RecordBuffer) throws -> Void
    ) throws {
      record.reset()
      // The rowid is the number of the row.
      record.putNull()
      record.put(healpix29)
      try putColumns(&record)
      try source.append(record, row: rowid)
      block.append(healpix29: healpix29, narrow: narrow, id: id)
      ids.append(id)
      rowid += 1
      if block.count == ShardSchema.blockRows || block.isLarge { try flush() }
    }

    mutating func flush() throws {
      if block.count == 0 { return }
      record.reset()
      block.put(into: &record)
      try blocks.append(record, row: rowid - Int64(block.count))
      block.removeAll()
    }

    /// - Returns: The smallest and the largest id; nil when the index on them is left to SQLite.
    mutating func finish(_ file: PageFile, firstRowid: Int64) throws -> (SourceID, SourceID)? {
      try flush()
      try source.finish()
      try blocks.finish()
      return try ids.finish(file, firstRowid: firstRowid)
    }
  }

  private let path: String
  private let schema: ShardSchema
  private let file: PageFile
  private var growing: Growing
  private let firstRowid: Int64

  /// Creates the file at `path`, where nothing may be; `firstRowid` is the rowid of the first source that will be appended.
  ///
  /// SQLite makes the file with its empty tables; the rows, which come in order, are laid into pages here (`Pages/README.md`).
  public init(path: String, schema: ShardSchema, firstRowid: Int64) throws {
    self.path = path
    self.schema = schema
    self.firstRowid = firstRowid
    try FileSystem.createNew(path)
    var ids = ShardIDs(schema)
    let roots = try Self.createTables(path, schema, hasIndex: ids.areLaid)
    let file = try PageFile(path: path)
    if ids.areLaid { ids.root = try Self.root("source_id", roots, path) }
    growing = Growing(
      source: TableTree(file, root: try Self.root("source", roots, path)),
      blocks: TableTree(file, root: try Self.root("block", roots, path)), block: BlockBuffer(layout: schema.layout),
      ids: ids, rowid: firstRowid)
    self.file = file
  }

  private static func createTables(
    _ path: String, _ schema: ShardSchema, hasIndex: Bool
  ) throws -> [String: UInt32] {
    let connection = try Connection(path: path, mode: .bulk)
    try connection.execute(
      "PRAGMA application_id=\(ShardSchema.applicationID); PRAGMA user_version=\(ShardSchema.version); BEGIN")
    try connection.execute(schema.createTables)
    if hasIndex, let index = schema.createIndex { try connection.execute(index) }
    try connection.execute("COMMIT")
    return try connection.rootPages()
  }

  private static func root(_ name: String, _ roots: [String: UInt32], _ path: String) throws -> UInt32 {
    if let root = roots[name] { return root }
    throw StoreError(.damaged, path, "has no table or index \(name), which has just been made")
  }

  /// Appends the next source.
  /// - Parameters:
  ///   - healpix29: Its index; not smaller than the previous one.
  ///   - narrow: `layout.width` numbers.
  ///   - id: Its identifier: the value of the id column.
  ///   - putColumns: Puts the values of all wide columns, in order, each in the storage class of its column's type.
  public func append(
    healpix29: Int64, narrow: UnsafeBufferPointer<Double>, id: SourceID,
    putColumns: (inout RecordBuffer) throws -> Void
  ) throws {
    try growing.append(healpix29: healpix29, narrow: narrow, id: id, putColumns: putColumns)
  }

  /// Completes the file with the checksums of its pages and syncs it; the caller renames it into place.
  public func finish() throws -> Summary {
    let range = try growing.finish(file, firstRowid: firstRowid)
    try file.finish()
    let (smallest, largest) = try range ?? indexByStatements()
    let sealed = try SealedFile.seal(path)
    return Summary(
      rows: growing.rowid - firstRowid, bytes: sealed.bytes, fingerprint: sealed.fingerprint, smallestID: smallest,
      largestID: largest)
  }

  /// Lets SQLite make the index of ids that are no integers.
  /// - Returns: The smallest and the largest of them.
  private func indexByStatements() throws -> (SourceID, SourceID) {
    guard let id = schema.idColumn, let index = schema.createIndex else { return (.null, .null) }
    let connection = try Connection(path: path, mode: .bulk)
    try connection.execute(growing.ids.areLaid ? "REINDEX source_id" : index)
    let name = SQLText.identifier(schema.columns[id].name)
    let statement = try connection.prepare(
      "SELECT (SELECT min(\(name)) FROM source), (SELECT max(\(name)) FROM source)")
    guard try statement.step() else { return (.null, .null) }
    return (statement.sourceID(0), statement.sourceID(1))
  }
}

/// The rows of the narrow form that wait for their block.
private struct BlockBuffer {
  private var healpix29: [Int64] = []
  /// Row after row; written column after column.
  private var narrow: [Double] = []
  private var integerIDs: [Int64] = []
  private var textIDs: [UInt8] = []
  private var idNulls: [UInt8] = []
  private var hasNullID = false
  private let layout: NarrowLayout

  init(layout: NarrowLayout) {
    self.layout = layout
    healpix29.reserveCapacity(ShardSchema.blockRows)
    narrow.reserveCapacity(ShardSchema.blockRows * layout.width)
  }

  var count: Int { healpix29.count }
  /// The ids are so long that the block is written before it has all its rows: SQLite's blobs end at 1 GB.
  var isLarge: Bool { textIDs.count >= 64 << 20 }

  mutating func append(healpix29 index: Int64, narrow: UnsafeBufferPointer<Double>, id: SourceID) {
    healpix29.append(index)
    self.narrow.append(contentsOf: narrow.prefix(layout.width))
    switch layout.id {
    case .none: break
    case .integer:
      if case .integer(let value) = id { appendID(value) } else { appendNullID() }
    case .text:
      if case .text(let value) = id { appendID(value) } else { appendNullID() }
    }
  }

  private mutating func appendID(_ value: Int64) {
    integerIDs.append(value)
    idNulls.append(0)
  }

  private mutating func appendID(_ value: String) {
    withUnsafeBytes(of: UInt32(value.utf8.count).littleEndian) { textIDs.append(contentsOf: $0) }
    textIDs.append(contentsOf: value.utf8)
    idNulls.append(0)
  }

  private mutating func appendNullID() {
    if layout.id == .integer { integerIDs.append(0) } else { textIDs.append(contentsOf: [0, 0, 0, 0]) }
    idNulls.append(1)
    hasNullID = true
  }

  /// The row of the table `block`, whose first column is the number of the row.
  func put(into record: inout RecordBuffer) {
    record.putNull()
    record.put(Int64(count))
    record.put(healpix29[0])
    record.put(healpix29[count - 1])
    record.put(blob: healpix29)
    switch layout.id {
    case .none: break
    case .integer: record.put(blob: integerIDs)
    case .text: record.put(blob: textIDs)
    }
    if layout.id != .none {
      if hasNullID { record.put(blob: idNulls) } else { record.putNull() }
    }
    let width = layout.width
    var doubles = [Double](repeating: 0, count: count)
    var singles = [Float](repeating: 0, count: count)
    for (place, column) in layout.columns.enumerated() {
      switch column.storage {
      case .float64:
        for row in 0..<count { doubles[row] = narrow[row * width + place] }
        record.put(blob: doubles)
      case .float32:
        for row in 0..<count { singles[row] = Float(narrow[row * width + place]) }
        record.put(blob: singles)
      }
    }
  }

  mutating func removeAll() {
    healpix29.removeAll(keepingCapacity: true)
    narrow.removeAll(keepingCapacity: true)
    integerIDs.removeAll(keepingCapacity: true)
    textIDs.removeAll(keepingCapacity: true)
    idNulls.removeAll(keepingCapacity: true)
    hasNullID = false
  }
}
