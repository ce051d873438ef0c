import CatalogStore

/// Goes through the rows of a catalogue that a scan asks for, along the curve.
final class CatalogueCursor: VirtualCursor {
  private let scan: CatalogueScan
  private let context: XMDBContext
  private var shape: ScanShape
  private var nextShard = 0
  /// The shard being read: its parts that are still to come, in reverse.
  private var shard: OpenShard?
  private var parts: [ClosedRange<Int64>] = []
  private var statement: Statement?

  init(_ scan: CatalogueScan, _ context: XMDBContext) throws {
    self.scan = scan
    self.context = context
    shape = ScanShape(columns: scan.columns.names, condition: scan.conditions.sql, rows: .all)
    super.init()
    try advance()
  }

  deinit { leaveShard() }

  override var isAtEnd: Bool { statement == nil }

  override func next() throws { try advance() }

  override func column(_ index: Int, into result: borrowing ResultContext) throws {
    if let value = statement?.rawValue(scan.columns.slots[index]) { result.set(copyOf: value) }
  }

  /// The integer in a visible column of the current row.
  func int64(_ column: Int) -> Int64 { statement?.int64(scan.columns.slots[column]) ?? 0 }

  /// The value in a visible column of the current row.
  func value(_ column: Int) -> SQLValue { SQLValue(statement?.rawValue(scan.columns.slots[column])) }

  override var rowid: Int64? { statement?.int64(0) }

  /// Moves to the next row: of this part, of the next part, of the next shard.
  private func advance() throws {
    while true {
      if let statement {
        if try statement.step() { return }
        if let part = parts.popLast() {
          statement.reset()
          bind(part, to: statement)
          continue
        }
        leaveShard()
      }
      guard nextShard < scan.shards.count else { return }
      try enterShard(scan.shards[nextShard])
      nextShard += 1
    }
  }

  private func enterShard(_ position: Int) throws {
    if nextShard > 0 { try context.checkInterrupt() }
    let shard = try scan.files.shard(position, context)
    context.counters.shardsRead += 1
    let found = try scan.parts(ofShard: position, shard)
    if let found, found.isEmpty { return }
    shape.rows = found == nil ? .all : .ofRanks
    let statement = try shard.take(shape)
    self.shard = shard
    self.statement = statement
    parts = (found ?? []).reversed()
    scan.conditions.bind(to: statement, from: found == nil ? 1 : 3)
    if let first = parts.popLast() { bind(first, to: statement) }
  }

  private func bind(_ part: ClosedRange<Int64>, to statement: Statement) {
    statement.bind(1, part.lowerBound)
    statement.bind(2, part.upperBound)
  }

  private func leaveShard() {
    if let statement { shard?.giveBack(statement, shape) }
    statement = nil
    shard = nil
  }
}
