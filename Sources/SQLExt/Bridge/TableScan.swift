import CSQLite

/// A virtual table as one connection knows it.
final class ConnectedTable {
  let function: TableFunction
  let table: any VirtualTable
  let context: XMDBContext

  init(_ function: TableFunction, context: XMDBContext) throws {
    self.function = function
    self.context = context
    self.table = try function.make(context)
  }
}

/// SQLite's cursor: outlives the scans it is filtered to, and keeps each one's arguments for the hidden columns.
final class TableScan {
  let connected: ConnectedTable
  private let table: any OpenTable
  private(set) var cursor: VirtualCursor?
  private var arguments: [SQLValue?] = []
  private var row: Int64 = 0
  /// The plan last read. SQLite keeps a plan's text at one place as long as the statement lives.
  private var planAddress: UnsafePointer<CChar>?
  private var plan = ScanPlan()

  init(_ connected: ConnectedTable) throws {
    self.connected = connected
    table = try connected.table.open()
  }

  var isAtEnd: Bool { cursor?.isAtEnd ?? true }
  var rowid: Int64 { cursor?.rowid ?? row }

  func next() throws {
    row += 1
    try cursor?.next()
  }

  func column(_ index: Int, into result: borrowing ResultContext) throws {
    switch connected.function.meaning(of: index) {
    case .column(let column): try cursor?.column(column, into: result)
    case .argument(let argument): result.set(arguments[argument] ?? .null)
    case .surplus: result.set(SQLValue.null)
    }
  }

  /// Starts a scan with the values that the plan asked for.
  func start(
    variant: CInt, planText: UnsafePointer<CChar>?, values: UnsafeMutablePointer<OpaquePointer?>?
  ) throws {
    cursor = nil
    row = 0
    try readPlan(planText)
    guard let filter = try filterRequest(variant, values) else { return }
    cursor = try table.makeCursor(filter)
  }

  private func readPlan(_ text: UnsafePointer<CChar>?) throws(SQLFunctionError) {
    guard let text, text != planAddress else { return }
    guard let read = ScanPlan(String(cString: text), for: connected.function) else {
      throw SQLFunctionError(
        "the plan of the scan cannot be read; prepare the statement again", sqliteCode: SQLITE_SCHEMA)
    }
    plan = read
    planAddress = text
  }

  /// Nil where an argument is NULL: then there are no rows.
  private func filterRequest(_ variant: CInt, _ values: UnsafeMutablePointer<OpaquePointer?>?) throws -> FilterRequest?
  {
    let function = connected.function
    arguments = Array(repeating: nil, count: function.parameters.count)
    var constraints: [FilterConstraint] = []
    var limit: Int64?
    var offset: Int64 = 0
    for (index, token) in plan.tokens.enumerated() {
      let value = values?[index]
      switch token {
      case .argument(let argument): arguments[argument] = function.parameters[argument].read(value)
      case .constraint(let column, let comparison):
        let kind = column < 0 ? .integer : function.columns[column].kind
        // Where only SQLite knows how the two compare, it does so for every row.
        if let value = kind.comparable(kind.read(value)) {
          constraints.append(FilterConstraint(column: column, operator: comparison, value: value))
        }
      case .list(let column):
        if let list = ListConstraint.values(value, for: function.columns[column].kind) {
          constraints.append(FilterConstraint(column: column, operator: .oneOf, value: .null, list: list))
        }
      case .limit: limit = xsql_value_int64(value)
      case .offset: offset = xsql_value_int64(value)
      }
    }
    try checkNoneIsMissing()
    if arguments.contains(.some(.null)) { return nil }
    return FilterRequest(
      parameters: function.parameters, arguments: arguments, constraints: constraints, variant: variant,
      rowLimit: rowLimit(limit, offset), columnsUsed: plan.columnsUsed)
  }

  /// LIMIT and OFFSET are still SQLite's to apply. A negative LIMIT means none, a negative OFFSET zero.
  private func rowLimit(_ limit: Int64?, _ offset: Int64) -> Int64? {
    guard let limit, limit >= 0 else { return nil }
    let (sum, overflow) = limit.addingReportingOverflow(max(offset, 0))
    return overflow ? nil : sum
  }

  private func checkNoneIsMissing() throws(SQLFunctionError) {
    for (index, parameter) in connected.function.parameters.enumerated()
    where !parameter.isOptional && arguments[index] == nil {
      throw SQLFunctionError(
        "argument \(index + 1) (\(parameter.name): \(parameter.unit)) is required: \(connected.function.callForm)")
    }
  }
}

extension Parameter {
  /// The argument as its kind has it: text that reads as a number counts as one where a number is expected.
  fileprivate func read(_ value: OpaquePointer?) -> SQLValue {
    switch kind {
    case .real, .integer: TableColumn.Kind.real.read(value)
    case .text, .identifier: SQLValue(value)
    }
  }
}

extension TableColumn.Kind {
  /// The value as SQLite's type affinity makes it before comparing it with a column of numbers; as it is for other columns.
  fileprivate func read(_ value: OpaquePointer?) -> SQLValue {
    switch self {
    case .integer, .real:
      _ = xsql_value_numeric_type(value)
      return SQLValue(value)
    case .text, .unsigned, .blob, .any:
      return SQLValue(value)
    }
  }
}
