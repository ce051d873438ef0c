internal import CArrow
internal import CFITSIO

/// Reads the values of one column into memory, some rows at a time.
final class FITSDecoder {
  let memory: ColumnMemory
  private let column: FITSColumn
  /// Which of the rows read last have no value.
  private var missing: [CChar] = []
  private var texts: [CChar] = []
  private var starts: [UnsafeMutablePointer<CChar>?] = []
  /// Fields of a table of text that are to be numbers.
  private let fields: ColumnMemory

  init(_ column: FITSColumn, capacity: Int) {
    self.column = column
    memory = ColumnMemory(column.file.column.type, capacity: capacity)
    fields = ColumnMemory(.text, capacity: memory.isVariable ? 0 : capacity)
  }

  // MARK: Binary tables

  /// Reads `count` rows from row `first` of the file, from 0, to the place `at` of the batch.
  func read(_ fits: FITSFile, first: Int64, count: Int, at place: Int) throws(FormatError) {
    var (status, any): (Int32, Int32) = (0, 0)
    if missing.count < count { missing = [CChar](repeating: 0, count: count) }
    let (handle, number, row, rows) = (fits.handle, column.number, LONGLONG(first + 1), LONGLONG(count))
    switch memory.type {
    case .float64 where column.isFloatingPoint:
      // Asked for null values, cfitsio takes infinities for them, and the smallest numbers for 0.
      ffgcvd(handle, number, row, 1, rows, 0, memory.numbers(Double.self) + place, &any, &status)
      markNaN(Double.self, place, count)
    case .float32 where column.isFloatingPoint:
      ffgcve(handle, number, row, 1, rows, 0, memory.numbers(Float.self) + place, &any, &status)
      markNaN(Float.self, place, count)
    case .uint64:
      ffgcfujj(handle, number, row, 1, rows, memory.numbers(ULONGLONG.self) + place, &missing, &any, &status)
    case .float64: ffgcfd(handle, number, row, 1, rows, memory.numbers(Double.self) + place, &missing, &any, &status)
    case .float32: ffgcfe(handle, number, row, 1, rows, memory.numbers(Float.self) + place, &missing, &any, &status)
    case .bool: ffgcfl(handle, number, row, 1, rows, memory.numbers(CChar.self) + place, &missing, &any, &status)
    case .text: return try readTexts(fits, row, count)
    default: ffgcfjj(handle, number, row, 1, rows, memory.numbers(LONGLONG.self) + place, &missing, &any, &status)
    }
    guard status == 0 else { throw failure(fits.path, status, first) }
    if any != 0 { for index in 0..<count where missing[index] != 0 { memory.setMissing(place + index) } }
  }

  private func markNaN<Number: BinaryFloatingPoint>(_: Number.Type, _ place: Int, _ count: Int) {
    let numbers = memory.numbers(Number.self)
    for row in place..<place + count where numbers[row].isNaN { memory.setMissing(row) }
  }

  private func failure(_ path: String, _ status: Int32, _ first: Int64) -> FormatError {
    FITSFile.failure(path, status, "column '\(column.file.column.name)' cannot be read from row \(first + 1) on")
  }

  private func readTexts(_ fits: FITSFile, _ row: LONGLONG, _ count: Int) throws(FormatError) {
    let step = column.width + 1
    guard column.width > 0 else {
      for _ in 0..<count { memory.appendMissing() }
      return
    }
    if texts.count < count * step { texts = [CChar](repeating: 0, count: count * step) }
    if starts.count < count { starts = Array(repeating: nil, count: count) }
    if missing.count < count { missing = [CChar](repeating: 0, count: count) }
    var (status, any): (Int32, Int32) = (0, 0)
    texts.withUnsafeMutableBufferPointer { texts in
      guard let base = texts.baseAddress else { return }
      for index in 0..<count { starts[index] = base + index * step }
      ffgcfs(fits.handle, column.number, row, 1, LONGLONG(count), &starts, &missing, &any, &status)
      guard status == 0 else { return }
      for index in 0..<count { append(UnsafeBufferPointer(start: base + index * step, count: step)) }
    }
    guard status == 0 else { throw failure(fits.path, status, row - 1) }
  }

  /// A text up to its zero.
  private func append(_ text: UnsafeBufferPointer<CChar>) {
    text.withMemoryRebound(to: UInt8.self) { bytes in
      let end = bytes.firstIndex(of: 0) ?? bytes.count
      let word = UnsafeBufferPointer(rebasing: bytes[..<end]).withoutTrailingBlanks
      if word.isEmpty { memory.appendMissing() } else { memory.append(word) }
    }
  }

  // MARK: Tables of text

  /// Reads the fields of some rows to the place `at` of the batch.
  func read(_ rows: FITSTextRows, at place: Int, firstRow: Int64) throws(FormatError) {
    if memory.isVariable {
      rows.forEach(column) { if $0.isEmpty { memory.appendMissing() } else { memory.append($0) } }
      return
    }
    fields.removeAll()
    rows.forEach(column) { field in
      let isMissing = column.nullText.map { $0.utf8.elementsEqual(field.drop { $0 == 32 }) } ?? false
      if isMissing { fields.endText() } else { fields.append(field) }
    }
    guard case .text(let texts) = fields.buffer(rows: rows.count).values else { return }
    try decode(texts, rows.count, place, firstRow, rows.path)
  }

  private func decode(
    _ texts: ByteStrings, _ count: Int, _ place: Int, _ firstRow: Int64, _ path: String
  ) throws(FormatError) {
    var validity = [UInt8](repeating: 0, count: (count + 7) / 8 + 1)
    var (missing, bad): (Int64, Int64) = (0, -1)
    let values = memory.values + place * 8
    xarrow_numbers(
      texts.offsets.baseAddress, texts.base, Int64(count), memory.type.form, values, &validity, &missing, &bad)
    if bad >= 0 {
      throw FormatError(
        .damaged, subject: path,
        "row \(firstRow + bad + 1) has '\(texts.string(Int(bad)))' in column '\(column.file.column.name)', which is no number"
      )
    }
    for row in 0..<count where validity[row >> 3] & (1 << UInt8(row & 7)) == 0 { memory.setMissing(place + row) }
    guard memory.type == .float64 else { return }
    let numbers = values.assumingMemoryBound(to: Double.self)
    let hasScale = column.scale != 1 || column.zero != 0
    guard hasScale || column.impliedDigits > 0 else { return }
    for row in 0..<count {
      // Without a point the last digits are behind it.
      if column.impliedDigits > 0, !texts[row].contains(where: { $0 == 46 }) {
        numbers[row] /= power(column.impliedDigits)
      }
      if hasScale { numbers[row] = numbers[row] * column.scale + column.zero }
    }
  }

  private func power(_ digits: Int) -> Double { (0..<min(digits, 300)).reduce(1) { power, _ in power * 10 } }
}
