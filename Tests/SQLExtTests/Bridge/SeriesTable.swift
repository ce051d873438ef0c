import CatalogStore
import Formats

@testable import SQLExt

/// What the test tables noticed.
final class Journal: Sendable {
  struct Entries {
    var requests: [PlanRequest] = []
    var filters: [FilterRequest] = []
    var cursorsAlive = 0
    var rowsMade = 0
  }

  private let storage = Guarded(Entries())
  var entries: Entries { storage.withLock { $0 } }
  func note(_ change: @Sendable (inout Entries) -> Void) { storage.withLock { change(&$0) } }
  func add(_ request: sending PlanRequest) { storage.withLock { $0.requests.append(request) } }
  func add(_ filter: FilterRequest) { storage.withLock { $0.filters.append(filter) } }
}

/// xt_series(count [, step [, fails_at]]): the numbers 0, step, 2·step … as integer, as half of it, and as a word.
/// Everything that can be pushed down is pushed down, exactly. `x` is NULL (unknown) in every seventh row.
final class SeriesTable: VirtualTable {
  static func definition(_ journal: Journal, name: String = "xt_series", reach: OperatorReach = .pure) -> TableFunction
  {
    TableFunction(
      name, in: .database,
      parameters: [
        .integer("count", "number of rows", 0...1_000_000_000), .integer("step", "difference", 1...1000).optional,
        .integer("fails_at", "row", 0...(.max)).optional,
      ],
      columns: [
        TableColumn("i", .integer), TableColumn("x", .real), TableColumn("name", .text), TableColumn("odd name", .any),
      ],
      summary: "Numbers.", example: "SELECT * FROM xt_series(3)", reach: reach
    ) { _ in SeriesTable(journal) }
  }

  let journal: Journal
  init(_ journal: Journal) { self.journal = journal }

  func plan(_ request: PlanRequest) throws -> Plan {
    journal.add(request)
    var plan = Plan(cost: 1000, rows: 1000)
    for constraint in request.usable(0, .equal, .less, .lessOrEqual, .greater, .greaterOrEqual)
      + request.usable(1, .equal, .less, .lessOrEqual, .greater, .greaterOrEqual) + request.usable(2, .equal)
    {
      plan.take(constraint, isExact: true)
      plan.cost /= constraint.operator == .equal ? 100 : 2
    }
    plan.isOrdered = request.order == [OrderTerm(column: 0, isDescending: false)]
    return plan
  }

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    journal.add(filter)
    return try SeriesCursor(filter, journal)
  }
}

final class SeriesCursor: VirtualCursor {
  private let journal: Journal
  private let step: Int64
  private let failsAt: Int64
  private let indices: Range<Int64>
  private let xRange: NumberRange?
  private let names: [SQLValue]
  private var index: Int64

  init(_ filter: FilterRequest, _ journal: Journal) throws {
    self.journal = journal
    step = try filter.integer(1) ?? 1
    failsAt = try filter.integer(2) ?? -1
    let count = try filter.integer(0)!
    indices = SeriesCursor.indices(filter.integerRange(ofColumn: 0), count, step)
    xRange = filter.numberRange(ofColumn: 1)
    names = filter.constraints.filter { $0.column == 2 && $0.operator == .equal }.map(\.value)
    index = indices.lowerBound
    super.init()
    journal.note { $0.cursorsAlive += 1 }
    try skip()
  }

  deinit { journal.note { $0.cursorsAlive -= 1 } }

  private static func indices(_ wanted: ClosedRange<Int64>?, _ count: Int64, _ step: Int64) -> Range<Int64> {
    guard let wanted, count > 0, wanted.upperBound >= 0, wanted.lowerBound <= (count - 1) * step else { return 0..<0 }
    let first = max(wanted.lowerBound, 0)
    let low = first / step + (first % step == 0 ? 0 : 1)
    return low..<max(low, min(wanted.upperBound, (count - 1) * step) / step + 1)
  }

  private var value: Int64 { index * step }
  private var x: Double { index % 7 == 3 ? .nan : Double(value) / 2 }
  private var name: String { "row \(value % 5)" }

  private func skip() throws {
    while index < indices.upperBound {
      if index == failsAt { throw SQLFunctionError("row \(index) cannot be read", sqliteCode: 11) }
      let isWanted = (xRange?.contains(x) ?? true) && names.allSatisfy { $0 == .text(name) }
      if isWanted { return journal.note { $0.rowsMade += 1 } }
      index += 1
    }
  }

  override var isAtEnd: Bool { index >= indices.upperBound }

  override func next() throws {
    index += 1
    try skip()
  }

  override func column(_ column: Int, into result: borrowing ResultContext) throws {
    switch column {
    case 0: result.set(value)
    case 1: result.set(x)
    case 2: result.set(name)
    default: if index == 13 { throw SQLFunctionError("thirteen has no odd name") }
    }
  }
}
