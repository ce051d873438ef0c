import CatalogStore

/// Goes through the rows of a catalogue that a scan asks for, along the curve.
final class CatalogueCursor: ShardCursor {
  private let scan: CatalogueScan
  private let context: XMDBContext
  private var shape: ScanShape
  private var nextShard = 0
  /// The parts of the shard that are still to come, in reverse.
  private var parts: [ClosedRange<Int64>] = []

  init(_ scan: CatalogueScan, _ context: XMDBContext) throws {
    self.scan = scan
    self.context = context
    shape = ScanShape(columns: scan.columns.names, condition: scan.conditions.sql, rows: .all)
    super.init(slots: scan.columns.slots)
    try advance()
  }

  override func next() throws { try advance() }

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
    shape.rows = found == nil ? .all : .ofRowids
    let statement = try enter(shard, shape)
    parts = (found ?? []).reversed()
    scan.conditions.bind(to: statement, from: found == nil ? 1 : 3)
    if let first = parts.popLast() { bind(first, to: statement) }
  }

  private func bind(_ part: ClosedRange<Int64>, to statement: Statement) {
    statement.bind(1, part.lowerBound)
    statement.bind(2, part.upperBound)
  }
}
