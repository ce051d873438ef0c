import CSQLite
import CSQLiteBoot

@testable import SQLExt

/// A statement failed; the message is what the user would see.
struct SQLFailure: Error, Equatable, CustomStringConvertible {
  let message: String
  let code: CInt
  var description: String { message }
}

/// A private in-memory SQLite with the whole inventory on it, as a host program sees it.
final class SQLHost {
  let db: OpaquePointer
  private(set) weak var context: XMDBContext?

  /// Without `registered`, a bare SQLite.
  convenience init(registered: Bool = true, tables: [TableFunction] = [], databasePath: String = "no-such-folder")
    throws
  {
    try self.init(context: registered ? XMDBContext(databasePath: databasePath) : nil)
    for table in tables { try context?.define(table) }
  }

  /// With a context of the test's own.
  init(context: XMDBContext?) throws {
    precondition(xsql_bootstrap() == SQLITE_OK)
    var handle: OpaquePointer?
    precondition(xsql_open(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil) == SQLITE_OK)
    db = handle!
    guard let context else { return }
    try SQLInventory.register(on: db, context: context)
    self.context = context
  }

  deinit { _ = xsql_close(db) }

  /// All rows; columns joined by "|", NULL as "NULL".
  func rows(_ sql: String) throws -> [String] {
    let statement = try OpenStatement(sql, on: self)
    var rows: [String] = []
    while let row = try statement.next() { rows.append(row.joined(separator: "|")) }
    return rows
  }

  func value(_ sql: String) throws -> String { try rows(sql).first ?? "no row" }

  func execute(_ sql: String) throws { try check(xsql_exec(db, sql)) }

  /// The first value as a number.
  func number(_ sql: String) throws -> Double {
    let statement = try OpenStatement(sql, on: self)
    _ = try statement.next()
    return statement.double(0)
  }

  /// The detail column of EXPLAIN QUERY PLAN.
  func plan(_ sql: String) throws -> [String] {
    try rows("EXPLAIN QUERY PLAN " + sql).map { String($0.split(separator: "|", maxSplits: 3).last!) }
  }

  /// The message of the error that the statement must end in; "no error" if it does not.
  func message(_ sql: String) -> String {
    do {
      _ = try rows(sql)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  func check(_ code: CInt) throws {
    if code != SQLITE_OK { throw SQLFailure(message: String(cString: xsql_errmsg(db)), code: code) }
  }
}

/// A statement in progress.
final class OpenStatement {
  private let host: SQLHost
  private let handle: OpaquePointer?

  init(_ sql: String, on host: SQLHost) throws {
    self.host = host
    var handle: OpaquePointer?
    try host.check(xsql_prepare(host.db, sql, -1, 0, &handle, nil))
    self.handle = handle
  }

  deinit { _ = xsql_finalize(handle) }

  func next() throws -> [String]? {
    switch xsql_step(handle) {
    case SQLITE_ROW: return (0..<xsql_column_count(handle)).map(text)
    case SQLITE_DONE: return nil
    case let code: throw SQLFailure(message: String(cString: xsql_errmsg(host.db)), code: code)
    }
  }

  func double(_ column: CInt) -> Double { xsql_column_double(handle, column) }

  private func text(_ column: CInt) -> String {
    switch xsql_column_type(handle, column) {
    case SQLITE_NULL: return "NULL"
    case SQLITE_FLOAT: return xsql_column_double(handle, column).description
    default:
      let bytes = UnsafeBufferPointer(
        start: xsql_column_text(handle, column), count: Int(xsql_column_bytes(handle, column)))
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
