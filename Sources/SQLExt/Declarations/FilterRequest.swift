/// What one scan is asked for: the arguments, and the values of the constraints that the plan took.
package struct FilterRequest {
  let parameters: [Parameter]
  /// The arguments in their order; nil where an optional one was left out. Never NULL: a NULL argument gives no rows.
  package let arguments: [SQLValue?]
  package let constraints: [FilterConstraint]
  /// The plan's own note.
  package let variant: Int32
  /// More rows than this are not wanted. Known only where every constraint was taken as exact and the order is right.
  package let rowLimit: Int64?
  let columnsUsed: UInt64

  /// Whether the query reads the column at all; the columns from the 64th on answer together.
  package func uses(column: Int) -> Bool { columnsUsed & (1 << UInt64(min(column, 63))) != 0 }
}

/// A constraint `column OP value`. The value has been converted as SQLite converts it for a column of that type.
package struct FilterConstraint: Sendable, Hashable {
  package let column: Int
  package let `operator`: ConstraintOperator
  package let value: SQLValue
  /// The values of `oneOf`, at most some hundred.
  var list: [SQLValue] = []
}

extension FilterRequest {
  /// The argument as text; nil where it was left out.
  package func text(_ index: Int) throws(SQLFunctionError) -> String? {
    switch arguments[index] {
    case nil: nil
    case .text(let text): text
    case let value?: throw parameter(index).refusal(of: value, at: index)
    }
  }

  /// The argument as a finite number inside its range; nil where it was left out.
  package func real(_ index: Int) throws(SQLFunctionError) -> Double? {
    guard let value = arguments[index] else { return nil }
    guard case .real(let range) = parameter(index).kind, let number = value.number, number.isFinite,
      range.contains(number)
    else { throw parameter(index).refusal(of: value, at: index) }
    return number
  }

  /// The argument as an integer inside its range; nil where it was left out.
  package func integer(_ index: Int) throws(SQLFunctionError) -> Int64? {
    guard let value = arguments[index] else { return nil }
    let integer =
      switch value {
      case .integer(let value): Int64?.some(value)
      case .real(let value): Int64(exactly: value)
      default: Int64?.none
      }
    guard case .integer(let range) = parameter(index).kind, let integer, range.contains(integer) else {
      throw parameter(index).refusal(of: value, at: index)
    }
    return integer
  }

  package func refusal(_ index: Int) -> SQLFunctionError {
    parameter(index).refusal(of: arguments[index] ?? .null, at: index)
  }

  private func parameter(_ index: Int) -> Parameter { parameters[index] }

  package func numberRange(ofColumn column: Int) -> NumberRange? { constraints.numberRange(ofColumn: column) }

  package func integerRange(ofColumn column: Int) -> ClosedRange<Int64>? { constraints.integerRange(ofColumn: column) }
}

extension [FilterConstraint] {
  /// What all comparisons with one numeric column leave over; nil where it is not compared. NULL satisfies no comparison,
  /// not even `x < 'text'`, which all numbers do: a row whose value is unknown (NaN) is in no range.
  /// Exact for reals; integers beyond 2⁵³ need `integerRange`.
  package func numberRange(ofColumn column: Int) -> NumberRange? {
    guard constrains(column: column) else { return nil }
    var range = NumberRange.all
    for constraint in self where constraint.column == column { range.narrow(by: constraint) }
    return range
  }

  /// What all comparisons with one integer column leave over, all integers where it is not compared; nil where no integer is left.
  /// A row whose value is NULL satisfies no comparison.
  package func integerRange(ofColumn column: Int) -> ClosedRange<Int64>? {
    var lower = Int64.min
    var upper = Int64.max
    for constraint in self where constraint.column == column {
      guard let (low, high) = constraint.integerBounds else { return nil }
      lower = Swift.max(lower, low)
      upper = Swift.min(upper, high)
    }
    return lower <= upper ? lower...upper : nil
  }

  /// Whether the column is compared at all.
  package func constrains(column: Int) -> Bool { contains { $0.column == column } }
}
