/// A read-only table made by code. One object serves one connection; each scan is a cursor of its own.
///
/// SQLite first asks for plans, any number of times, then opens scans of the chosen plan, again any number of times:
/// inside a join once per row of the outer table.
package protocol VirtualTable: AnyObject {
  /// Says which constraints the table will use and what the scan costs (xBestIndex). Changes nothing.
  func plan(_ request: PlanRequest) throws -> Plan

  /// A statement begins to use the table (xOpen): once per execution, however many scans follow. The place to notice that
  /// the world has changed.
  func open() throws

  /// Starts a scan, positioned at its first row (xFilter).
  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor
}

extension VirtualTable {
  package func open() throws {}
}

/// One scan of a virtual table. Subclasses override all of it; `column` is the hot path.
package class VirtualCursor {
  // Internal: a package initialiser makes Swift 6.3 warn of a recursion in the subclasses of this module.
  init() {}

  /// Whether the scan has passed its last row. No other method is called then.
  package var isAtEnd: Bool { true }

  package func next() throws {}

  /// Writes the value of a visible column of the current row. Arguments are answered by the bridge.
  package func column(_ index: Int, into result: borrowing ResultContext) throws {}

  /// A number that no other row of the scan has; by default the row's position in the scan.
  package var rowid: Int64? { nil }
}
