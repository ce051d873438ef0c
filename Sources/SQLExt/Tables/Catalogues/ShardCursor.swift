import CatalogStore

/// A scan of a catalogue whose rows come from statements on its shards, one shard after the other. Subclasses move it.
class ShardCursor: VirtualCursor {
  private let slots: [Int]
  /// Stands on the current row; nil at the end.
  private(set) final var statement: Statement?
  /// The shard that the statement belongs to, and its shape; nil where it is not this scan's to give back.
  private final var lent: (shard: OpenShard, shape: ScanShape)?

  /// - Parameter slots: The inner column that each visible column comes from; inner column 0 is the rowid.
  init(slots: [Int]) {
    self.slots = slots
    super.init()
  }

  deinit { leaveShard() }

  override final var isAtEnd: Bool { statement == nil }

  override final var rowid: Int64? { statement?.int64(0) }

  override final func column(_ index: Int, into result: borrowing ResultContext) throws {
    if let value = statement?.rawValue(slots[index]) { result.set(copyOf: value) }
  }

  /// The integer in a visible column of the current row.
  final func int64(_ column: Int) -> Int64 { statement?.int64(slots[column]) ?? 0 }

  /// The value in a visible column of the current row.
  final func value(_ column: Int) -> SQLValue { SQLValue(statement?.rawValue(slots[column])) }

  /// Takes a statement of the shard, to be bound and stepped.
  final func enter(_ shard: OpenShard, _ shape: ScanShape) throws -> Statement {
    let statement = try shard.take(shape)
    lent = (shard, shape)
    self.statement = statement
    return statement
  }

  /// Stands on a row of a statement that is kept elsewhere.
  final func stand(on row: Statement) { statement = row }

  final func leaveShard() {
    if let statement, let lent { lent.shard.giveBack(statement, lent.shape) }
    statement = nil
    lent = nil
  }
}
