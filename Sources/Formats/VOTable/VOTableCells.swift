internal import CArrow

/// The cells of one column of a batch: texts of TABLEDATA, which become numbers when the batch is full, or values of BINARY.
final class VOTableCells {
  let field: VOTableField
  let memory: ColumnMemory
  /// Texts that are to be numbers.
  private let texts: ColumnMemory?
  /// Where texts of TABLEDATA go: one of the two, which this object holds.
  private let target: Unmanaged<ColumnMemory>
  private let datatype: VOTableField.Datatype
  private let hasVariableSize: Bool
  private let nullNumber: Int64?
  private let nullBytes: [UInt8]?

  init(_ field: VOTableField, capacity: Int, isText: Bool) {
    self.field = field
    memory = ColumnMemory(field.type, capacity: capacity)
    texts = isText && !memory.isVariable ? ColumnMemory(.text, capacity: capacity) : nil
    target = Unmanaged.passUnretained(texts ?? memory)
    (datatype, hasVariableSize) = (field.datatype, field.size == .variable)
    nullNumber = field.nullText.flatMap { text in
      text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16) : Int64(text)
    }
    nullBytes = field.type == .int64 ? field.nullText.map { Array($0.utf8) } : nil
  }

  func removeAll() {
    memory.removeAll()
    texts?.removeAll()
  }

  /// Bytes of its texts.
  var byteCount: Int { (texts ?? memory).byteCount }

  // MARK: TABLEDATA

  @inline(__always) func extend(_ text: UnsafeBufferPointer<UInt8>) {
    target._withUnsafeGuaranteedRef { $0.extend(text) }
  }

  /// Ends a cell; an empty one has no value.
  @inline(__always) func endCell() {
    target._withUnsafeGuaranteedRef {
      if texts == nil && $0.isTextEmpty { $0.appendMissing() } else { $0.endText() }
    }
  }

  /// Turns the texts of the batch into numbers.
  /// - Returns: The first row that is none, and its text; nil if all are.
  func decode(rows: Int) -> (row: Int, text: String)? {
    guard let texts, case .text(let strings) = texts.buffer(rows: rows).values else { return nil }
    var validity = [UInt8](repeating: 0, count: (rows + 7) / 8 + 1)
    var (missing, bad): (Int64, Int64) = (0, -1)
    xarrow_numbers(
      strings.offsets.baseAddress, strings.base, Int64(rows), memory.type.form, memory.values, &validity, &missing, &bad
    )
    for row in 0..<rows {
      if validity[row >> 3] & (1 << UInt8(row & 7)) == 0 || isNull(strings[row]) { memory.setMissing(row) }
    }
    guard bad >= 0 else { return nil }
    return repair(strings, from: Int(bad), rows)
  }

  /// Whether a text stands for no value: VALUES null of integers, and `?` of truth values.
  private func isNull(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if memory.type == .bool { return text.contains(UInt8(ascii: "?")) }
    guard let nullBytes, text.count >= nullBytes.count else { return false }
    let trimmed = text.drop { $0 <= 32 }.reversed().drop { $0 <= 32 }.reversed()
    return trimmed.elementsEqual(nullBytes)
  }

  /// What is no decimal number may be a hexadecimal one, or stand for none.
  private func repair(_ strings: ByteStrings, from first: Int, _ rows: Int) -> (row: Int, text: String)? {
    for row in first..<rows where !isNull(strings[row]) {
      let text = strings.string(row)
      let word = ColumnNames.folded(String(text.filter { !$0.isWhitespace }))
      switch memory.type {
      case .int64:
        if Int64(word) != nil || Self.missing.contains(word) { continue }
        guard word.hasPrefix("0x"), let value = UInt64(word.dropFirst(2), radix: 16) else { return (row, text) }
        memory.numbers(Int64.self)[row] = Int64(bitPattern: value)
      case .bool: if !Self.flags.contains(word) && !Self.missing.contains(word) { return (row, text) }
      default: return (row, text)
      }
    }
    return nil
  }

  private static let flags: Set<String> = ["true", "t", "1", "false", "f", "0"]
  private static let missing: Set<String> = ["", "nan", "null", "none", "na", "n/a", "--", "\\n"]

  // MARK: BINARY

  /// Takes the value of a row from its bytes, big-endian.
  func take(_ bytes: UnsafeRawBufferPointer, row: Int) {
    switch datatype {
    case .boolean: flag(bytes[0], row)
    // The bit is the first of the byte; some programs write another.
    case .bit: memory.numbers(UInt8.self)[row] = bytes[0] == 0 ? 0 : 1
    case .unsignedByte: integer(Int64(bytes[0]), row)
    case .short: integer(Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self))), row)
    case .int: integer(Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))), row)
    case .long: integer(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)), row)
    case .float:
      let value = Float(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
      memory.numbers(Float.self)[row] = value
      if value.isNaN { memory.setMissing(row) }
    case .double:
      let value = Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
      memory.numbers(Double.self)[row] = value
      if value.isNaN { memory.setMissing(row) }
    case .char: text(bytes)
    case .unicodeChar: wideText(bytes)
    case .floatComplex, .doubleComplex: break
    }
  }

  /// A row that has no value.
  func takeMissing(row: Int) { if memory.isVariable { memory.appendMissing() } else { memory.setMissing(row) } }

  private func flag(_ byte: UInt8, _ row: Int) {
    switch byte {
    case UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: "1"): memory.numbers(UInt8.self)[row] = 1
    case UInt8(ascii: "F"), UInt8(ascii: "f"), UInt8(ascii: "0"): memory.numbers(UInt8.self)[row] = 0
    default: memory.setMissing(row)
    }
  }

  private func integer(_ value: Int64, _ row: Int) {
    memory.numbers(Int64.self)[row] = value
    if value == nullNumber { memory.setMissing(row) }
  }

  private func text(_ bytes: UnsafeRawBufferPointer) {
    bytes.withMemoryRebound(to: UInt8.self) { bytes in
      let end = bytes.firstIndex(of: 0) ?? bytes.count
      let word = UnsafeBufferPointer(rebasing: bytes[..<end])
      let text = hasVariableSize ? word : word.withoutTrailingBlanks
      if text.isEmpty { memory.appendMissing() } else { memory.append(text) }
    }
  }

  private func wideText(_ bytes: UnsafeRawBufferPointer) {
    func unit(_ place: Int) -> UInt16 {
      UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self))
    }
    var (count, bits): (Int, UInt16) = (0, 0)
    while count < bytes.count / 2 {
      let next = unit(count)
      if next == 0 { break }
      bits |= next
      count += 1
    }
    guard bits < 0x80 else { return otherText((0..<count).map(unit)) }
    if !hasVariableSize { while count > 0 && unit(count - 1) == 32 { count -= 1 } }
    if count == 0 { return memory.appendMissing() }
    memory.extend(count) { text in
      for place in 0..<count { text[place] = UInt8(truncatingIfNeeded: unit(place)) }
    }
    memory.endText()
  }

  /// Text beyond ASCII.
  private func otherText(_ units: [UInt16]) {
    var text = String(decoding: units, as: UTF16.self)
    text.withUTF8 { memory.append(hasVariableSize ? $0 : $0.withoutTrailingBlanks) }
  }
}
