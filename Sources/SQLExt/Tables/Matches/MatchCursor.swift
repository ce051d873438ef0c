import CatalogStore

/// Goes through the rows of a match, chunk by chunk.
final class MatchCursor: VirtualCursor {
  private let wanted: ResultRowsWanted
  private var chunks: any ResultChunks
  private var statement: Statement?

  init(_ wanted: ResultRowsWanted, _ chunks: any ResultChunks, _ context: XMDBContext) throws {
    self.wanted = wanted
    self.chunks = chunks
    super.init()
    try advance()
  }

  override var isAtEnd: Bool { statement == nil }

  override func next() throws { try advance() }

  override func column(_ index: Int, into result: borrowing ResultContext) throws {
    if let value = statement?.rawValue(wanted.slots[index]) { result.set(copyOf: value) }
  }

  // MARK: Values of the current row, by the column's place in the result table

  func value(_ column: Int) -> SQLValue { SQLValue(statement?.rawValue(wanted.slots[column])) }
  /// NaN for NULL.
  func double(_ column: Int) -> Double { statement?.optionalDouble(wanted.slots[column]) ?? .nan }
  func int64(_ column: Int) -> Int64 { statement?.int64(wanted.slots[column]) ?? 0 }

  private func advance() throws {
    while true {
      if let statement, try statement.step() { return }
      // The statement keeps its file, or its table in memory, until here.
      statement = nil
      guard let chunk = try chunks.next() else { return }
      statement = try wanted.rows(of: chunk)
    }
  }
}
