import CatalogStore

/// Goes through the rows that a look-up finds, in the order of ranks.
final class LookupCursor: VirtualCursor {
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
  private var position = 0
  /// The shard of a look-up; nil where the row was read ahead.
  private var shard: OpenShard?
  private var statement: Statement?

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
      statement = row.int64(lookup.verdictColumn) != 0 ? row : nil
      super.init()
    } else {
      first = lookup.firstShard(of: value)
      super.init()
      try advance()
    }
  }

  deinit { leaveShard() }

  override var isAtEnd: Bool { statement == nil }

  override func next() throws { try advance() }

  override func column(_ index: Int, into result: borrowing ResultContext) throws {
    if let value = statement?.rawValue(lookup.columns.slots[index]) { result.set(copyOf: value) }
  }

  override var rowid: Int64? { statement?.int64(0) }

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
    guard let statement, let shard else { return false }
    var isVain = true
    while try statement.step() {
      isVain = false
      hasFound = true
      try lookup.note(statement.int64(0), constraints, shard, at: position)
      if statement.int64(lookup.verdictColumn) != 0 { return true }
      if lookup.isUnique { return false }
    }
    if isVain { shard.noteVainLookup() }
    return false
  }

  /// Begins the look-up in the next shard that may hold the value; false if there is none.
  private func enterShard() throws -> Bool {
    while let position = nextPosition() {
      let shard = try lookup.shard(position, context)
      guard try lookup.key == .rank || shard.mayHold(hash, column: lookup.keyName) else { continue }
      context.counters.shardsRead += 1
      statement = try lookup.statement(shard, constraints)
      self.shard = shard
      self.position = position
      return true
    }
    return false
  }

  private func nextPosition() -> Int? {
    if !isStarted {
      isStarted = true
      if let first { return first }
    }
    if lookup.key == .rank { return nil }
    let shards = lookup.files.info.shards
    while following < shards.count {
      defer { following += 1 }
      if following != first && shards[following].mayHold(value) { return following }
    }
    return nil
  }

  private func leaveShard() {
    if let statement, let shard { lookup.giveBack(statement, to: shard) }
    statement = nil
    shard = nil
  }
}
