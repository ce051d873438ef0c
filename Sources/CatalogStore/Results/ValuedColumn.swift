/// The declaration of a column of a result table: what is known of it, and its value in a row.
struct ValuedColumn<Row: ResultRow>: Sendable {
  /// How the value of a column comes from a row of a chunk.
  enum Value: Sendable {
    /// A real number; NaN is written as NULL.
    case real(@Sendable (Row, ChunkResult) -> Double)
    /// An integer; nil is written as NULL.
    case integer(@Sendable (Row, ChunkResult) -> Int64?)
    /// The identifier of a source; nil is written as NULL.
    case identifier(@Sendable (Row) -> ChunkSource?)
    /// A text of one ASCII letter.
    case letter(@Sendable (Row) -> UInt8)
  }

  let column: ResultColumn
  let value: Value

  private init(
    _ name: String, _ kind: ResultColumn.Kind, unit: String? = nil, ucd: String? = nil,
    export: ResultColumn.Export? = nil, isIndexed: Bool = false, _ description: String,
    formerly formerName: String? = nil,
    _ value: Value
  ) {
    column = ResultColumn(
      name: name, kind: kind, unit: unit, ucd: ucd, export: export, isIndexed: isIndexed, description: description,
      formerName: formerName)
    self.value = value
  }

  /// Declares a column of real numbers.
  static func real(
    _ name: String, unit: String? = nil, ucd: String? = nil, export: ResultColumn.Export? = nil,
    _ description: String, _ value: @escaping @Sendable (Row, ChunkResult) -> Double
  ) -> Self {
    Self(name, .real, unit: unit, ucd: ucd, export: export, description, .real(value))
  }

  /// Declares a column of integers.
  static func integer(
    _ name: String, ucd: String? = nil, _ description: String, formerly formerName: String? = nil,
    _ value: @escaping @Sendable (Row, ChunkResult) -> Int64?
  ) -> Self {
    Self(name, .integer, ucd: ucd, description, formerly: formerName, .integer(value))
  }

  /// Declares a column of identifiers.
  static func identifier(
    _ name: String, ucd: String? = nil, isIndexed: Bool = false, _ description: String,
    _ value: @escaping @Sendable (Row) -> ChunkSource?
  ) -> Self {
    Self(name, .identifier, ucd: ucd, isIndexed: isIndexed, description, .identifier(value))
  }

  /// Declares a column of texts of one ASCII letter.
  static func letter(_ name: String, _ description: String, _ value: @escaping @Sendable (Row) -> UInt8) -> Self {
    Self(name, .text, description, .letter(value))
  }
}

/// A source of a chunk: its catalogue, and its place among the chunk's sources of that catalogue.
struct ChunkSource: Sendable {
  let isA: Bool
  let place: Int32

  static func a(_ place: Int32) -> ChunkSource { ChunkSource(isA: true, place: place) }
  static func b(_ place: Int32) -> ChunkSource { ChunkSource(isA: false, place: place) }

  var index: Int { Int(place) }
}

/// A row of a result table.
protocol ResultRow: Sendable {
  /// The declarations of the table's columns, in order.
  static var columns: [ValuedColumn<Self>] { get }
}
