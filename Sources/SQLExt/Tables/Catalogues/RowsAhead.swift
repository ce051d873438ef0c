import CatalogStore

/// Reads on along the curve after the last row found: the next look-up of a join often wants one of the next rows, since the rows
/// of a match, and of a catalogue, come in that order. Where they do not, it gives up.
///
/// A row that is read on is several times cheaper than one that is looked up.
struct RowsAhead {
  private let shape: ScanShape
  private let conditions: PushedConditions
  private let keyColumn: Int
  private var shard: OpenShard?
  private var statement: Statement?
  /// The values of the other conditions that are bound.
  private var values: [SQLValue] = []
  private var credit = Self.fullCredit

  /// Rows that are read before the search ends.
  private static let window = 8
  private static let fullCredit = 64
  private static let costOfMiss = 8

  /// - Parameter keyColumn: The inner column of the key.
  init(columns: [String], conditions: PushedConditions, keyColumn: Int) {
    self.conditions = conditions
    self.keyColumn = keyColumn
    shape = ScanShape(columns: columns, condition: conditions.sql, rows: .fromRowid)
  }

  private var isGivenUp: Bool { credit <= 0 }

  /// A statement that stands on the row with the key, if that is one of the next.
  mutating func find(_ key: SQLValue, _ others: some Sequence<FilterConstraint>) throws -> Statement? {
    guard !isGivenUp, let statement, others.lazy.map(\.value).elementsEqual(values, by: SQLValue.areSame) else {
      return nil
    }
    for _ in 0..<Self.window {
      guard try statement.step() else { break }
      let value = SQLValue(statement.rawValue(keyColumn))
      if value != .null && SQLValue.areSame(key, value) {
        credit = min(Self.fullCredit, credit + 1)
        return statement
      }
    }
    credit -= Self.costOfMiss
    leave()
    return nil
  }

  /// Goes on after a row that was looked up.
  mutating func move(after rowid: Int64, in shard: OpenShard, _ others: some Sequence<FilterConstraint>) throws {
    if isGivenUp { return }
    if self.shard !== shard { leave() }
    if statement == nil {
      statement = try shard.take(shape)
      self.shard = shard
    }
    guard let statement else { return }
    statement.reset()
    values = others.map(\.value)
    statement.bind(conditions.bind(valuesOf: others, to: statement), rowid + 1)
  }

  /// Gives the statement back.
  mutating func leave() {
    if let statement { shard?.giveBack(statement, shape) }
    statement = nil
    shard = nil
  }
}

extension SQLValue {
  /// Whether two values are of the same type and the same. Texts are compared by their bytes, as SQLite does: to Swift, texts of the same
  /// characters are equal.
  fileprivate static func areSame(_ one: SQLValue, _ other: SQLValue) -> Bool {
    switch (one, other) {
    case (.text(let one), .text(let other)): one.utf8.elementsEqual(other.utf8)
    default: one == other
    }
  }
}
