/// The tables of a file of VizieR's, found line by line.
struct VizieRScan {
  private enum Place {
    case comments
    case units(names: String)
    case dashes(names: String, units: String)
    case rows
  }

  /// Those that are complete.
  private(set) var tables: [VizieRTable] = []
  private var table = VizieRTable()
  private var place = Place.comments
  /// Bytes of comments.
  private var described = 0
  private let path: String

  /// A longer line is no line of such a file.
  static let longestLine = 1 << 20
  private static let mostDescribed = 8_000_000
  private static let mostTables = 10_000

  /// - Parameter path: For messages.
  init(_ path: String) { self.path = path }

  /// Reads the whole file.
  /// - Complexity: One pass; memory is bounded by two lines and the comments.
  static func tables(of path: String) throws(FormatError) -> [VizieRTable] {
    var scan = VizieRScan(path)
    try scan.read(ByteStream(path))
    return scan.tables
  }

  private mutating func read(_ stream: ByteStream) throws(FormatError) {
    var waiting: [UInt8] = []
    var offset: Int64 = 0
    while true {
      let block = try stream.read(2 * Self.longestLine)
      if block.isEmpty { break }
      waiting += block
      let taken = try takeLines(waiting, at: offset)
      offset += Int64(taken)
      waiting.removeFirst(taken)
      if waiting.count > Self.longestLine { throw tooLong() }
    }
    if !waiting.isEmpty { try take(waiting[...], at: offset, end: offset + Int64(waiting.count)) }
    try end(at: offset + Int64(waiting.count))
  }

  /// - Returns: The bytes up to the end of the last whole line.
  private mutating func takeLines(_ bytes: [UInt8], at offset: Int64) throws(FormatError) -> Int {
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      if end - start > Self.longestLine { throw tooLong() }
      try take(bytes[start..<end], at: offset + Int64(start), end: offset + Int64(end + 1))
      start = end + 1
    }
    return start
  }

  private func tooLong() -> FormatError {
    FormatError(.damaged, subject: path, "it has a line longer than \(Self.longestLine) bytes")
  }

  // MARK: Lines

  /// Takes a line.
  /// - Parameters:
  ///   - line: Without its line feed.
  ///   - start: Where it begins.
  ///   - end: Where the next one does.
  mutating func take(_ line: ArraySlice<UInt8>, at start: Int64, end: Int64) throws(FormatError) {
    let isBlank = !line.contains { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }
    let isComment = line.first == UInt8(ascii: "#")
    if case .rows = place {
      guard isBlank || isComment else { return }
      try self.end(at: start)
    }
    switch place {
    case .comments:
      if isComment { try describe(line) } else if !isBlank { place = .units(names: Self.text(line)) }
    case .units(let names): place = .dashes(names: names, units: Self.text(line))
    case .dashes(let names, let units):
      guard table.take(names: names, units: units, dashes: Self.text(line)) else {
        throw FormatError(
          .damaged, subject: path,
          "lines of names, of units and of dashes are expected, and there is '\(names.prefix(60))'")
      }
      table.skip = end
      place = .rows
    case .rows: break
    }
  }

  private mutating func describe(_ line: ArraySlice<UInt8>) throws(FormatError) {
    described += line.count
    if described > Self.mostDescribed {
      throw FormatError(.unsupported, subject: path, "its comments take more than \(Self.mostDescribed) bytes")
    }
    let text = Self.text(line)
    table.take(comment: text)
  }

  /// Completes the table that is open.
  private mutating func end(at offset: Int64) throws(FormatError) {
    switch place {
    case .comments: return
    case .units, .dashes:
      throw FormatError(.truncated, subject: path, "it ends before the line of dashes below the names and units")
    case .rows: break
    }
    table.length = offset - table.skip
    guard tables.count < Self.mostTables else {
      throw FormatError(.unsupported, subject: path, "it has more than \(Self.mostTables) tables")
    }
    tables.append(table)
    (table, place) = (VizieRTable(after: table), .comments)
  }

  private static func text(_ line: ArraySlice<UInt8>) -> String {
    String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
  }

  // MARK: Recognition

  /// Whether a file begins like one of VizieR's: comments in its words, then lines of names, of units and of dashes.
  static func begins(_ head: [UInt8]) -> Bool {
    guard head.first == UInt8(ascii: "#") else { return false }
    var scan = VizieRScan("")
    var isVizieR = false
    var start = 0
    while let end = head[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = head[start..<end]
      if line.first == UInt8(ascii: "#"), !isVizieR {
        let text = Self.text(line)
        isVizieR = text.hasPrefix("#Column\t") || text.hasPrefix("#RESOURCE=") || text.contains("VizieR")
      }
      guard (try? scan.take(line, at: Int64(start), end: Int64(end + 1))) != nil else { return false }
      if case .rows = scan.place { return isVizieR }
      start = end + 1
    }
    return false
  }
}
