/// How a file of delimited text is divided: where its line of names is, and what stands between values.
///
/// Lines that begin with `#` and empty lines may come first. The delimiter is the one of comma, tab, semicolon and vertical bar
/// that occurs most often in the line of names outside quotes; in a tie the first of these.
struct DelimitedDialect: Sendable, Hashable {
  /// Bytes before the line of names.
  var skip = 0
  var delimiter: UInt8 = UInt8(ascii: ",")
  var hasNames = true
  /// The number of columns, if it is known otherwise.
  var columnCount: Int?
  /// Bytes of what is read; nil: to the end.
  var length: Int64?
  /// Whether a value may stand in quotes.
  var hasQuotes = true

  private static let candidates = [",", "\t", ";", "|"].compactMap(\.utf8.first)
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// A dialect that is known.
  init(skip: Int, delimiter: UInt8, columnCount: Int) {
    (self.skip, self.delimiter, self.columnCount) = (skip, delimiter, columnCount)
  }

  /// The dialect of a part of a file: rows alone, with no quotes.
  init(skip: Int, length: Int64, delimiter: UInt8, columnCount: Int) {
    self.init(skip: skip, delimiter: delimiter, columnCount: columnCount)
    (self.length, hasNames, hasQuotes) = (length, false, false)
  }

  /// The dialect of a file by its first bytes; nil if no line of it can be one of names.
  init?(_ bytes: [UInt8]) {
    var start = bytes.starts(with: Self.mark) ? Self.mark.count : 0
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
      let line = bytes[start..<end]
      if line.contains(where: { $0 > 32 }) && line.first != UInt8(ascii: "#") {
        guard let delimiter = Self.delimiter(of: line) else { return nil }
        skip = start
        self.delimiter = delimiter
        return
      }
      start = end + 1
    }
    return nil
  }

  /// The dialect of a file whose first line is a row.
  init?(withoutNames bytes: [UInt8]) {
    self.init(bytes)
    let end = bytes[skip...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    var (count, isQuoted) = (1, false)
    for byte in bytes[skip..<end] {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == delimiter && !isQuoted { count += 1 }
    }
    (hasNames, columnCount) = (false, count)
  }

  private static func delimiter(of line: ArraySlice<UInt8>) -> UInt8? {
    var counts = [Int](repeating: 0, count: candidates.count)
    var isQuoted = false
    for byte in line {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
    }
    guard let most = counts.max(), most > 0 else { return nil }
    return counts.firstIndex(of: most).map { candidates[$0] }
  }
}
