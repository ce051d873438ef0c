import CatalogStore

/// Constraints as a condition of an inner query on a shard or a result file. Names of columns are quoted, values bound.
struct PushedConditions {
  private(set) var sql: String?
  private(set) var values: [SQLValue] = []
  /// How many parameters each constraint has.
  private var copies: [Int] = []

  /// - Parameter column: The column's name in the inner table, and how it compares.
  init(_ constraints: [FilterConstraint], column: (Int) -> (name: String, kind: TableColumn.Kind)) {
    for constraint in constraints {
      let (name, kind) = column(constraint.column)
      let before = values.count
      defer { copies.append(values.count - before) }
      if kind == .unsigned && !constraint.operator.isBytewise {
        addOrder(constraint, SQLText.identifier(name))
      } else {
        add(constraint, SQLText.identifier(name))
      }
    }
  }

  /// Digits without zeros in front are in the order of their numbers when the shorter comes first.
  private mutating func addOrder(_ constraint: FilterConstraint, _ column: String) {
    add("(length(\(column)), \(column)) \(constraint.operator.spelling) (length(?), ?)", constraint.value)
    values.append(constraint.value)
  }

  private mutating func add(_ constraint: FilterConstraint, _ column: String) {
    switch constraint.operator {
    case .isNull: add("\(column) IS NULL")
    case .isNotNull: add("\(column) IS NOT NULL")
    case .is: add("\(column) IS ?", constraint.value)
    case .isNot: add("\(column) IS NOT ?", constraint.value)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      add("\(column) \(constraint.operator.spelling) ?", constraint.value)
    case .oneOf:
      add("\(column) IN (" + constraint.list.map { _ in "?" }.joined(separator: ", ") + ")")
      values += constraint.list
    // SQLite's own to check.
    case .like, .glob, .match, .regexp: break
    }
  }

  /// Adds a term with at most one `?`, or whose other `?` the caller sees to.
  mutating func add(_ term: String, _ value: SQLValue? = nil) {
    sql = sql.map { "\($0) AND \(term)" } ?? term
    if let value { values.append(value) }
  }

  /// Binds the values of other constraints, on the same columns and with the same operators, none of them a list.
  /// - Returns: The first parameter after them.
  func bind(valuesOf constraints: some Sequence<FilterConstraint>, to statement: Statement) -> Int {
    var parameter = 1
    for (constraint, copies) in zip(constraints, copies) {
      for _ in 0..<copies {
        statement.bind(parameter, constraint.value)
        parameter += 1
      }
    }
    return parameter
  }

  /// Binds the values to the parameters from `first` on.
  func bind(to statement: Statement, from first: Int = 1) {
    for (offset, value) in values.enumerated() { statement.bind(first + offset, value) }
  }
}

extension ConstraintOperator {
  /// Comparisons that a shard answers just as the outer query would.
  var isPushable: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .is, .isNot, .isNull, .isNotNull: true
    case .like, .glob, .match, .regexp, .oneOf: false
    }
  }

  /// Comparisons that need no order.
  var isBytewise: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: false
    default: true
    }
  }

  /// `=`, or IS with a value.
  var isEquality: Bool { self == .equal || self == .is }
}

extension Statement {
  func bind(_ index: Int, _ value: SQLValue) {
    switch value {
    case .null: bindNull(index)
    case .integer(let value): bind(index, value)
    case .real(let value): bind(index, value)
    case .text(let value): bind(index, value)
    case .blob(let value): bindBlob(index, copying: value)
    }
  }
}
