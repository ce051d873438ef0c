internal import CatalogStore
internal import Formats

/// Binds the columns of an encoded row to a statement.
struct RowBinder: Sendable {
  private enum Kind: Sendable { case integer, real, unsignedAsText, text, blob }

  private let kinds: [Kind]

  init(_ types: [ColumnType], hugeColumns: Set<Int>) {
    kinds = types.enumerated().map { index, type in
      switch type {
      case .float64, .float32: .real
      case .text: .text
      case .binary: .blob
      case .uint64: hugeColumns.contains(index) ? .unsignedAsText : .integer
      default: .integer
      }
    }
  }

  /// Binds the columns to the parameters from `first` on.
  func bind(_ row: EncodedRow, to statement: Statement, first: Int) {
    var tail = row.format.fixedBytes
    for (column, kind) in kinds.enumerated() {
      let parameter = first + column
      if row.isNull(column) {
        statement.bindNull(parameter)
        continue
      }
      switch kind {
      case .integer: statement.bind(parameter, row.word(column, as: Int64.self))
      case .real: statement.bind(parameter, row.word(column, as: Double.self))
      case .unsignedAsText: statement.bind(parameter, String(row.word(column, as: UInt64.self)))
      case .text:
        statement.bindText(parameter, copying: bytes(row, column, &tail))
      case .blob:
        statement.bindBlob(parameter, copying: bytes(row, column, &tail))
      }
    }
  }

  /// Puts the columns into a record, in order.
  func put(_ row: EncodedRow, into record: inout RecordBuffer) {
    var tail = row.format.fixedBytes
    for column in kinds.indices {
      if row.isNull(column) {
        record.putNull()
        continue
      }
      switch kinds[column] {
      case .integer: record.put(row.word(column, as: Int64.self))
      case .real: record.put(compactly: row.word(column, as: Double.self))
      case .unsignedAsText:
        var digits = String(row.word(column, as: UInt64.self))
        digits.withUTF8 { record.put(utf8: UnsafeRawBufferPointer($0)) }
      case .text: record.put(utf8: bytes(row, column, &tail))
      case .blob: record.put(blob: bytes(row, column, &tail))
      }
    }
  }

  private func bytes(_ row: EncodedRow, _ column: Int, _ tail: inout Int) -> UnsafeRawBufferPointer {
    let count = Int(row.word(column, as: Int64.self))
    defer { tail += count }
    return UnsafeRawBufferPointer(start: row.start + tail, count: count)
  }

  /// The value of a column as an identifier.
  func id(_ row: EncodedRow, column: Int) -> SourceID {
    if row.isNull(column) { return .null }
    switch kinds[column] {
    case .integer: return .integer(row.word(column, as: Int64.self))
    case .unsignedAsText: return .text(String(row.word(column, as: UInt64.self)))
    case .real: return .text(row.word(column, as: Double.self).description)
    case .text, .blob:
      let before = (0..<column).reduce(row.format.fixedBytes) { sum, other in
        switch kinds[other] {
        case .text, .blob: row.isNull(other) ? sum : sum + Int(row.word(other, as: Int64.self))
        default: sum
        }
      }
      var tail = before
      return .text(String(decoding: bytes(row, column, &tail), as: UTF8.self))
    }
  }
}
