import CSQLite

/// An aggregate as one connection knows it.
private final class AggregateBox: FunctionBox {
  let function: AggregateFunction

  init(_ function: AggregateFunction, context: XMDBContext) {
    self.function = function
    super.init(name: function.name, parameters: function.parameters, context: context)
  }
}

/// The state of one group, as an object of one class that SQLite can hold on to.
private final class AggregateState {
  let aggregate: any Aggregate
  /// A row was refused: the statement has failed, and SQLite only cleans up.
  var isRefused = false
  init(_ aggregate: any Aggregate) { self.aggregate = aggregate }
}

/// The trampolines between SQLite and all aggregates.
///
/// SQLite gives each group a few bytes, zero at first, and calls xFinal for each group that has been given them, also
/// after an error. They hold one retained object.
enum AggregateBridge {
  /// Returns an SQLite result code. SQLite releases the box itself, also when it refuses the function.
  static func register(_ function: AggregateFunction, on db: OpaquePointer, context: XMDBContext) -> CInt {
    let box = Unmanaged.passRetained(AggregateBox(function, context: context))
    return xsql_create_aggregate(
      db, function.name, CInt(function.parameters.count),
      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, box.toOpaque(),
      { context, _, values in AggregateBridge.add(context, values) },
      { context in AggregateBridge.finish(context) },
      { Unmanaged<AggregateBox>.fromOpaque($0!).release() })
  }

  private typealias Place = UnsafeMutablePointer<Unmanaged<AggregateState>?>

  /// The group's own place; nil without memory, or in xFinal of a group without rows.
  private static func place(_ context: OpaquePointer, create: Bool) -> Place? {
    xsql_aggregate_context(context, create ? CInt(MemoryLayout<Unmanaged<AggregateState>?>.size) : 0)?
      .assumingMemoryBound(to: Unmanaged<AggregateState>?.self)
  }

  private static func add(_ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?) {
    guard let context, let data = xsql_user_data(context) else { return }
    let box = Unmanaged<AggregateBox>.fromOpaque(data).takeUnretainedValue()
    let arguments = FunctionArguments(of: box, values: values)
    if arguments.hasNull { return }
    guard let place = place(context, create: true) else {
      return ResultContext(context).fail(
        SQLFunctionError("out of memory", sqliteCode: SQLITE_NOMEM), in: box.name, box.context)
    }
    if place.pointee == nil { place.pointee = Unmanaged.passRetained(AggregateState(box.function.make())) }
    guard let state = place.pointee?.takeUnretainedValue(), !state.isRefused else { return }
    do {
      try state.aggregate.add(arguments)
    } catch {
      state.isRefused = true
      ResultContext(context).fail(error, in: box.name, box.context)
    }
  }

  private static func finish(_ context: OpaquePointer?) {
    guard let context, let data = xsql_user_data(context) else { return }
    let result = ResultContext(context)
    guard let place = place(context, create: false), let object = place.pointee else { return result.setNull() }
    place.pointee = nil
    let state = object.takeRetainedValue()
    if state.isRefused { return }
    let box = Unmanaged<AggregateBox>.fromOpaque(data).takeUnretainedValue()
    do {
      var stop = box.context.stopCheck
      result.set(try state.aggregate.result(stop: &stop))
    } catch {
      result.fail(error, in: box.name, box.context)
    }
  }
}
