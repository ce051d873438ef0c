import CSQLite

/// The whole SQL surface: what is in these three arrays is registered, documented in `docs/sql.md` and tested.
package enum SQLInventory {
  package static let functions: [ScalarFunction] =
    SphereFunctions.all + HealpixFunctions.all + MotionFunctions.all + ProbabilityFunctions.all + MatchFunctions.all
    + DatabaseFunctions.all

  package static let aggregates: [AggregateFunction] = [PairingFunction.definition]

  package static let tables: [TableFunction] =
    MatchTables.all + [BlendsTable.definition, WhatIfTable.definition, ExplainTable.definition, ConeTable.definition]
    + MeasurementTables.all + [AufTable.definition]
    + CountTables.all + ListTables.all

  /// The oldest SQLite that knows the calls made here (`sqlite3_vtab_rhs_value`, LIMIT for virtual tables).
  static let oldestSQLite = (number: CInt(3_038_000), name: "3.38.0")

  /// Puts every function and table on a connection (`sqlite3 *`), and the catalogues of the sky database if there is one.
  /// They stay until the connection closes.
  package static func register(on connection: OpaquePointer, context: XMDBContext) throws(SQLFunctionError) {
    guard xsql_libversion_number() >= oldestSQLite.number else {
      throw SQLFunctionError(
        "this host has SQLite \(String(cString: xsql_libversion())); needed is \(oldestSQLite.name) or newer")
    }
    context.attach(to: connection, operators: tables)
    try check(UnsignedText.register(on: connection), "the collation \(UnsignedText.collation)", connection)
    for function in functions {
      try check(ScalarBridge.register(function, on: connection, context: context), function.name, connection)
    }
    for function in aggregates {
      try check(AggregateBridge.register(function, on: connection, context: context), function.name, connection)
    }
    for table in tables {
      try check(TableBridge.register(table, on: connection, context: context), table.name, connection)
    }
    // A database that cannot be read is no reason to refuse everything else; whoever uses it will be told.
    try? context.refresh()
  }

  private static func check(_ code: CInt, _ name: String, _ connection: OpaquePointer) throws(SQLFunctionError) {
    guard code != SQLITE_OK else { return }
    throw SQLFunctionError(
      "\(name) could not be registered: \(String(cString: xsql_errmsg(connection)))", sqliteCode: code)
  }
}
