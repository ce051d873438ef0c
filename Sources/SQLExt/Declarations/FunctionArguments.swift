import CSQLite

/// The arguments of one call of a function: valid during the call only. Reading numbers allocates nothing.
/// An SQL NULL never reaches a body: NULL in, NULL out.
package struct FunctionArguments: ~Copyable {
  private unowned(unsafe) let box: FunctionBox
  private let values: UnsafeMutablePointer<OpaquePointer?>?

  init(of box: FunctionBox, values: UnsafeMutablePointer<OpaquePointer?>?) {
    self.box = box
    self.values = values
  }

  package var count: Int { box.parameters.count }

  /// What this connection's operators share.
  package var context: XMDBContext { box.context }

  /// A finite number inside its parameter's range. Text that reads as a number counts as one, as in SQLite's own functions.
  package func real(_ index: Int) throws(SQLFunctionError) -> Double {
    guard case .real(let range) = parameter(index).kind else {
      preconditionFailure("\(box.name): parameter \(index) is not declared as a real number")
    }
    let pointer = value(index)
    let type = xsql_value_numeric_type(pointer)
    let number = xsql_value_double(pointer)
    guard type == SQLITE_FLOAT || type == SQLITE_INTEGER, number.isFinite, range.contains(number) else {
      throw refusal(index)
    }
    return number
  }

  /// `real`, for a parameter whose unit is degrees.
  package func degrees(_ index: Int) throws(SQLFunctionError) -> Double {
    assert(parameter(index).unit == "degrees")
    return try real(index)
  }

  /// `real`, for a parameter whose unit is seconds of arc.
  package func arcsec(_ index: Int) throws(SQLFunctionError) -> Double {
    assert(parameter(index).unit == "arcsec")
    return try real(index)
  }

  /// An integer inside its parameter's range; 8.0 and '8' count as 8.
  package func integer(_ index: Int) throws(SQLFunctionError) -> Int64 {
    guard case .integer(let range) = parameter(index).kind else {
      preconditionFailure("\(box.name): parameter \(index) is not declared as an integer")
    }
    let pointer = value(index)
    let integer =
      switch xsql_value_numeric_type(pointer) {
      case SQLITE_INTEGER: Int64?.some(xsql_value_int64(pointer))
      case SQLITE_FLOAT: Int64(exactly: xsql_value_double(pointer))
      default: Int64?.none
      }
    guard let integer, range.contains(integer) else { throw refusal(index) }
    return integer
  }

  package func text(_ index: Int) throws(SQLFunctionError) -> String {
    guard xsql_value_type(value(index)) == SQLITE_TEXT else { throw refusal(index) }
    return sqlText(value(index))
  }

  /// An integer or a text.
  package func identifier(_ index: Int) throws(SQLFunctionError) -> SQLValue {
    switch sqlValue(index) {
    case .integer, .text: return sqlValue(index)
    case .null, .real, .blob: throw refusal(index)
    }
  }

  package func sqlValue(_ index: Int) -> SQLValue { SQLValue(value(index)) }

  /// The error that says which argument was given as what, and what is allowed.
  package func refusal(_ index: Int) -> SQLFunctionError { parameter(index).refusal(of: sqlValue(index), at: index) }

  var hasNull: Bool {
    for index in 0..<count where xsql_value_type(value(index)) == SQLITE_NULL { return true }
    return false
  }

  private func parameter(_ index: Int) -> Parameter { box.parameters[index] }

  private func value(_ index: Int) -> OpaquePointer? {
    precondition(index < count, "\(box.name) has \(count) arguments")
    return values?[index]
  }
}
