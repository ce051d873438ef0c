import CatalogStore

/// Goes through the rows of a match, unit by unit.
final class MatchCursor: VirtualCursor {
  private let wanted: ResultRowsWanted
  private var units: any ResultUnits
  private var statement: Statement?

  init(_ wanted: ResultRowsWanted, _ units: any ResultUnits, _ context: XMDBContext) throws {
    self.wanted = wanted
    self.units = units
    super.init()
    try advance()
  }

  override var isAtEnd: Bool { statement == nil }

  override func next() throws { try advance() }

  override func column(_ index: Int, into result: borrowing ResultContext) throws {
    if let value = statement?.rawValue(wanted.slots[index]) { result.set(copyOf: value) }
  }

  private func advance() throws {
    while true {
      if let statement, try statement.step() { return }
      // The statement keeps its file, or its table in memory, until here.
      statement = nil
      guard let unit = try units.next() else { return }
      statement = try wanted.rows(of: unit)
    }
  }
}
