// Reached through the routine table itself, which is written once, before any connection exists.
@preconcurrency import CSQLite

/// `column IN (…)`, where SQLite hands over all values at once instead of one scan for each.
///
/// A scan for each value is right where the table's comparison is SQLite's. On a column of text it may not be: SQLite then
/// checks the rows of each scan against that value alone, by other rules than those of the whole list.
enum ListConstraint {
  /// Values that are looked up; more are left to SQLite.
  private static let largest = 500

  /// Whether a constraint is a list.
  static func isList(_ info: UnsafeMutablePointer<sqlite3_index_info>, _ index: Int) -> Bool {
    sqlite3_api.pointee.vtab_in(info, CInt(index), -1) != 0
  }

  /// Asks for all values at once.
  static func takeWhole(_ info: UnsafeMutablePointer<sqlite3_index_info>, _ index: Int) {
    _ = sqlite3_api.pointee.vtab_in(info, CInt(index), 1)
  }

  /// The values that compare with a column of a kind; nil where SQLite has to compare.
  static func values(_ list: OpaquePointer?, for kind: TableColumn.Kind) -> [SQLValue]? {
    var values: [SQLValue] = []
    var value: OpaquePointer?
    var code = sqlite3_api.pointee.vtab_in_first(list, &value)
    while code == SQLITE_OK, value != nil {
      guard values.count < largest, let comparable = kind.comparable(SQLValue(value)) else { return nil }
      if !comparable.isNull { values.append(comparable) }
      code = sqlite3_api.pointee.vtab_in_next(list, &value)
    }
    return code == SQLITE_OK || code == SQLITE_DONE ? values : nil
  }
}
