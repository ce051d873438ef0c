/// What SQLite knows of a query when it asks a table for a plan (sqlite.org/vtab.html, section 2.3).
package struct PlanRequest {
  /// The constraints on visible columns that a scan can answer by comparing the column itself. Arguments, LIMIT, and
  /// comparisons by another collation or of types that only SQLite knows are the bridge's business and are not listed.
  package let constraints: [PlanConstraint]
  /// The terms of ORDER BY, if SQLite would be glad to have the rows in that order.
  package let order: [OrderTerm]
  /// The argument's value where it is a constant; nil where it comes from another table or was left out.
  package let arguments: [SQLValue?]
  let columnsUsed: UInt64

  /// Whether the query reads the column at all; the columns from the 64th on answer together.
  package func uses(column: Int) -> Bool { columnsUsed & (1 << UInt64(min(column, 63))) != 0 }

  /// The constraints that can be used, of the given column and operators.
  package func usable(_ column: Int, _ operators: ConstraintOperator...) -> [PlanConstraint] {
    constraints.filter { $0.isUsable && $0.column == column && operators.contains($0.operator) }
  }
}

package struct PlanConstraint: Sendable {
  /// Its place in SQLite's list.
  let index: Int
  /// The visible column, or −1 for the rowid.
  package let column: Int
  package let `operator`: ConstraintOperator
  /// False where the other side comes from a table that would be read later.
  package let isUsable: Bool
  /// The other side where it is a constant.
  package let value: SQLValue?
  /// Whether comparing with the value that the scan will be given is as good as SQLite's own comparison.
  var isExact = true
}

package struct OrderTerm: Sendable, Hashable {
  package let column: Int
  package let isDescending: Bool

  package init(column: Int, isDescending: Bool = false) {
    self.column = column
    self.isDescending = isDescending
  }
}

/// The comparison `column OP value`.
package enum ConstraintOperator: Int, Sendable, CaseIterable {
  case equal, greater, lessOrEqual, less, greaterOrEqual, notEqual, `is`, isNot, isNull, isNotNull
  case like, glob, match, regexp
  /// Equal to one of a list; for scans only, plans see `equal`.
  case oneOf

  /// As in SQL, with blanks around words; `IS NULL` and `IS NOT NULL` stand alone.
  var spelling: String {
    switch self {
    case .equal: "="
    case .greater: ">"
    case .lessOrEqual: "<="
    case .less: "<"
    case .greaterOrEqual: ">="
    case .notEqual: "!="
    case .is: " IS "
    case .isNot: " IS NOT "
    case .isNull: " IS NULL"
    case .isNotNull: " IS NOT NULL"
    case .like: " LIKE "
    case .glob: " GLOB "
    case .match: " MATCH "
    case .regexp: " REGEXP "
    case .oneOf: " IN "
    }
  }
}

/// A table's answer to a `PlanRequest`.
package struct Plan {
  struct Taken {
    let constraint: PlanConstraint
    let isExact: Bool
  }

  private(set) var taken: [Taken] = []
  /// What the scan costs, in units of about one row read from a table by its rowid.
  package var cost: Double
  /// How many rows SQLite should expect.
  package var rows: Int64
  /// Whether at most one row comes (the scan of a unique key).
  package var isSingleRow = false
  /// Whether the rows come in the order of `PlanRequest.order`.
  package var isOrdered = false
  /// The table's own note to its cursor, `FilterRequest.variant`.
  package var variant: Int32 = 0

  package init(cost: Double, rows: Int64) {
    self.cost = cost
    self.rows = rows
  }

  /// An estimate as a number of rows, 1 to 10¹⁵.
  static func count(_ rows: Double) -> Int64 { rows >= 1 ? Int64(min(rows, 1e15)) : 1 }

  /// The scan will receive this constraint's value. `isExact`: it gives only rows that satisfy the constraint, so that
  /// SQLite need not check again. Otherwise it may give more rows than that, but must not leave one out.
  package mutating func take(_ constraint: PlanConstraint, isExact: Bool) {
    precondition(constraint.isUsable, "a constraint that is not usable cannot be taken")
    if taken.contains(where: { $0.constraint.index == constraint.index }) { return }
    taken.append(Taken(constraint: constraint, isExact: isExact))
  }
}
