internal import CArrow

// Descriptions and buffers of columns as the plain structures of the C door.

extension ArrowWriterHandle {
  /// Calls `body` with the columns described in C. Each level of the recursion keeps the texts of one column in place.
  static func withDescriptions<Result>(
    _ columns: ArraySlice<TableColumn>, _ done: [xarrow_field] = [], _ body: ([xarrow_field]) -> Result
  ) -> Result {
    guard let column = columns.first else { return body(done) }
    return column.name.withCString { name in
      (column.unit ?? "").withCString { unit in
        (column.ucd ?? "").withCString { ucd in
          (column.description ?? "").withCString { description in
            column.type.zone.withCString { zone in
              let next = xarrow_field(
                name: name, unit: unit, ucd: ucd, description: description, time_zone: zone, form: column.type.form,
                count: column.type.count, count_nanoseconds_log10: column.type.step?.log10Nanoseconds ?? 0,
                nullable: column.isNullable ? 1 : 0, dictionary: column.hasFewValues ? 1 : 0)
              return withDescriptions(columns.dropFirst(), done + [next], body)
            }
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

extension ColumnType {
  /// The time zone of timestamps; empty if there is none.
  fileprivate var zone: String { if case .timestamp(_, let zone) = self { zone } else { "" } }
}
