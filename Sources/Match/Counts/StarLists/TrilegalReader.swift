import Glibc

/// Reads the lines of a TRILEGAL list one after another.
struct TrilegalReader {
  private(set) var areaDeg2: Double?
  private(set) var extinctionAV: Double?
  private(set) var columns: Columns?
  private(set) var magnitudes: [[Float]] = []
  private(set) var starAV: [Float] = []
  private(set) var endsNormally = false
  private let wanted: [String]?
  private var line = 0

  /// Which columns are kept.
  struct Columns {
    let bands: [String]
    /// For each column of the text: where its number goes; the last place is that of A_V, −1 nowhere.
    let places: [Int]
  }

  init(wanted: [String]?) { self.wanted = wanted }

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var start = 0
    var values: [Float] = []
    while start < bytes.count {
      line += 1
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let content = UnsafeBufferPointer(rebasing: bytes[start..<end])
      if let first = content.first(where: { !Self.isBlank($0) }) {
        if first == UInt8(ascii: "#") {
          try comment(content, line)
        } else {
          try row(content, line, &values)
        }
      }
      start = end + 1
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (byte >= 9 && byte <= 13) }

  /// Words of a header; longer lines than the columns allow are cut.
  private static func words(_ content: UnsafeBufferPointer<UInt8>) -> [String] {
    content.split(maxSplits: TrilegalText.largestColumns + 1, whereSeparator: isBlank)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private mutating func comment(_ content: UnsafeBufferPointer<UInt8>, _ line: Int) throws {
    var words = Self.words(content)
    if words.first == "#" { words.removeFirst() } else if let name = words.first { words[0] = String(name.dropFirst()) }
    guard let first = words.first else { return }
    if first.lowercased() == "area" {
      areaDeg2 = try Self.number(after: "=", in: words, line)
    } else if first == "Av", words.count > 2, words[1] == "at" {
      extinctionAV = try Self.number(after: "=", in: words, line)
    } else if columns == nil, words.contains("Av") {
      try header(words, line)
    } else if words.joined(separator: " ").contains("normally terminated") {
      endsNormally = true
    }
  }

  private static func number(after sign: String, in words: [String], _ line: Int) throws -> Double {
    guard let place = words.firstIndex(of: sign), place + 1 < words.count, let value = Double(words[place + 1]),
      value.isFinite
    else {
      throw CountsError(
        "line \(line) of the star list: '\(words.joined(separator: " ").prefix(60))' has no number after '='")
    }
    return value
  }

  private mutating func header(_ names: [String], _ line: Int) throws {
    guard names.count <= TrilegalText.largestColumns else {
      throw CountsError(
        "line \(line) of the star list has \(names.count) columns; allowed: \(TrilegalText.largestColumns)")
    }
    let bands = wanted ?? Self.magnitudeColumns(names)
    var places = [Int](repeating: -1, count: names.count)
    for (k, band) in bands.enumerated() {
      guard let column = names.lastIndex(of: band) else {
        throw CountsError(
          "line \(line) of the star list has no column '\(band)'; it has: \(names.joined(separator: ", "))")
      }
      guard places[column] < 0, band != "Av" else {
        throw CountsError(
          "the column '\(band)' of the star list is asked for twice, or is no magnitude; ask once for each band")
      }
      places[column] = k
    }
    if let column = names.firstIndex(of: "Av") { places[column] = bands.count }
    columns = Columns(bands: bands, places: places)
    magnitudes = [[Float]](repeating: [], count: bands.count)
  }

  static func magnitudeColumns(_ names: [String]) -> [String] {
    let first = names.firstIndex(of: "mbol").map { $0 + 1 } ?? names.count
    let last = names.firstIndex(of: "Mact") ?? names.count
    return first < last ? Array(names[first..<last]) : []
  }

  private mutating func row(_ content: UnsafeBufferPointer<UInt8>, _ line: Int, _ values: inout [Float]) throws {
    guard let columns else {
      throw CountsError("line \(line) of the star list comes before the line '#… Av …' that names the columns")
    }
    guard (starAV.count + 1) * (magnitudes.count + 1) <= TrilegalText.largestNumbers else {
      throw CountsError(
        "line \(line) of the star list: more than \(TrilegalText.largestNumbers) numbers; ask for fewer bands or a smaller area"
      )
    }
    if values.count != columns.bands.count + 1 { values = [Float](repeating: 0, count: columns.bands.count + 1) }
    var column = 0
    var start = 0
    while let from = content[start...].firstIndex(where: { !Self.isBlank($0) }) {
      let end = content[from...].firstIndex(where: Self.isBlank) ?? content.count
      if column < columns.places.count, columns.places[column] >= 0 {
        values[columns.places[column]] = try Self.value(content[from..<end], line, column + 1)
      }
      column += 1
      start = end
    }
    guard column == columns.places.count else {
      throw CountsError(
        "line \(line) of the star list has \(column) numbers; the header names \(columns.places.count) columns")
    }
    for k in magnitudes.indices { magnitudes[k].append(values[k]) }
    starAV.append(values[columns.bands.count])
  }

  /// A number of the text, through strtod on a copy that ends with 0.
  private static func value(_ text: Slice<UnsafeBufferPointer<UInt8>>, _ line: Int, _ column: Int) throws -> Float {
    let number: Double? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: TrilegalText.longestNumber + 1) {
      copy in
      guard text.count <= TrilegalText.longestNumber, let base = copy.baseAddress else { return nil }
      for (k, byte) in text.enumerated() { copy[k] = CChar(bitPattern: byte) }
      copy[text.count] = 0
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(base, &end)
      return end == base + text.count ? value : nil
    }
    guard let number, number.isFinite, abs(number) < 1e30 else {
      let shown = String(decoding: text.prefix(40), as: UTF8.self)
      throw CountsError("line \(line), column \(column) of the star list: '\(shown)' is no finite number")
    }
    return Float(number)
  }
}
