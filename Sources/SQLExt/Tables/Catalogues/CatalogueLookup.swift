import CatalogStore

/// Finds the rows of a catalogue with one rowid, or one id, again and again, as the inner table of a join is asked.
///
/// HOW ROWS ARE FOUND. The first column that is compared for equality, rowid or id, is the key. The query on a shard looks its value
/// up, and tells whether the other conditions hold; so it is known that a key was found even where its row is refused. A rowid lies in one
/// shard. An id may lie in any whose smallest and largest id enclose it; where no two rows have the same id, the shard of the last
/// one found is asked first and the search ends with the row: rows of a match come along the curve, as shards do.
final class CatalogueLookup {
  enum Key { case rowid, id }

  let files: CatalogueFiles
  let columns: ScannedColumns
  let key: Key
  /// No id occurs twice.
  let isUnique: Bool
  let keyName: String
  /// The inner column that tells whether a row satisfies the other conditions.
  let verdictColumn: Int
  let shape: ScanShape
  private let conditions: PushedConditions
  private let constraints: [FilterConstraint]
  private let keyIndex: Int
  private let columnsUsed: UInt64
  /// The shard in which a row was last found.
  private var last: (position: Int, shard: OpenShard)?
  /// The shards, where a connection keeps so many open.
  private var shards: [OpenShard?]
  private var ahead: RowsAhead

  /// Nil where rows are not asked for by rowid or id.
  init?(_ filter: FilterRequest, _ files: CatalogueFiles) {
    let layout = files.layout
    let constraints = filter.constraints
    func index(_ matches: (Int) -> Bool) -> Int? {
      constraints.firstIndex { $0.operator.isEquality && matches($0.column) }
    }
    guard let keyIndex = index(layout.isRowid) ?? index({ $0 == layout.id }) else { return nil }
    key = layout.isRowid(constraints[keyIndex].column) ? .rowid : .id
    let others = constraints.indices.filter { $0 != keyIndex }.map { constraints[$0] }
    if others.contains(where: { layout.isRowid($0.column) || $0.operator == .oneOf }) { return nil }
    self.files = files
    self.constraints = constraints
    self.keyIndex = keyIndex
    columnsUsed = filter.columnsUsed
    columns = ScannedColumns(files, used: filter.used(files))
    conditions = PushedConditions(others, of: files)
    let keyName = key == .rowid ? "xm_rowid" : files.columns[constraints[keyIndex].column].name
    self.keyName = keyName
    isUnique = key == .rowid || files.info.duplicateIDs == 0
    // The key is read, too, to tell which row it is.
    let names = columns.names + (key == .rowid ? [] : [keyName])
    shape = ScanShape(columns: names, condition: conditions.sql, rows: .withValue(column: keyName))
    verdictColumn = names.count
    ahead = RowsAhead(columns: names, conditions: conditions, keyColumn: key == .rowid ? 0 : names.count - 1)
    shards = files.info.shards.count <= OpenShards.limit ? Array(repeating: nil, count: files.info.shards.count) : []
  }

  deinit { ahead.leave() }

  /// Whether another scan differs in its values only.
  func fits(_ filter: FilterRequest) -> Bool {
    filter.columnsUsed == columnsUsed && filter.constraints.count == constraints.count
      && constraints.indices.allSatisfy {
        filter.constraints[$0].column == constraints[$0].column
          && filter.constraints[$0].operator == constraints[$0].operator
      }
  }

  /// The value to be looked up; nil where the comparison is not that of an index: with NULL, or of a rowid with no integer.
  func value(_ constraints: [FilterConstraint]) -> SQLValue? {
    switch (key, constraints[keyIndex].value) {
    case (_, .null): nil
    case (.rowid, .integer(let rowid)): .integer(rowid)
    case (.rowid, _): nil
    case (.id, let id): id
    }
  }

  /// The shard that is asked first: that of the rowid; where an id is found once only, the one in which the last was found.
  func firstShard(of value: SQLValue) -> Int? {
    switch (key, value) {
    case (.rowid, .integer(let rowid)): files.shard(ofRowid: rowid)
    case (.rowid, _): nil
    case (.id, _): isUnique ? last.map(\.position).flatMap { files.info.shards[$0].mayHold(value) ? $0 : nil } : nil
    }
  }

  func shard(_ position: Int, _ context: XMDBContext) throws -> OpenShard {
    if let last, last.position == position { return last.shard }
    if let open = shards.isEmpty ? nil : shards[position] { return open }
    try context.checkInterrupt()
    let shard = try files.shard(position, context)
    if !shards.isEmpty { shards[position] = shard }
    return shard
  }

  private func others(_ constraints: [FilterConstraint]) -> some Sequence<FilterConstraint> {
    constraints.indices.lazy.filter { $0 != self.keyIndex }.map { constraints[$0] }
  }

  /// A statement that stands on the row, where it is one of the next after the last one found.
  func rowAhead(_ value: SQLValue, _ constraints: [FilterConstraint]) throws -> Statement? {
    isUnique ? try ahead.find(value, others(constraints)) : nil
  }

  /// Binds the values of a look-up to a statement of `shape`.
  func bind(_ constraints: [FilterConstraint], to statement: Statement) {
    statement.bind(conditions.bind(valuesOf: others(constraints), to: statement), constraints[keyIndex].value)
  }

  /// A row was found by a look-up.
  func note(_ rowid: Int64, _ constraints: [FilterConstraint], _ shard: OpenShard, at position: Int) throws {
    if last?.position != position { last = (position, shard) }
    if isUnique { try ahead.move(after: rowid, in: shard, others(constraints)) }
  }
}
