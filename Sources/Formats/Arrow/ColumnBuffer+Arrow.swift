internal import CArrow

extension ColumnBuffer {
  init(_ lent: xarrow_values, form: Int32, rows: Int) {
    func numbers<T>(_: T.Type) -> UnsafeBufferPointer<T> {
      UnsafeBufferPointer(start: lent.values?.assumingMemoryBound(to: T.self), count: lent.values == nil ? 0 : rows)
    }
    let strings = { ByteStrings(offsets: UnsafeBufferPointer(start: lent.offsets, count: rows + 1), base: lent.bytes) }
    switch Int(form) {
    case Int(XARROW_UINT64): values = .uint64(numbers(UInt64.self))
    case Int(XARROW_FLOAT64): values = .float64(numbers(Double.self))
    case Int(XARROW_FLOAT32): values = .float32(numbers(Float.self))
    case Int(XARROW_BOOL): values = .bool(numbers(UInt8.self))
    case Int(XARROW_TEXT): values = .text(strings())
    case Int(XARROW_BINARY): values = .binary(strings())
    default: values = .int64(numbers(Int64.self))
    }
    validity = Validity(bits: lent.validity, nullCount: Int(lent.null_count))
    repairedTexts = lent.repaired
  }
}

extension xarrow_values {
  /// A buffer that a reader lends, as the C door takes it.
  init(_ buffer: ColumnBuffer) {
    self.init()
    validity = buffer.validity.bits
    null_count = Int64(buffer.validity.nullCount)
    switch buffer.values {
    case .int64(let numbers): values = UnsafeRawPointer(numbers.baseAddress)
    case .uint64(let numbers): values = UnsafeRawPointer(numbers.baseAddress)
    case .float64(let numbers): values = UnsafeRawPointer(numbers.baseAddress)
    case .float32(let numbers): values = UnsafeRawPointer(numbers.baseAddress)
    case .bool(let numbers): values = UnsafeRawPointer(numbers.baseAddress)
    case .text(let strings), .binary(let strings):
      (offsets, bytes) = (strings.offsets.baseAddress, strings.base)
    }
  }
}
