/// One row in SQLite's record format, taken apart up to the last column that is wanted.
///
/// - Source: https://sqlite.org/fileformat2.html §2.1
struct StoredRecord: ~Copyable {
  /// A column that is wanted.
  struct Column {
    /// Its position in the table.
    let position: Int
    /// Whether its integers stand for real numbers.
    let isReal: Bool
    /// Whether it is the number of the row, which the record leaves out.
    let isRowid: Bool
  }

  private let columns: [Column]
  /// Columns that are taken apart.
  private let depth: Int
  private let types: UnsafeMutablePointer<UInt64>
  private let starts: UnsafeMutablePointer<Int>
  private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var rowid: Int64 = 0

  init(_ columns: [Column]) {
    self.columns = columns
    depth = (columns.map(\.position).max() ?? -1) + 1
    types = .allocate(capacity: depth)
    starts = .allocate(capacity: depth)
    types.initialize(repeating: 0, count: depth)
    starts.initialize(repeating: 0, count: depth)
  }

  deinit {
    types.deallocate()
    starts.deallocate()
  }

  /// Takes a record apart.
  /// - Parameter bytes: Stay where they are as long as values are asked for.
  /// - Returns: False if it is none.
  mutating func take(_ bytes: UnsafeRawBufferPointer, rowid: Int64) -> Bool {
    (self.bytes, self.rowid) = (bytes, rowid)
    var place = 0
    guard let headerBytes = Self.varint(bytes, &place), headerBytes <= bytes.count else { return false }
    var start = Int(headerBytes)
    for column in 0..<depth {
      guard place < headerBytes else {
        // Columns that a record ends before have no value.
        types[column] = 0
        continue
      }
      guard let type = Self.varint(bytes, &place), place <= headerBytes, type <= 2 * bytes.count + 13 else {
        return false
      }
      (types[column], starts[column]) = (type, start)
      start += Self.length(type)
    }
    return start <= bytes.count
  }

  /// The bytes of a value by its type.
  @inline(__always) private static func length(_ type: UInt64) -> Int {
    switch type {
    case 0, 8, 9: 0
    case 1...4: Int(type)
    case 5: 6
    case 6, 7: 8
    case 10, 11: 0
    default: Int(type - 12) / 2
    }
  }

  /// A number of one to nine bytes; nil if the bytes end before it does.
  @inline(__always) static func varint(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> UInt64? {
    guard place < bytes.count else { return nil }
    let first = bytes[place]
    if first < 0x80 {
      place += 1
      return UInt64(first)
    }
    return longVarint(bytes, &place)
  }

  private static func longVarint(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> UInt64? {
    var value: UInt64 = 0
    for count in 1...9 {
      guard place < bytes.count else { return nil }
      let byte = bytes[place]
      place += 1
      if count == 9 { return value << 8 | UInt64(byte) }
      value = value << 7 | UInt64(byte & 0x7F)
      if byte < 0x80 { return value }
    }
    return nil
  }

  // MARK: Values

  /// The value of a wanted column, as SQLite would give it.
  @inline(__always) func value(_ index: Int) -> RowValue {
    let column = columns[index]
    let (type, start) = (types[column.position], starts[column.position])
    switch type {
    case 0: return column.isRowid ? .integer(rowid) : .null
    case 7:
      let number = Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
      return number.isNaN ? .null : .real(number)
    case 1...6, 8, 9:
      let number = integer(type, start)
      return column.isReal ? .real(Double(number)) : .integer(number)
    case 10, 11: return .null
    default:
      let part = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Self.length(type)])
      return type & 1 == 1 ? .text(part) : .blob(part)
    }
  }

  @inline(__always) private func integer(_ type: UInt64, _ start: Int) -> Int64 {
    func load<Number: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: Number.Type) -> Number {
      Number(bigEndian: bytes.loadUnaligned(fromByteOffset: start + offset, as: Number.self))
    }
    switch type {
    case 1: return Int64(load(0, Int8.self))
    case 2: return Int64(load(0, Int16.self))
    case 3: return Int64(load(0, Int8.self)) << 16 | Int64(load(1, UInt16.self))
    case 4: return Int64(load(0, Int32.self))
    case 5: return Int64(load(0, Int16.self)) << 32 | Int64(load(2, UInt32.self))
    case 6: return load(0, Int64.self)
    default: return Int64(type) - 8
    }
  }
}
