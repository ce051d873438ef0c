// TO ADD A TABLE
//
// 1. A `VirtualTable` class whose `plan` takes the constraints it can use: `request.usable(column, .equal, .less)` and
//    `plan.take(constraint, isExact:)`, and sets cost and rows. Arguments and LIMIT need no code.
// 2. A `VirtualCursor` class whose initialiser reads `filter.text(0)`, `filter.numberRange(ofColumn:)`, `filter.rowLimit`
//    and stands on the first row; it overrides `isAtEnd`, `next` and `column`, and `rowid` where the row has a number.
// 3. A `TableFunction` with columns, parameters, summary and example, in `SQLInventory.tables`. Its `make` receives the
//    connection's `XMDBContext`; call `context.contents()` in `plan` or `makeCursor`, not earlier.
//
// Any error may be thrown anywhere; the bridge puts the table's name in front.

/// A read-only table made by code. One object serves one connection; each scan is a cursor of its own.
///
/// SQLite first asks for plans, any number of times, then opens scans of the chosen plan, again any number of times:
/// inside a join once per row of the outer table.
package protocol VirtualTable: OpenTable {
  /// Says which constraints the table will use and what the scan costs (xBestIndex). Changes nothing.
  func plan(_ request: PlanRequest) throws -> Plan

  /// A statement begins to use the table (xOpen): once per execution, however many scans follow. The place to notice that
  /// the world has changed, and to keep hold of how it was: what is returned makes all scans of this execution. By default
  /// the table itself.
  func open() throws -> any OpenTable
}

/// A table as one execution of a statement sees it.
package protocol OpenTable: AnyObject {
  /// Starts a scan, positioned at its first row (xFilter).
  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor
}

extension VirtualTable {
  package func open() throws -> any OpenTable { self }
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
