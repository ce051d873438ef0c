/// Takes the values of a row one after the other.
protocol RowSink: ~Copyable {
  /// A real number; NaN, which SQLite cannot hold, becomes NULL.
  mutating func put(_ value: Double)
  mutating func put(_ value: Int64)
  /// UTF-8 text, valid during the call only.
  mutating func put(utf8: UnsafeRawBufferPointer)
  mutating func putNull()
}

/// Binds the values of a row to a statement's parameters.
struct ParameterBinder: RowSink {
  private let statement: Statement
  private var next = 1

  init(_ statement: Statement) { self.statement = statement }

  mutating func put(_ value: Double) {
    statement.bind(next, value)
    next += 1
  }

  mutating func put(_ value: Int64) {
    statement.bind(next, value)
    next += 1
  }

  mutating func put(utf8: UnsafeRawBufferPointer) {
    statement.bindText(next, copying: utf8)
    next += 1
  }

  mutating func putNull() {
    statement.bindNull(next)
    next += 1
  }
}
