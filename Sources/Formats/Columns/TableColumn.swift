/// One column of a table: its name, type and what the file says about it.
public struct TableColumn: Sendable, Hashable {
  /// The name, exactly as in the file.
  public let name: String
  /// How its values arrive.
  public let type: ColumnType
  /// The format's own name of the type in the file, for example `int16`.
  public let fileType: String
  /// The unit given by the file, as written there.
  public let unit: String?
  /// The UCD given by the file.
  public let ucd: String?
  /// The description given by the file.
  public let description: String?
  /// Whether the file allows missing values.
  public let isNullable: Bool
  /// The frame of positions that the file gives for the column, where it is not ICRS or FK5: `FK4`, for example.
  public var frame: String?
  /// What the file says of its values beyond their type, as VOTables do: `timestamp`, for example.
  public var xtype: String?
  /// Whether few different values are expected: a writer may then store each of them once.
  public var hasFewValues = false

  /// A column as it would come from a file.
  public init(
    name: String, type: ColumnType, fileType: String? = nil, unit: String? = nil, ucd: String? = nil,
    description: String? = nil, isNullable: Bool = true
  ) {
    self.name = name
    self.type = type
    self.fileType = fileType ?? type.description
    self.unit = unit
    self.ucd = ucd
    self.description = description
    self.isNullable = isNullable
  }

  /// A column to be written.
  public init(
    _ name: String, _ type: ColumnType, unit: String? = nil, ucd: String? = nil, description: String? = nil,
    isNullable: Bool = false
  ) {
    self.init(name: name, type: type, unit: unit, ucd: ucd, description: description, isNullable: isNullable)
  }
}
