import CatalogStore

/// Goes through the rows that a look-up finds, in the order of rowids.
final class LookupCursor: ShardCursor {
  private let lookup: CatalogueLookup
  private let constraints: [FilterConstraint]
  private let value: SQLValue
  private let context: XMDBContext
  /// The shard that is asked before all others.
  private let first: Int?
  /// The next of the others.
  private var following = 0
  private var isStarted = false
  private lazy var hash = IDFilter.Hash(value)
  private var hasFound = false
  /// The shard of the look-up; nil where the row was read ahead.
  private var looked: (position: Int, shard: OpenShard)?

  /// Nil where the value cannot be looked up.
  init?(_ lookup: CatalogueLookup, _ constraints: [FilterConstraint], _ context: XMDBContext) throws {
    guard let value = lookup.value(constraints) else { return nil }
    self.lookup = lookup
    self.constraints = constraints
    self.value = value
    self.context = context
    if let row = try lookup.rowAhead(value, constraints) {
      hasFound = true
      first = nil
      super.init(slots: lookup.columns.slots)
      if row.int64(lookup.verdictColumn) != 0 { stand(on: row) }
    } else {
      first = lookup.firstShard(of: value)
      super.init(slots: lookup.columns.slots)
      try advance()
    }
  }

  override func next() throws { try advance() }

  /// Moves to the next row that satisfies the conditions.
  private func advance() throws {
    while true {
      if statement != nil {
        if try !(hasFound && lookup.isUnique) && isOnRow() { return }
        leaveShard()
      }
      if hasFound && lookup.isUnique { return }
      guard try enterShard() else { return }
    }
  }

  /// Steps to the next row of the shard that satisfies the conditions.
  private func isOnRow() throws -> Bool {
    guard let statement, let looked else { return false }
    var isVain = true
    while try statement.step() {
      isVain = false
      hasFound = true
      try lookup.note(statement.int64(0), constraints, looked.shard, at: looked.position)
      if statement.int64(lookup.verdictColumn) != 0 { return true }
      if lookup.isUnique { return false }
    }
    if isVain { looked.shard.noteVainLookup() }
    return false
  }

  /// Begins the look-up in the next shard that may hold the value; false if there is none.
  private func enterShard() throws -> Bool {
    while let position = nextPosition() {
      let shard = try lookup.shard(position, context)
      guard try lookup.key == .rowid || shard.mayHold(hash, column: lookup.keyName) else { continue }
      context.counters.shardsRead += 1
      lookup.bind(constraints, to: try enter(shard, lookup.shape))
      looked = (position, shard)
      return true
    }
    return false
  }

  private func nextPosition() -> Int? {
    if !isStarted {
      isStarted = true
      if let first { return first }
    }
    if lookup.key == .rowid { return nil }
    let shards = lookup.files.info.shards
    while following < shards.count {
      defer { following += 1 }
      if following != first && shards[following].mayHold(value) { return following }
    }
    return nil
  }
}
