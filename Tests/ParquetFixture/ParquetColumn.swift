/// One column of a fixture: a name, values, and what the file shall say about it. A nil value is a missing one.
public struct ParquetColumn: Sendable {
  /// The values and the type that they get in the file.
  public enum Values: Sendable {
    case int8([Int8?])
    case int16([Int16?])
    case int32([Int32?])
    case int64([Int64?])
    case uint8([UInt8?])
    case uint16([UInt16?])
    case uint32([UInt32?])
    case uint64([UInt64?])
    case float16([Float?])
    case float([Float?])
    case double([Double?])
    /// Doubles without missing values, for large files.
    case doubles([Double])
    /// Integers without missing values, for large files.
    case int64s([Int64])
    case bool([Bool?])
    case string([String?])
    case largeString([String?])
    case dictionary([String?])
    case binary([[UInt8]?])
    /// Days since 1970-01-01.
    case date([Int64?])
    /// Microseconds without a zone.
    case timestamp([Int64?])
    /// Milliseconds in UTC.
    case timestampUTC([Int64?])
    /// Nanoseconds since midnight.
    case time([Int64?])
    /// Thousandths, in a decimal128(12, 3).
    case decimal([Int64?])
    /// Digits, in a decimal of this precision and scale.
    case digits([String?], precision: Int, scale: Int)
    /// Seconds without a zone.
    case timestampSeconds([Int64?])
    /// Microseconds.
    case duration([Int64?])
    /// Missing values only, of Arrow's type null.
    case null(count: Int)
    /// Lists of one integer each.
    case list([Int64?])
    /// Structs of one integer each.
    case structure([Int64])
  }

  /// Its name.
  public var name: String
  /// Its values.
  public var values: Values
  /// Field metadata `unit`.
  public var unit: String?
  /// Field metadata `ucd`.
  public var ucd: String?
  /// Field metadata `description`.
  public var description: String?

  /// A column of a fixture.
  public init(
    _ name: String, _ values: Values, unit: String? = nil, ucd: String? = nil, description: String? = nil
  ) {
    self.name = name
    self.values = values
    self.unit = unit
    self.ucd = ucd
    self.description = description
  }

  /// The number of rows.
  public var count: Int {
    switch values {
    case .int8(let v): v.count
    case .int16(let v): v.count
    case .int32(let v): v.count
    case .int64(let v): v.count
    case .uint8(let v): v.count
    case .uint16(let v): v.count
    case .uint32(let v): v.count
    case .uint64(let v): v.count
    case .float16(let v): v.count
    case .float(let v): v.count
    case .double(let v): v.count
    case .doubles(let v): v.count
    case .int64s(let v): v.count
    case .bool(let v): v.count
    case .string(let v), .largeString(let v), .dictionary(let v): v.count
    case .binary(let v): v.count
    case .digits(let v, _, _): v.count
    case .timestampSeconds(let v), .duration(let v): v.count
    case .date(let v), .timestamp(let v), .timestampUTC(let v), .time(let v), .decimal(let v), .list(let v): v.count
    case .null(let count): count
    case .structure(let v): v.count
    }
  }
}
