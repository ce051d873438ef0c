/// The identifiers of a shard's sources, for the index on their column.
///
/// The index of integers is laid into pages here; that of texts is left to SQLite.
struct ShardIDs {
  /// Whether the index is laid.
  let areLaid: Bool
  /// The root page of the index, when it is laid.
  var root: UInt32 = 0
  private var values: [Int64] = []
  private var nulls: [Bool] = []
  private var hasNull = false
  private var hasText = false

  init(_ schema: ShardSchema) { areLaid = schema.idColumn != nil && schema.layout.id == .integer }

  /// Adds the identifier of the next source.
  mutating func append(_ id: SourceID) {
    guard areLaid else { return }
    switch id {
    case .integer(let value): append(value, isNull: false)
    case .null: append(0, isNull: true)
    case .text: hasText = true
    }
  }

  private mutating func append(_ value: Int64, isNull: Bool) {
    values.append(value)
    nulls.append(isNull)
    if isNull { hasNull = true }
  }

  /// Lays the index.
  /// - Returns: The smallest and the largest identifier, `.null` without any; nil when the index is left to SQLite.
  /// - Complexity: O(n).
  func finish(_ file: PageFile, firstRowid: Int64) throws -> (SourceID, SourceID)? {
    if !areLaid || hasText { return nil }
    let ids = SourceIDs.integer(values, nulls: hasNull ? nulls : [])
    var order = IdentifierOrder(ids, .none)
    order.addAll(count: values.count)
    let rows = order.sorted()
    try lay(rows, file, firstRowid)
    let known = rows.drop { hasNull && nulls[$0.source.index] }
    guard let first = known.first, let last = known.last else { return (.null, .null) }
    return (.integer(values[first.source.index]), .integer(values[last.source.index]))
  }

  private func lay(_ rows: [IdentifiedRow], _ file: PageFile, _ firstRowid: Int64) throws {
    var tree = IndexTree(file, root: root)
    var record = RecordBuffer()
    try values.withUnsafeBufferPointer { values in
      for row in rows {
        let place = row.source.index
        record.reset()
        if hasNull && nulls[place] { record.putNull() } else { record.put(values[place]) }
        record.put(firstRowid + Int64(place))
        try tree.append(record)
      }
    }
    try tree.finish()
  }
}
