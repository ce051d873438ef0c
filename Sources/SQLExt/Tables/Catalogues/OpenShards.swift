import CatalogStore

/// The shards that one connection has open, of all its catalogues: the ones last used.
final class OpenShards {
  private var shards: [String: OpenShard] = [:]
  private var clock = 0

  /// Each takes two descriptors.
  static let limit = 16

  /// Shards that are open, and statements that they keep.
  var count: Int { shards.count }
  var idleStatements: Int { shards.values.reduce(0) { $0 + $1.idleCount } }

  /// The shard of a file, opened if need be.
  /// - Parameter check: Called before a shard is opened.
  func shard(
    _ file: SealedFile, layout: NarrowLayout, _ counters: inout ScanCounters, check: () throws -> Void
  ) throws -> OpenShard {
    clock += 1
    if let known = shards[file.path] {
      known.lastUse = clock
      return known
    }
    try check()
    counters.shardsOpened += 1
    if shards.count >= Self.limit, let oldest = shards.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      shards[oldest.key] = nil
    }
    let shard = OpenShard(file, layout: layout)
    shard.lastUse = clock
    shards[file.path] = shard
    return shard
  }

  /// Forgets all of them: the catalogues have changed. Scans keep the one that they read.
  func close() { shards = [:] }
}

/// One shard file with the statements that have been compiled on it.
final class OpenShard {
  private let file: SealedFile
  private let layout: NarrowLayout
  private var wideShard: WideShard?
  private var narrowReader: ShardReader?
  /// Statements that no scan uses, those given back last at the end.
  private var idle: [(shape: ScanShape, statement: Statement)] = []
  private var lookups = VainLookups()
  var lastUse = 0
  var idleCount: Int { idle.count }

  /// Statements kept. The scans of one join need a few at a time.
  private static let idleLimit = 8

  init(_ file: SealedFile, layout: NarrowLayout) {
    self.file = file
    self.layout = layout
  }

  /// The wide table.
  func wide() throws -> WideShard {
    if let wideShard { return wideShard }
    let shard = try WideShard(file)
    wideShard = shard
    return shard
  }

  /// The narrow form.
  func narrow() throws -> ShardReader {
    if let narrowReader { return narrowReader }
    let reader = try ShardReader(file, layout: layout, reading: layout.forMatching)
    narrowReader = reader
    return reader
  }

  /// Whether there may be a row with this value in a column. Many look-ups in vain are made cheap.
  /// - Parameter name: Always that of the id.
  func mayHold(_ id: IDFilter.Hash?, column name: String) throws -> Bool {
    try lookups.mayHold(id) { try wide().values(ofColumn: name) }
  }

  /// A look-up has found nothing.
  func noteVainLookup() { lookups.count += 1 }

  /// A statement of a shape, for one scan at a time; to be given back when the scan is done with it.
  func take(_ shape: ScanShape) throws -> Statement {
    if let place = idle.lastIndex(where: { $0.shape == shape }) { return idle.remove(at: place).statement }
    return try wide().rows(shape.rows, columns: shape.columns, condition: shape.condition)
  }

  func giveBack(_ statement: Statement, _ shape: ScanShape) {
    statement.reset()
    if idle.count == Self.idleLimit { idle.removeFirst() }
    idle.append((shape, statement))
  }
}

/// What makes two scans use the same compiled statement.
struct ScanShape: Hashable {
  let columns: [String]
  let condition: String?
  var rows: WideShard.Rows
}
