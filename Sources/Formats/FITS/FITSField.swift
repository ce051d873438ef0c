internal import CFITSIO
internal import CatalogStore

/// One column of a binary table that is written, with the values of the batch at hand as cfitsio takes them.
struct FITSField {
  /// The column in the types that FITS has.
  let column: TableColumn
  /// Characters of the longest text so far, at least 1.
  private(set) var width = 1
  /// Texts with characters that are not ASCII.
  private(set) var replacedTexts: Int64 = 0
  /// Values by type, without those that are missing.
  private(set) var integers: [LONGLONG] = []
  private(set) var unsigned: [ULONGLONG] = []
  private(set) var doubles: [Double] = []
  private(set) var floats: [Float] = []
  private(set) var flags: [CChar] = []
  /// Texts, each ended by a zero, and where they begin.
  private(set) var characters: [CChar] = []
  private(set) var starts: [Int] = []

  init(_ column: TableColumn) { self.column = column }

  /// What stands for no truth value.
  static let missingFlag: CChar = 2

  /// The code of FITS for its type.
  var form: String {
    switch column.type {
    case .float64: "1D"
    case .float32: "1E"
    case .bool: "1L"
    case .uint64: "1W"
    case .text: "\(width)A"
    default: "1K"
    }
  }

  /// The integer of the file that stands for no value; nil where none is needed.
  var nullNumber: Int64? {
    guard column.isNullable else { return nil }
    switch column.type {
    case .int64: return .min
    // In the file unsigned integers are shifted by −2⁶³.
    case .uint64: return .max
    default: return nil
    }
  }

  /// Takes the values of a batch.
  mutating func take(_ buffer: ColumnBuffer, rows: Int, path: String) throws {
    let validity = buffer.validity
    switch buffer.values {
    case .int64(let values):
      integers = (0..<rows).map { LONGLONG(validity.isPresent($0) ? values[$0] : .min) }
      if column.isNullable { try require(validity, rows, path) { values[$0] == .min ? "-2^63" : nil } }
    case .uint64(let values):
      unsigned = (0..<rows).map { ULONGLONG(validity.isPresent($0) ? values[$0] : .max) }
      if column.isNullable { try require(validity, rows, path) { values[$0] == .max ? "2^64 - 1" : nil } }
    case .float64(let values): doubles = (0..<rows).map { validity.isPresent($0) ? values[$0] : .nan }
    case .float32(let values): floats = (0..<rows).map { validity.isPresent($0) ? values[$0] : .nan }
    case .bool(let values):
      flags = (0..<rows).map { validity.isPresent($0) ? (values[$0] == 0 ? 0 : 1) : Self.missingFlag }
    case .text(let strings), .binary(let strings): take(strings, validity, rows)
    }
  }

  /// Refuses a value that stands for none.
  private func require(_ validity: Validity, _ rows: Int, _ path: String, _ reserved: (Int) -> String?) throws {
    for row in 0..<rows where validity.isPresent(row) {
      guard let number = reserved(row) else { continue }
      throw StoreError(
        .usage, path,
        "column '\(column.name)' has the value \(number), which stands for no value in the FITS file; write Parquet")
    }
  }

  private mutating func take(_ strings: ByteStrings, _ validity: Validity, _ rows: Int) {
    characters.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    for row in 0..<rows {
      starts.append(characters.count)
      if validity.isPresent(row) { append(strings[row]) }
      width = max(width, characters.count - (starts.last ?? 0))
      characters.append(0)
    }
  }

  private mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    if text.allSatisfy({ $0 >= 32 && $0 < 127 }) {
      return text.withMemoryRebound(to: CChar.self) { characters.append(contentsOf: $0) }
    }
    replacedTexts += 1
    characters.append(contentsOf: Self.ascii(String(decoding: text, as: UTF8.self)).utf8.map { CChar($0) })
  }

  /// A text with `?` for every character that FITS does not have.
  static func ascii(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value >= 32 && $0.value < 127 ? $0 : "?" }))
  }
}
