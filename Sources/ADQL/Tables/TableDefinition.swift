/// A table that queries may read.
public struct TableDefinition: Sendable {
  /// Its schema's name.
  public let schema: String
  /// Its name within the schema.
  public let name: String
  /// What stands for it in SQL: a quoted name, or a function of tables with its arguments.
  public let sql: String
  /// What it is, in a sentence.
  public let description: String
  /// Its columns, in order.
  public let columns: [ColumnDefinition]
  /// Pairs of its columns that are positions.
  public let positions: [PositionColumns]

  public init(
    schema: String, name: String, sql: String, description: String, columns: [ColumnDefinition],
    positions: [PositionColumns] = []
  ) {
    self.schema = schema
    self.name = name
    self.sql = sql
    self.description = description
    self.columns = columns
    self.positions = positions
  }

  /// The name as a query has it: with the schema, and quoted where it has to be.
  public var fullName: String { ADQL.spelling(of: schema) + "." + ADQL.spelling(of: name) }
}

/// A column of a table, or of a result.
public struct ColumnDefinition: Sendable, Equatable {
  public var name: String
  /// The type of its values; nil where only the values tell.
  public var type: ValueKind?
  public var unit: String?
  public var ucd: String?
  public var description: String?
  /// What texts or numbers are, beyond their type: `timestamp`, for example.
  public var xtype: String?
  /// Whether a condition on it is looked up.
  public var isIndexed: Bool

  public init(
    _ name: String, _ type: ValueKind?, unit: String? = nil, ucd: String? = nil, description: String? = nil,
    isIndexed: Bool = false
  ) {
    self.name = name
    self.type = type
    self.unit = unit
    self.ucd = ucd
    self.description = description
    self.isIndexed = isIndexed
  }
}

/// Types of values.
public enum ValueKind: String, Sendable, CaseIterable {
  /// 16 bits, for columns of yes and no: 1 and 0.
  case short
  /// 32 bits.
  case int
  case long, float, double, text, bytes
  /// Texts of ASCII.
  case char

  /// Whether values can be calculated with.
  public var isNumeric: Bool { self != .text && self != .char && self != .bytes }

  var isInteger: Bool { self == .short || self == .int || self == .long }
}

/// Two columns of a table that are a position, in degrees.
public struct PositionColumns: Sendable {
  let ra: String
  let dec: String
  /// How sources near a position are found.
  let search: Search

  /// Ways to find rows near a position.
  public enum Search: Sendable {
    /// By `xm_cone` of a catalogue, whose rows the table's column `xm_rowid` numbers.
    case cone(catalogue: String)
    /// By bounds on both columns.
    case bounds
  }

  public init(ra: String, dec: String, search: Search) {
    self.ra = ra
    self.dec = dec
    self.search = search
  }
}

/// A function of SQL that queries may call by its own name.
public struct UserFunction: Sendable {
  public let name: String
  /// The names of its arguments; it may be there several times with different numbers of them.
  public let arguments: [String]
  public let type: ValueKind?
  /// What it gives, in a sentence.
  public let description: String

  public init(name: String, arguments: [String], type: ValueKind?, description: String) {
    self.name = name
    self.arguments = arguments
    self.type = type
    self.description = description
  }

  /// Name and arguments, as VOSI capabilities list them.
  public var signature: String { "\(name)(\(arguments.joined(separator: ", ")))" }
}
