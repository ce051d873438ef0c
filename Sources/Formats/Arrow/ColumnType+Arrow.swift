internal import CArrow

extension ColumnType {
  /// The type that the C door reports; nil for nested columns.
  init?(_ column: xarrow_column) {
    switch Int(column.form) {
    case Int(XARROW_UINT64): self = .uint64
    case Int(XARROW_FLOAT64): self = .float64
    case Int(XARROW_FLOAT32): self = .float32
    case Int(XARROW_BOOL): self = .bool
    case Int(XARROW_TEXT): self = .text
    case Int(XARROW_BINARY): self = .binary
    case Int(XARROW_INT64): self.init(counting: column)
    default: return nil
    }
  }

  private init(counting column: xarrow_column) {
    let step = TimeStep(log10Nanoseconds: column.count_nanoseconds_log10)
    switch Int(column.count) {
    case Int(XARROW_COUNT_DATE): self = .date(step)
    case Int(XARROW_COUNT_TIME): self = .time(step)
    case Int(XARROW_COUNT_TIMESTAMP): self = .timestamp(step, zone: String(cString: column.time_zone))
    case Int(XARROW_COUNT_DURATION): self = .duration(step)
    default: self = .int64
    }
  }

  /// The form in which the C door lends its values.
  var form: Int32 {
    let form =
      switch self {
      case .uint64: XARROW_UINT64
      case .float64: XARROW_FLOAT64
      case .float32: XARROW_FLOAT32
      case .bool: XARROW_BOOL
      case .text: XARROW_TEXT
      case .binary: XARROW_BINARY
      case .int64, .date, .time, .timestamp, .duration: XARROW_INT64
      }
    return Int32(form)
  }

  /// What its integers count, as the C door says it.
  var count: Int32 {
    let count =
      switch self {
      case .date: XARROW_COUNT_DATE
      case .time: XARROW_COUNT_TIME
      case .timestamp: XARROW_COUNT_TIMESTAMP
      case .duration: XARROW_COUNT_DURATION
      default: XARROW_COUNT_PLAIN
      }
    return Int32(count)
  }
}

extension TimeStep {
  fileprivate init(log10Nanoseconds exponent: Int32) {
    switch exponent {
    case 0: self = .nanosecond
    case 3: self = .microsecond
    case 6: self = .millisecond
    case 9: self = .second
    default: self = .day
    }
  }

  /// The same number back; 14 stands for a day.
  var log10Nanoseconds: Int32 {
    switch self {
    case .nanosecond: 0
    case .microsecond: 3
    case .millisecond: 6
    case .second: 9
    case .day: 14
    }
  }
}

extension ColumnValues {
  /// The form of values at the C door.
  var form: Int32 {
    let form =
      switch self {
      case .int64: XARROW_INT64
      case .uint64: XARROW_UINT64
      case .float64: XARROW_FLOAT64
      case .float32: XARROW_FLOAT32
      case .bool: XARROW_BOOL
      case .text: XARROW_TEXT
      case .binary: XARROW_BINARY
      }
    return Int32(form)
  }
}
