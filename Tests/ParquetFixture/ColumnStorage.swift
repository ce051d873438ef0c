internal import CParquetFixture

/// The memory of one column in the form that the C side takes; kept alive by the caller.
struct ColumnStorage {
  var type: Int32
  var values: [UInt8] = []
  var offsets: [Int64] = []
  var bytes: [UInt8] = []
  var present: [UInt8]?
  var precision: Int32 = 0
  var scale: Int32 = 0

  init(_ values: ParquetColumn.Values) {
    func kind(_ type: some BinaryInteger) -> Int32 { Int32(type) }
    switch values {
    case .int8(let v): self.init(kind(FIXTURE_INT8), v, missing: 0)
    case .int16(let v): self.init(kind(FIXTURE_INT16), v, missing: 0)
    case .int32(let v): self.init(kind(FIXTURE_INT32), v, missing: 0)
    case .int64(let v): self.init(kind(FIXTURE_INT64), v, missing: 0)
    case .uint8(let v): self.init(kind(FIXTURE_UINT8), v, missing: 0)
    case .uint16(let v): self.init(kind(FIXTURE_UINT16), v, missing: 0)
    case .uint32(let v): self.init(kind(FIXTURE_UINT32), v, missing: 0)
    case .uint64(let v): self.init(kind(FIXTURE_UINT64), v, missing: 0)
    case .float16(let v): self.init(kind(FIXTURE_FLOAT16), v, missing: 0)
    case .float(let v): self.init(kind(FIXTURE_FLOAT), v, missing: 0)
    case .double(let v): self.init(kind(FIXTURE_DOUBLE), v, missing: 0)
    case .doubles(let v): self.init(kind(FIXTURE_DOUBLE), all: v)
    case .int64s(let v): self.init(kind(FIXTURE_INT64), all: v)
    case .bool(let v): self.init(kind(FIXTURE_BOOL), v.map { $0.map { $0 ? UInt8(1) : 0 } }, missing: 0)
    case .string(let v): self.init(kind(FIXTURE_STRING), strings: v.map { $0.map { Array($0.utf8) } })
    case .largeString(let v):
      self.init(kind(FIXTURE_LARGE_STRING), strings: v.map { $0.map { Array($0.utf8) } })
    case .dictionary(let v): self.init(kind(FIXTURE_DICTIONARY), strings: v.map { $0.map { Array($0.utf8) } })
    case .binary(let v): self.init(kind(FIXTURE_BINARY), strings: v)
    case .date(let v): self.init(kind(FIXTURE_DATE32), v, missing: 0)
    case .timestamp(let v): self.init(kind(FIXTURE_TIMESTAMP_US), v, missing: 0)
    case .timestampUTC(let v): self.init(kind(FIXTURE_TIMESTAMP_MS_UTC), v, missing: 0)
    case .time(let v): self.init(kind(FIXTURE_TIME64_NS), v, missing: 0)
    case .decimal(let v): self.init(kind(FIXTURE_DECIMAL_12_3), v, missing: 0)
    case .digits(let v, let precision, let scale):
      self.init(kind(FIXTURE_DECIMAL), strings: v.map { $0.map { Array($0.utf8) } })
      (self.precision, self.scale) = (Int32(precision), Int32(scale))
    case .timestampSeconds(let v): self.init(kind(FIXTURE_TIMESTAMP_S), v, missing: 0)
    case .duration(let v): self.init(kind(FIXTURE_DURATION_US), v, missing: 0)
    case .null: self.init(kind(FIXTURE_NULL), all: [UInt8]())
    case .list(let v): self.init(kind(FIXTURE_LIST), v, missing: 0)
    case .structure(let v): self.init(kind(FIXTURE_STRUCT), all: v)
    }
  }

  private init<T>(_ type: Int32, _ optional: [T?], missing: T) {
    self.init(type, all: optional.map { $0 ?? missing })
    present = optional.map { $0 == nil ? 0 : 1 }
  }

  private init<T>(_ type: Int32, all: [T]) {
    self.type = type
    values = all.withUnsafeBytes { Array($0) }
  }

  private init(_ type: Int32, strings: [[UInt8]?]) {
    self.type = type
    offsets = [0]
    for text in strings {
      bytes += text ?? []
      offsets.append(Int64(bytes.count))
    }
    present = strings.map { $0 == nil ? 0 : 1 }
  }
}
