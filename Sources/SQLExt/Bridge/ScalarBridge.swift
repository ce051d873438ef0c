import CSQLite

private final class ScalarBox: FunctionBox {
  let body: ScalarFunction.Body

  init(_ function: ScalarFunction, context: XMDBContext) {
    body = function.body
    super.init(name: function.name, parameters: function.parameters, context: context)
  }
}

/// The one trampoline between SQLite and the bodies of all scalar functions (after GRDB's `DatabaseFunction`).
enum ScalarBridge {
  /// Returns an SQLite result code. SQLite releases the box itself, also when it refuses the function.
  static func register(_ function: ScalarFunction, on db: OpaquePointer, context: XMDBContext) -> CInt {
    let box = Unmanaged.passRetained(ScalarBox(function, context: context))
    return xsql_create_function(
      db, function.name, CInt(function.parameters.count), SQLITE_UTF8 | flags(of: function.reach), box.toOpaque(),
      { context, _, values in ScalarBridge.call(context, values) },
      { Unmanaged<ScalarBox>.fromOpaque($0!).release() })
  }

  private static func flags(of reach: OperatorReach) -> CInt {
    switch reach {
    case .pure: SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
    case .files: SQLITE_DIRECTONLY
    }
  }

  private static func call(_ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?) {
    guard let context, let data = xsql_user_data(context) else { return }
    Unmanaged<ScalarBox>.fromOpaque(data)._withUnsafeGuaranteedRef { box in
      let result = ResultContext(context)
      let arguments = FunctionArguments(of: box, values: values)
      if arguments.hasNull { return result.setNull() }
      do {
        result.setFinite(try box.body(arguments))
      } catch {
        result.fail(error, in: box.name, box.context)
      }
    }
  }
}
