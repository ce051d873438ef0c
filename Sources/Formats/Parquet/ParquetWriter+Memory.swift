internal import CArrow

// Descriptions and buffers of columns as the plain structures of the C door.

extension ParquetWriter {
  /// Calls `body` with the columns described in C. Each level of the recursion keeps the texts of one column in place.
  static func withDescriptions<Result>(
    _ columns: ArraySlice<TableColumn>, _ done: [xarrow_field] = [], _ body: ([xarrow_field]) -> Result
  ) -> Result {
    guard let column = columns.first else { return body(done) }
    return column.name.withCString { name in
      (column.unit ?? "").withCString { unit in
        (column.ucd ?? "").withCString { ucd in
          (column.description ?? "").withCString { description in
            let next = xarrow_field(
              name: name, unit: unit, ucd: ucd, description: description, form: column.type.form,
              nullable: column.isNullable ? 1 : 0, dictionary: column.hasFewValues ? 1 : 0)
            return withDescriptions(columns.dropFirst(), done + [next], body)
          }
        }
      }
    }
  }
}

extension xarrow_input {
  init(_ buffer: ColumnBuffer) {
    self.init(values: nil, offsets: nil, bytes: nil, validity: buffer.validity.bits)
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
