internal import CSQLite

/// Lets statements read the tables that are served and call the functions that only compute, and nothing else: nothing is written,
/// attached or loaded, no PRAGMA is set, and no other table is seen.
final class QueryAuthorizer {
  /// Whether the server's own statements run, which prepare the tables that describe others and those that are uploaded.
  var isOwn = true
  /// The tables of `main` that may be read, in small letters.
  var tables: Set<String> = []
  /// The modules of virtual tables that the connection has, in small letters: `SELECT` finds them by name.
  var modules: Set<String> = []
  private let functions: Set<String>

  /// Watches a connection, which must not outlive this.
  init(_ connection: OpaquePointer, functions: Set<String>) {
    self.functions = functions
    _ = xsql_set_authorizer(
      connection,
      { data, action, first, second, schema, _ in
        guard let data else { return SQLITE_DENY }
        let own = Unmanaged<QueryAuthorizer>.fromOpaque(data).takeUnretainedValue()
        return own.allows(action, first, second, schema) ? SQLITE_OK : SQLITE_DENY
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func allows(
    _ action: CInt, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?, _ schema: UnsafePointer<CChar>?
  ) -> Bool {
    if isOwn { return true }
    switch action {
    case SQLITE_SELECT, SQLITE_RECURSIVE: return true
    case SQLITE_FUNCTION: return second.map { functions.contains(String(cString: $0).lowercased()) } ?? false
    case SQLITE_READ:
      guard let first else { return false }
      let table = String(cString: first).lowercased()
      if table == Self.ownTable { return second.map { String(cString: $0) == "ROWID" } ?? false }
      switch schema.map({ String(cString: $0) }) {
      case "tap_schema", "tap_upload": return !table.hasPrefix("sqlite_")
      case nil: return tables.contains(table) || second?.pointee == 0 && isNameOfQuery(table)
      case "main": return tables.contains(table)
      default: return false
      }
    // SQLite asks so, and for the rowid, when a virtual table declares its columns at its first use. It is no right to change that
    // table: SQLite refuses any statement that would, and the server any that is not read-only.
    case SQLITE_UPDATE: return first.map { String(cString: $0) == Self.ownTable } ?? false
    default: return false
    }
  }

  /// Whether a name that no schema belongs to is one that the statement has given to a query of its own: SQLite asks for it, with an empty
  /// column, where only its rows are counted.
  private func isNameOfQuery(_ name: String) -> Bool {
    !name.hasPrefix("sqlite_") && !name.hasPrefix("pragma_") && !modules.contains(name)
  }

  private static let ownTable = "sqlite_master"

  /// SQLite's own functions that only compute.
  static let plainFunctions: Set<String> = Set(
    """
    abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling char coalesce concat concat_ws cos cosh count cume_dist date datetime
    degrees dense_rank exp first_value floor format glob group_concat hex if ifnull iif instr json json_array json_array_length
    json_extract json_group_array json_group_object json_object json_quote json_type json_valid julianday lag last_value lead length
    like likelihood likely ln log log10 log2 lower ltrim max min mod nth_value ntile nullif octet_length percent_rank pi pow power
    printf quote radians rank replace round row_number rtrim sign sin sinh sqrt strftime string_agg substr substring sum tan tanh time
    timediff total trim trunc typeof unicode unixepoch unlikely upper -> ->>
    """.split { $0.isWhitespace }.map(String.init))

  /// Tables of SQLite that take a value apart.
  static let plainTables: Set<String> = ["json_each", "json_tree"]
}
