internal import ADQL
internal import CatalogStore

/// The rows of an answer as SQLite gave them, and what is known of their columns.
final class ResultRows {
  /// A value of a row.
  enum Value {
    case null
    case integer(Int64)
    case real(Double)
    case text(ArraySlice<UInt8>)
    case bytes(ArraySlice<UInt8>)
  }

  /// Kinds of values that a column has had.
  private struct Seen {
    var hasIntegers = false
    var hasReals = false
    var hasTexts = false
    /// Whether one of these is no ASCII, where that matters.
    var hasOthers = false
    var hasBytes = false
  }

  private enum Tag {
    static let null: UInt8 = 0
    static let integer: UInt8 = 1
    static let real: UInt8 = 2
    static let text: UInt8 = 3
    static let bytes: UInt8 = 4
  }

  private let given: [ColumnDefinition]
  private var seen: [Seen]
  private let spool = Spool()
  private var buffer: [UInt8] = []
  private(set) var count: Int64 = 0
  /// Whether there were more.
  var isCutOff = false

  init(_ columns: [ColumnDefinition]) {
    given = columns
    seen = Array(repeating: Seen(), count: columns.count)
  }

  /// Bytes that the rows take.
  var bytes: Int64 { spool.count }

  // MARK: Writing

  func add(_ value: RowValue, column: Int) {
    switch value {
    case .null: buffer.append(Tag.null)
    case .integer(let value):
      seen[column].hasIntegers = true
      buffer.append(Tag.integer)
      add(UInt64(bitPattern: value))
    case .real(let value):
      seen[column].hasReals = true
      buffer.append(Tag.real)
      add(value.bitPattern)
    case .text(let text):
      seen[column].hasTexts = true
      if given[column].type == .char && !text.allSatisfy({ $0 < 0x80 }) { seen[column].hasOthers = true }
      add(Tag.text, text)
    case .blob(let bytes):
      seen[column].hasBytes = true
      add(Tag.bytes, bytes)
    }
  }

  private func add(_ value: UInt64) { withUnsafeBytes(of: value.bigEndian) { buffer.append(contentsOf: $0) } }

  private func add(_ tag: UInt8, _ bytes: UnsafeRawBufferPointer) {
    buffer.append(tag)
    add(UInt64(bytes.count))
    buffer.append(contentsOf: bytes)
  }

  func endRow() throws {
    count += 1
    if buffer.count > 1 << 16 { try flush() }
  }

  /// Must be called after the last row.
  func flush() throws {
    try spool.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  // MARK: Reading

  /// The columns with types that hold every value there is.
  var columns: [ColumnDefinition] {
    zip(given, seen).map { column, seen in
      var column = column
      column.type = Self.type(column.type, seen)
      return column
    }
  }

  private static func type(_ declared: ValueKind?, _ seen: Seen) -> ValueKind {
    let isMixed = (seen.hasIntegers || seen.hasReals) && (seen.hasTexts || seen.hasBytes)
    if isMixed || (seen.hasTexts && seen.hasBytes) { return .text }
    if seen.hasTexts { return declared == .char && !seen.hasOthers ? .char : .text }
    if seen.hasBytes { return .bytes }
    switch declared {
    case .short?, .int?, .long?: return seen.hasReals ? .double : declared ?? .long
    case .text?, .char?, .bytes?: return seen.hasReals || seen.hasIntegers ? .text : declared ?? .text
    case .float?, .double?: return declared ?? .double
    case nil: return seen.hasReals ? .double : seen.hasIntegers ? .long : .text
    }
  }

  /// Calls `body` with each value in order: row by row, and column by column.
  func forEachRow(_ body: ([Value]) throws -> Void) throws {
    var reader = SpoolReader(spool)
    var row: [Value] = []
    for _ in 0..<count {
      row.removeAll(keepingCapacity: true)
      for _ in given.indices { row.append(try Self.value(&reader)) }
      try body(row)
    }
  }

  private static func value(_ reader: inout SpoolReader) throws -> Value {
    switch try reader.byte() {
    case Tag.integer: .integer(Int64(bitPattern: try reader.integer()))
    case Tag.real: .real(Double(bitPattern: try reader.integer()))
    case Tag.text: .text(try reader.bytes(Int(clamping: try reader.integer())))
    case Tag.bytes: .bytes(try reader.bytes(Int(clamping: try reader.integer())))
    default: .null
    }
  }
}

extension ResultRows.Value {
  /// The value as text in a column of a type: single precision has no more digits than it needs. Nil where there is none.
  func text(_ type: ValueKind?) -> String? {
    if type == .float, let real, real.isFinite { return String(Float(real)) }
    return text
  }

  /// The value as text; nil where there is none.
  var text: String? {
    switch self {
    case .null: nil
    case .integer(let value): String(value)
    case .real(let value): Self.text(value)
    case .text(let bytes): String(decoding: bytes, as: UTF8.self)
    case .bytes(let bytes):
      String(decoding: bytes.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func text(_ value: Double) -> String {
    value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : String(value)
  }

  /// The value as a number; nil where it is none.
  var real: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }
}
