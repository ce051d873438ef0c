internal import CArrow

// Swift values as the plain structures of the C door. The memory they point to lives as long as the closure: each level of
// the recursion holds that of one column.

extension ParquetWriter {
  /// Calls `body` with the fields described in C.
  static func withDescriptions<Result>(
    _ fields: ArraySlice<ParquetField>, _ done: [xarrow_field] = [], _ body: ([xarrow_field]) -> Result
  ) -> Result {
    guard let field = fields.first else { return body(done) }
    return field.name.withCString { name in
      (field.unit ?? "").withCString { unit in
        (field.ucd ?? "").withCString { ucd in
          (field.description ?? "").withCString { description in
            let next = xarrow_field(
              name: name, unit: unit, ucd: ucd, description: description, form: field.form.code,
              nullable: field.isNullable ? 1 : 0, dictionary: field.hasFewValues ? 1 : 0)
            return withDescriptions(fields.dropFirst(), done + [next], body)
          }
        }
      }
    }
  }

  /// Calls `body` with the buffers of all columns.
  func withInputs<Result>(
    _ columns: ArraySlice<ParquetValues>, _ done: [xarrow_input] = [], _ body: ([xarrow_input]) -> Result
  ) -> Result {
    guard let column = columns.first else { return body(done) }
    return column.withInput { withInputs(columns.dropFirst(), done + [$0], body) }
  }
}

extension ParquetField.Form {
  fileprivate var code: Int32 {
    switch self {
    case .int64: Int32(XARROW_INT64)
    case .float64: Int32(XARROW_FLOAT64)
    case .float32: Int32(XARROW_FLOAT32)
    case .text: Int32(XARROW_TEXT)
    }
  }
}

extension ParquetValues {
  fileprivate func withInput<Result>(_ body: (xarrow_input) -> Result) -> Result {
    switch self {
    case .int64(let values): Self.lend(values, body)
    case .float64(let values): Self.lend(values, body)
    case .float32(let values): Self.lend(values, body)
    case .optionalInt64(let values): Self.lend(values.map { $0 ?? 0 }, present: values.map { $0 == nil ? 0 : 1 }, body)
    case .text(let values): Self.lend(values, body)
    }
  }

  private static func lend<Element, Result>(_ values: [Element], _ body: (xarrow_input) -> Result) -> Result {
    values.withUnsafeBytes {
      body(xarrow_input(values: $0.baseAddress, offsets: nil, bytes: nil, present: nil))
    }
  }

  private static func lend<Result>(
    _ values: [Int64], present: [UInt8], _ body: (xarrow_input) -> Result
  ) -> Result {
    present.withUnsafeBufferPointer { present in
      lend(values) { input in
        var input = input
        input.present = present.baseAddress
        return body(input)
      }
    }
  }

  private static func lend<Result>(_ texts: [String?], _ body: (xarrow_input) -> Result) -> Result {
    var (offsets, bytes): ([Int64], [UInt8]) = ([0], [])
    for text in texts {
      bytes.append(contentsOf: (text ?? "").utf8)
      offsets.append(Int64(bytes.count))
    }
    let present: [UInt8] = texts.map { $0 == nil ? 0 : 1 }
    return offsets.withUnsafeBufferPointer { offsets in
      bytes.withUnsafeBufferPointer { bytes in
        present.withUnsafeBufferPointer { present in
          body(
            xarrow_input(
              values: nil, offsets: offsets.baseAddress, bytes: bytes.baseAddress, present: present.baseAddress))
        }
      }
    }
  }
}
