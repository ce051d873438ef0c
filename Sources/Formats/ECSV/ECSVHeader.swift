internal import Yams

/// The header of an ECSV file: comments that hold YAML, with the columns' types, units and notes.
///
/// Source: Astropy Proposal for Enhancement 6, "Enhanced Character Separated Values table format".
struct ECSVHeader {
  static let magic = "# %ECSV"
  /// Longer headers are not read.
  static let mostBytes = AstropyNotes.mostBytes

  let dialect: DelimitedDialect
  let notes: AstropyNotes

  init(_ file: TableFile) throws(FormatError) {
    let (text, length) = try Self.text(file)
    var yaml = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = line.dropFirst()
      if line.first == " " { line = line.dropFirst() }
      if !line.hasPrefix("%ECSV") && line != "---" { yaml += line + "\n" }
    }
    notes = AstropyNotes(yaml)
    if let flaw = notes.flaw {
      throw FormatError(.damaged, subject: file.path, "its ECSV header \(flaw); write the file again")
    }
    guard !notes.names.isEmpty else {
      throw FormatError(.damaged, subject: file.path, "its ECSV header has no list of columns (datatype)")
    }
    let delimiter = Self.delimiter(yaml)
    guard let delimiter, delimiter < 128, delimiter != UInt8(ascii: "\"") else {
      throw FormatError(
        .unsupported, subject: file.path, "its ECSV header gives a delimiter that is not read; allowed: ' ' and ','")
    }
    dialect = DelimitedDialect(skip: length, delimiter: delimiter, columnCount: notes.names.count)
  }

  /// The lines before the line of names, and their bytes.
  private static func text(_ file: TableFile) throws(FormatError) -> (text: String, length: Int) {
    var bytes = file.head
    if end(of: bytes) == nil && bytes.count >= FileHead.length { bytes = try ByteStream(file.path).read(mostBytes) }
    guard let end = end(of: bytes) else {
      throw FormatError(.damaged, subject: file.path, "its ECSV header has no end within \(mostBytes) bytes")
    }
    return (String(decoding: bytes[..<end], as: UTF8.self), end)
  }

  /// Where the first line begins that is no comment.
  private static func end(of bytes: [UInt8]) -> Int? {
    var start = 0
    while start < bytes.count {
      if bytes[start] != UInt8(ascii: "#") { return start }
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      start = end + 1
    }
    return nil
  }

  private static func delimiter(_ yaml: String) -> UInt8? {
    let key = "delimiter:"
    guard let line = yaml.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return UInt8(ascii: " ") }
    let node = try? Yams.Parser(yaml: String(line), resolver: Resolver.basic, encoding: .utf8).singleRoot()
    let text = node?.mapping?.first?.value.scalar?.string ?? ""
    return text.utf8.count == 1 ? text.utf8.first : nil
  }
}
