import CSQLite
import Glibc

/// The logarithm to base 10 as the system's library has it: 3 of 1000. SQLite's own divides natural logarithms before version 3.46,
/// and gives 2.9999999999999996.
package enum DecimalLogarithm {
  /// Puts it on a connection of our own in place of SQLite's `log10`. Never on a host's: its functions are its own.
  /// - Returns: An SQLite result code.
  package static func register(on connection: OpaquePointer) -> CInt {
    xsql_create_function(
      connection, "log10", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nil,
      { context, _, values in
        guard let context, let value = values?[0] else { return }
        let isNumber = [SQLITE_INTEGER, SQLITE_FLOAT].contains(xsql_value_type(value))
        let number = isNumber ? xsql_value_double(value) : 0
        // As SQLite has it: nothing of what is no positive number.
        if number > 0 { xsql_result_double(context, log10(number)) } else { xsql_result_null(context) }
      }, nil)
  }
}
