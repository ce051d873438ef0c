/// Columns for formats that have no types for dates, times and bytes: those become texts, dates and times of ISO 8601, bytes in
/// hexadecimal; durations become integers with the unit of their step.
final class PlainColumns {
  /// The columns as they are written.
  let columns: [TableColumn]
  private let original: [TableColumn]
  private let keepsBytes: Bool
  private var memory: [Int: ColumnMemory] = [:]

  /// - Parameter keepingBytes: Whether the format has a type for bytes.
  init(_ columns: [TableColumn], keepingBytes: Bool = false) {
    original = columns
    keepsBytes = keepingBytes
    self.columns = columns.map { column in
      TableColumn(
        name: column.name, type: Self.type(column.type, keepingBytes), fileType: column.fileType,
        unit: column.unit ?? Self.unit(column.type), ucd: column.ucd, description: column.description,
        isNullable: column.isNullable)
    }
  }

  private static func type(_ type: ColumnType, _ keepsBytes: Bool) -> ColumnType {
    switch type {
    case .date, .time, .timestamp: .text
    case .binary: keepsBytes ? .binary : .text
    case .duration: .int64
    default: type
    }
  }

  private static func unit(_ type: ColumnType) -> String? {
    if case .duration(let step) = type { step.rawValue } else { nil }
  }

  /// The values in the types of `columns`, valid until the next call.
  func buffers(rows: Int, _ buffers: [ColumnBuffer]) -> [ColumnBuffer] {
    zip(original, buffers).enumerated().map { place, pair in
      let (column, buffer) = pair
      switch (column.type, buffer.values) {
      case (.date, .int64(let values)), (.time, .int64(let values)), (.timestamp, .int64(let values)):
        return texts(place, rows, buffer.validity) { PlainTime.text(values[$0], column.type) }
      case (.binary, .binary(let strings)) where !keepsBytes:
        return texts(place, rows, buffer.validity) { Self.hexadecimal(strings[$0]) }
      default: return buffer
      }
    }
  }

  private func texts(_ place: Int, _ rows: Int, _ validity: Validity, _ text: (Int) -> String) -> ColumnBuffer {
    if memory[place].map({ $0.capacity < rows }) ?? true { memory[place] = ColumnMemory(.text, capacity: rows) }
    guard let target = memory[place] else { return ColumnBuffer(values: .int64(.init(start: nil, count: 0))) }
    target.removeAll()
    for row in 0..<rows {
      guard validity.isPresent(row) else {
        target.appendMissing()
        continue
      }
      var text = text(row)
      text.withUTF8 { target.append($0) }
    }
    return target.buffer(rows: rows)
  }

  private static func hexadecimal(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
