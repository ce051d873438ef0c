/// A column of a Parquet file to be written.
public struct ParquetField: Sendable, Hashable {
  /// The types that can be written.
  public enum Form: Sendable, Hashable {
    case int64
    case float64
    case float32
    case text
  }

  /// The column's name.
  public var name: String
  /// What it holds.
  public var form: Form
  /// Unit in the VOUnit syntax, kept in the field's metadata.
  public var unit: String?
  /// UCD1+, likewise.
  public var ucd: String?
  /// A sentence for people, likewise.
  public var description: String?
  /// Whether values may be missing.
  public var isNullable: Bool
  /// Whether few different values are expected: they are then written once each.
  public var hasFewValues = false

  /// A column.
  public init(
    _ name: String, _ form: Form, unit: String? = nil, ucd: String? = nil, description: String? = nil,
    isNullable: Bool = false
  ) {
    self.name = name
    self.form = form
    self.unit = unit
    self.ucd = ucd
    self.description = description
    self.isNullable = isNullable
  }
}

/// The values of one column of one batch, in the form of its field.
///
/// Missing values, in nullable columns only: NaN among floating-point numbers, nil otherwise.
public enum ParquetValues: Sendable {
  case int64([Int64])
  case optionalInt64([Int64?])
  case float64([Double])
  case float32([Float])
  case text([String?])

  /// The form of the fields that these values suit.
  public var form: ParquetField.Form {
    switch self {
    case .int64, .optionalInt64: .int64
    case .float64: .float64
    case .float32: .float32
    case .text: .text
    }
  }

  /// The number of rows.
  public var count: Int {
    switch self {
    case .int64(let values): values.count
    case .optionalInt64(let values): values.count
    case .float64(let values): values.count
    case .float32(let values): values.count
    case .text(let values): values.count
    }
  }
}
