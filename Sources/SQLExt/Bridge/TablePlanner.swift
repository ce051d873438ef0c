import CSQLite

/// xBestIndex: gives the table's `plan` a clean view of SQLite's question and writes the answer back.
///
/// HOW ARGUMENTS ARE TREATED. `xmatch('a','b')` reaches us as equality constraints on hidden columns. One that is present
/// but not usable (it comes from a table that would be read later) makes the whole plan unusable. One that is missing
/// makes the plan hopeless, and the scan fails with a clear message; it cannot fail here, because SQLite also asks about
/// each branch of an OR by itself, without the arguments.
struct TablePlanner {
  /// So high that any other plan is chosen, and still a number that SQLite can add up.
  private static let hopelessCost = 1e100

  let function: TableFunction
  let table: any VirtualTable
  let info: UnsafeMutablePointer<sqlite3_index_info>

  /// Returns SQLITE_OK, or SQLITE_CONSTRAINT where this set of constraints cannot be used.
  func run() throws -> CInt {
    try refuseSurplus()
    var arguments = [Int?](repeating: nil, count: function.parameters.count)
    for index in 0..<Int(info.pointee.nConstraint) {
      guard let argument = argument(index) else { continue }
      if info.pointee.aConstraint[index].usable != 0 { arguments[argument] = arguments[argument] ?? index }
    }
    if hasUnusableArgument(except: arguments) { return SQLITE_CONSTRAINT }
    try write(table.plan(request(arguments)), arguments)
    if zip(function.parameters, arguments).contains(where: { !$0.isOptional && $1 == nil }) {
      info.pointee.estimatedCost = TablePlanner.hopelessCost
      info.pointee.estimatedRows = 1 << 40
    }
    return SQLITE_OK
  }

  private func refuseSurplus() throws {
    for index in 0..<Int(info.pointee.nConstraint) {
      guard case .surplus = function.meaning(of: Int(info.pointee.aConstraint[index].iColumn)) else { continue }
      throw SQLFunctionError("is given more than \(function.parameters.count) arguments: \(function.callForm)")
    }
  }

  private func hasUnusableArgument(except found: [Int?]) -> Bool {
    (0..<Int(info.pointee.nConstraint)).contains { index in
      info.pointee.aConstraint[index].usable == 0 && argument(index).map { found[$0] == nil } ?? false
    }
  }

  /// The argument whose value constraint `index` gives.
  private func argument(_ index: Int) -> Int? {
    let constraint = info.pointee.aConstraint[index]
    guard CInt(constraint.op) == SQLITE_INDEX_CONSTRAINT_EQ,
      case .argument(let argument) = function.meaning(of: Int(constraint.iColumn))
    else { return nil }
    return argument
  }

  private func request(_ arguments: [Int?]) -> PlanRequest {
    let constraints = (0..<Int(info.pointee.nConstraint)).compactMap { planConstraint($0) }
    let order = (0..<Int(info.pointee.nOrderBy)).map { index in
      let term = info.pointee.aOrderBy[index]
      var column = Int(term.iColumn)
      if case .column(let meant) = function.meaning(of: column) { column = meant }
      return OrderTerm(column: column, isDescending: term.desc != 0)
    }
    return PlanRequest(
      constraints: constraints, order: order, arguments: arguments.map { $0.flatMap(constant) },
      columnsUsed: function.columnsUsed(info.pointee.colUsed))
  }

  private func planConstraint(_ index: Int) -> PlanConstraint? {
    let constraint = info.pointee.aConstraint[index]
    guard case .column(let column) = function.meaning(of: Int(constraint.iColumn)),
      let comparison = ConstraintOperator(code: constraint.op)
    else { return nil }
    let kind = column < 0 ? TableColumn.Kind.integer : function.columns[column].kind
    guard collation(index) == kind.collation else { return nil }
    let value = constraint.usable != 0 ? constant(index) : nil
    let fitness = PlanConstraint.fitness(comparison, kind, with: value)
    if fitness == .unfit { return nil }
    return PlanConstraint(
      index: index, column: column, operator: comparison, isUsable: constraint.usable != 0, value: value,
      isExact: fitness == .exact)
  }

  /// The collation of the comparison.
  private func collation(_ index: Int) -> String {
    guard let name = xsql_vtab_collation(info, CInt(index)) else { return "BINARY" }
    let collation = String(cString: name)
    return collation.uppercased() == "BINARY" ? "BINARY" : collation
  }

  private func constant(_ index: Int) -> SQLValue? {
    var value: OpaquePointer?
    guard xsql_vtab_rhs_value(info, CInt(index), &value) == SQLITE_OK, value != nil else { return nil }
    return SQLValue(value)
  }

  private func write(_ plan: Plan, _ arguments: [Int?]) throws {
    var scan = ScanPlan()
    scan.columnsUsed = function.columnsUsed(info.pointee.colUsed)
    for (argument, index) in arguments.enumerated() {
      if let index { pass(index, .argument(argument), omit: true, &scan) }
    }
    for taken in plan.taken {
      let constraint = taken.constraint
      if isList(constraint) {
        ListConstraint.takeWhole(info, constraint.index)
        pass(constraint.index, .list(column: constraint.column), omit: false, &scan)
        continue
      }
      pass(
        constraint.index, .constraint(column: constraint.column, constraint.operator),
        omit: taken.isExact && constraint.isExact, &scan)
    }
    if plan.isOrdered || info.pointee.nOrderBy == 0 { passLimit(&scan) }
    info.pointee.idxNum = plan.variant
    info.pointee.idxStr = xsql_copy_message(scan.encoded(for: function))
    info.pointee.needToFreeIdxStr = 1
    info.pointee.orderByConsumed = plan.isOrdered && info.pointee.nOrderBy > 0 ? 1 : 0
    info.pointee.estimatedCost = max(plan.cost, 0)
    info.pointee.estimatedRows = max(plan.rows, 0)
    if plan.isSingleRow { info.pointee.idxFlags |= SQLITE_INDEX_SCAN_UNIQUE }
  }

  /// Whether the constraint is a list of values for a column of text.
  private func isList(_ constraint: PlanConstraint) -> Bool {
    guard constraint.operator == .equal, constraint.column >= 0,
      [.text, .unsigned].contains(function.columns[constraint.column].kind)
    else { return false }
    return ListConstraint.isList(info, constraint.index)
  }

  /// The value of constraint `index` becomes the scan's next value.
  private func pass(_ index: Int, _ token: ScanPlan.Token, omit: Bool, _ scan: inout ScanPlan) {
    scan.tokens.append(token)
    info.pointee.aConstraintUsage[index].argvIndex = CInt(scan.tokens.count)
    info.pointee.aConstraintUsage[index].omit = omit ? 1 : 0
  }

  /// LIMIT means something to the scan only where SQLite drops none of its rows.
  private func passLimit(_ scan: inout ScanPlan) {
    var limits: [(Int, ScanPlan.Token)] = []
    for index in 0..<Int(info.pointee.nConstraint) {
      let constraint = info.pointee.aConstraint[index]
      switch CInt(constraint.op) {
      case SQLITE_INDEX_CONSTRAINT_LIMIT where constraint.usable != 0: limits.append((index, .limit))
      case SQLITE_INDEX_CONSTRAINT_OFFSET where constraint.usable != 0: limits.append((index, .offset))
      default: if info.pointee.aConstraintUsage[index].omit == 0 { return }
      }
    }
    for (index, token) in limits { pass(index, token, omit: false, &scan) }
  }
}

extension ConstraintOperator {
  /// Nil for LIMIT, OFFSET and overloaded functions.
  fileprivate init?(code: UInt8) {
    switch CInt(code) {
    case SQLITE_INDEX_CONSTRAINT_EQ: self = .equal
    case SQLITE_INDEX_CONSTRAINT_GT: self = .greater
    case SQLITE_INDEX_CONSTRAINT_LE: self = .lessOrEqual
    case SQLITE_INDEX_CONSTRAINT_LT: self = .less
    case SQLITE_INDEX_CONSTRAINT_GE: self = .greaterOrEqual
    case SQLITE_INDEX_CONSTRAINT_NE: self = .notEqual
    case SQLITE_INDEX_CONSTRAINT_IS: self = .is
    case SQLITE_INDEX_CONSTRAINT_ISNOT: self = .isNot
    case SQLITE_INDEX_CONSTRAINT_ISNULL: self = .isNull
    case SQLITE_INDEX_CONSTRAINT_ISNOTNULL: self = .isNotNull
    case SQLITE_INDEX_CONSTRAINT_LIKE: self = .like
    case SQLITE_INDEX_CONSTRAINT_GLOB: self = .glob
    case SQLITE_INDEX_CONSTRAINT_MATCH: self = .match
    case SQLITE_INDEX_CONSTRAINT_REGEXP: self = .regexp
    default: return nil
    }
  }
}
