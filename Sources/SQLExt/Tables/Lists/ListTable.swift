/// A short table whose rows are made when a scan begins.
final class ListTable: VirtualTable {
  typealias Rows = @Sendable (FilterRequest, SkyContents, XMDBContext) throws -> [[SQLValue]]

  private let context: XMDBContext
  private let rows: Rows
  private let opened: StatementView?

  private init(_ context: XMDBContext, _ rows: @escaping Rows, opened: StatementView? = nil) {
    self.context = context
    self.opened = opened
    self.rows = rows
  }

  /// The definition of such a table; `rows` gives the values of each row in the order of `columns`.
  static func definition(
    _ name: String, in section: SQLSection, parameters: [Parameter] = [], columns: [TableColumn], summary: String,
    example: String, rows: @escaping Rows
  ) -> TableFunction {
    TableFunction(
      name, in: section, parameters: parameters, columns: columns, summary: summary, example: example
    ) { ListTable($0, rows) }
  }

  func open() throws -> any OpenTable { ListTable(context, rows, opened: try context.view()) }

  func plan(_ request: PlanRequest) throws -> Plan { Plan(cost: 200, rows: 100) }

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    ListCursor(try rows(filter, opened?.contents ?? context.contents(), context))
  }
}

/// Goes through rows that are there already.
final class ListCursor: VirtualCursor {
  private let rows: [[SQLValue]]
  private var position = 0

  init(_ rows: [[SQLValue]]) {
    self.rows = rows
    super.init()
  }

  override var isAtEnd: Bool { position >= rows.count }
  override func next() throws { position += 1 }
  override func column(_ index: Int, into result: borrowing ResultContext) throws { result.set(rows[position][index]) }
}

extension SQLValue {
  init(_ value: Int64) { self = .integer(value) }
  init(_ value: Int) { self = .integer(Int64(value)) }
  /// NaN is unknown.
  init(_ value: Double?) { self = value.map { $0.isNaN ? .null : .real($0) } ?? .null }
  init(_ value: String?) { self = value.map { .text($0) } ?? .null }
}
