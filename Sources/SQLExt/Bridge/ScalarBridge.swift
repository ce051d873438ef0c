import CSQLite

/// A function as one connection knows it: retained by SQLite until the function is replaced or the connection closes.
final class FunctionBox {
  let function: ScalarFunction
  let context: XMDBContext

  init(_ function: ScalarFunction, context: XMDBContext) {
    self.function = function
    self.context = context
  }
}

/// The one trampoline between SQLite and the bodies of all functions (after GRDB's `DatabaseFunction`).
enum ScalarBridge {
  /// Returns an SQLite result code. SQLite releases the box itself, also when it refuses the function.
  static func register(_ function: ScalarFunction, on db: OpaquePointer, context: XMDBContext) -> CInt {
    let box = Unmanaged.passRetained(FunctionBox(function, context: context))
    return xsql_create_function(
      db, function.name, CInt(function.parameters.count), SQLITE_UTF8 | flags(of: function.reach), box.toOpaque(),
      { context, _, values in ScalarBridge.call(context, values) },
      { Unmanaged<FunctionBox>.fromOpaque($0!).release() })
  }

  private static func flags(of reach: OperatorReach) -> CInt {
    switch reach {
    case .pure: SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
    case .files: SQLITE_DIRECTONLY
    }
  }

  private static func call(_ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?) {
    guard let context, let data = xsql_user_data(context) else { return }
    Unmanaged<FunctionBox>.fromOpaque(data)._withUnsafeGuaranteedRef { box in
      let result = ResultContext(context)
      let arguments = FunctionArguments(of: box, values: values)
      if arguments.hasNull { return result.setNull() }
      do {
        result.set(try box.function.body(arguments))
      } catch {
        result.fail(error, in: box.function.name)
      }
    }
  }
}
