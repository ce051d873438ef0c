/// Builds one shard aside, in rank order. Nothing believes the file until the registry names it.
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

  private let schema: ShardSchema
  private let connection: Connection
  private let insertSource: Statement
  private let insertBlock: Statement
  private var block: BlockBuffer
  private var rank: Int64
  private let firstRank: Int64

  /// Creates the file at `path`, where nothing may be; `firstRank` is the rank of the first source that will be appended.
  public init(path: String, schema: ShardSchema, firstRank: Int64) throws {
    self.schema = schema
    self.firstRank = firstRank
    rank = firstRank
    try FileSystem.createNew(path)
    connection = try Connection(path: path, mode: .bulk)
    try connection.execute(
      "PRAGMA application_id=\(ShardSchema.applicationID); PRAGMA user_version=\(ShardSchema.version); BEGIN")
    try connection.execute(schema.createTables)
    insertSource = try connection.prepare(schema.insertSource)
    insertBlock = try connection.prepare(schema.insertBlock)
    block = BlockBuffer(layout: schema.layout)
  }

  /// Appends the next source.
  /// - Parameters:
  ///   - healpix29: Its index; not smaller than the previous one.
  ///   - narrow: `layout.width` numbers.
  ///   - id: Its identifier.
  ///   - bindColumns: Binds the wide columns to parameters 3, 4, … of the statement it is given.
  public func append(
    healpix29: Int64, narrow: UnsafeBufferPointer<Double>, id: SourceID, bindColumns: (Statement) throws -> Void
  ) throws {
    insertSource.bind(1, rank)
    insertSource.bind(2, healpix29)
    try bindColumns(insertSource)
    _ = try insertSource.step()
    insertSource.reset()
    block.append(healpix29: healpix29, narrow: narrow, id: id)
    rank += 1
    if block.count == ShardSchema.blockRows || block.isLarge { try flush() }
  }

  private func flush() throws {
    if block.count == 0 { return }
    try block.insert(with: insertBlock, firstRank: rank - Int64(block.count))
    block.removeAll()
  }

  /// Completes the file with the checksums of its pages and syncs it; the caller renames it into place.
  public func finish() throws -> Summary {
    try flush()
    if let index = schema.createIndex { try connection.execute(index) }
    try connection.execute("COMMIT")
    let (smallest, largest) = try idRange()
    let file = try SealedFile.seal(connection.path)
    return Summary(
      rows: rank - firstRank, bytes: file.bytes, fingerprint: file.fingerprint, smallestID: smallest,
      largestID: largest)
  }

  private func idRange() throws -> (SourceID, SourceID) {
    guard let id = schema.idColumn else { return (.null, .null) }
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
  private var columns: [[Double]]
  private var integerIDs: [Int64] = []
  private var textIDs: [UInt8] = []
  private var idNulls: [UInt8] = []
  private var hasNullID = false
  private let layout: NarrowLayout

  init(layout: NarrowLayout) {
    self.layout = layout
    columns = Array(repeating: [], count: layout.width)
    healpix29.reserveCapacity(ShardSchema.blockRows)
    for column in columns.indices { columns[column].reserveCapacity(ShardSchema.blockRows) }
  }

  var count: Int { healpix29.count }
  /// The ids are so long that the block is written before it has all its rows: SQLite's blobs end at 1 GB.
  var isLarge: Bool { textIDs.count >= 64 << 20 }

  mutating func append(healpix29 index: Int64, narrow: UnsafeBufferPointer<Double>, id: SourceID) {
    healpix29.append(index)
    for column in 0..<columns.count { columns[column].append(narrow[column]) }
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

  func insert(with statement: Statement, firstRank: Int64) throws {
    statement.bind(1, firstRank)
    statement.bind(2, count)
    statement.bind(3, healpix29[0])
    statement.bind(4, healpix29[count - 1])
    statement.bindBlob(5, copying: healpix29)
    var next = 6
    if layout.id != .none {
      if layout.id == .integer {
        statement.bindBlob(6, copying: integerIDs)
      } else {
        statement.bindBlob(6, copying: textIDs)
      }
      if hasNullID { statement.bindBlob(7, copying: idNulls) } else { statement.bindNull(7) }
      next = 8
    }
    for column in 0..<columns.count { statement.bindBlob(next + column, copying: columns[column]) }
    try statement.run()
  }

  mutating func removeAll() {
    healpix29.removeAll(keepingCapacity: true)
    for column in columns.indices { columns[column].removeAll(keepingCapacity: true) }
    integerIDs.removeAll(keepingCapacity: true)
    textIDs.removeAll(keepingCapacity: true)
    idNulls.removeAll(keepingCapacity: true)
    hasNullID = false
  }
}
