/// One table of a file of VizieR's: what its comments say, and where its rows are.
///
/// The layout is that of the format "tab-separated values" of VizieR (`asu-tsv`), with tabs, semicolons or vertical bars:
///
///     #Table  I_239_hip_main:
///     #Column HIP     (I6)    Identifier (HIP number)  [ucd=meta.id;meta.main]
///     HIP     Vmag
///             mag
///     ------  -----
///          1   9.10
///
/// Rows end at an empty line, at a line that begins with `#`, or with the file.
struct VizieRTable: Sendable {
  /// What a comment says of a column.
  struct Note: Sendable {
    /// FORTRAN's format of the values: `I6`, `F8.4`, `A10`.
    var format: String?
    var description: String?
    var ucd: String?
  }

  /// Its name: `I/239/hip_main`.
  var name: String?
  /// By the names of columns.
  var notes: [String: Note] = [:]
  /// The frame of its positions, if it is given, one and not ICRS.
  var frame: String?
  var delimiter = UInt8(ascii: "\t")
  var columns: [String] = []
  /// As long as `columns`.
  var units: [String] = []
  /// Bytes before the first row.
  var skip: Int64 = 0
  /// Bytes of the rows.
  var length: Int64 = 0
  /// All coordinate systems that the file has named so far; empty texts for ICRS and FK5 at J2000.
  private var frames: Set<String> = []

  init() {}

  /// The next table of the same file: nothing says where the validity of a coordinate system ends.
  init(after other: VizieRTable) { (frames, frame) = (other.frames, other.frame) }

  /// The coordinate systems that are neither ICRS nor FK5 at J2000.
  var otherFrames: [String] { frames.filter { !$0.isEmpty }.sorted() }

  // MARK: Comments

  /// Takes a comment.
  /// - Parameter line: Without its line end.
  mutating func take(comment line: String) {
    if let text = Self.value("#Column", line) {
      take(column: text)
    } else if let text = Self.value("#Table", line) {
      name = text.hasSuffix(":") ? String(text.dropLast()) : text
    } else if let text = Self.value("#Name:", line), name != nil {
      name = text
    } else if let text = Self.value("#Coosys", line) {
      take(system: text)
    }
  }

  /// What stands behind a key and blanks; nil if the line does not begin with them.
  private static func value(_ key: String, _ line: String) -> String? {
    guard line.hasPrefix(key), let next = line.dropFirst(key.count).first, next.isWhitespace else { return nil }
    return trimmed(line.dropFirst(key.count))
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// `NAME  (FORMAT)  DESCRIPTION  [ucd=UCD]`, divided by tabs.
  private mutating func take(column text: String) {
    let parts = text.split(separator: "\t", omittingEmptySubsequences: false).map(Self.trimmed)
    guard let column = parts.first, !column.isEmpty else { return }
    var note = Note()
    for part in parts.dropFirst() {
      if note.format == nil, part.hasPrefix("("), part.hasSuffix(")") {
        note.format = String(part.dropFirst().dropLast())
      } else if part.hasPrefix("[ucd="), part.hasSuffix("]") {
        note.ucd = String(part.dropFirst("[ucd=".count).dropLast())
      } else if note.description == nil, !part.isEmpty {
        note.description = part
      }
    }
    notes[column] = note
  }

  /// `J2000:  eq_FK5 J2000`. Where a table has several systems, nothing says which is whose.
  private mutating func take(system text: String) {
    let words = text.split(whereSeparator: \.isWhitespace).filter { !$0.hasSuffix(":") }.map(String.init)
    guard let system = words.first else { return }
    let word = ColumnNames.folded(system)
    let isUsual = word == "icrs" || (word == "eq_fk5" && !words.dropFirst().contains { !$0.contains("2000") })
    frames.insert(isUsual ? "" : words.joined(separator: " at equinox "))
    frame = frames.count == 1 && !isUsual ? frames.first : nil
  }

  // MARK: The three lines before the rows

  /// Takes names, units and the line of dashes below them.
  /// - Returns: Whether they are such lines.
  mutating func take(names: String, units: String, dashes: String) -> Bool {
    guard let delimiter = Self.delimiter(ofDashes: dashes) else { return false }
    func fields(_ line: String) -> [String] {
      line.utf8.split(separator: delimiter, omittingEmptySubsequences: false).map { Self.trimmed(String($0) ?? "") }
    }
    self.delimiter = delimiter
    columns = fields(names)
    self.units = fields(units).map { $0.count > 2 && $0.hasPrefix("\"") ? String($0.dropFirst().dropLast()) : $0 }
    return fields(dashes).count == columns.count && self.units.count == columns.count
      && !columns.contains { $0.isEmpty }
  }

  /// The delimiter of a line that has nothing but dashes beside it; nil of any other.
  private static func delimiter(ofDashes line: String) -> UInt8? {
    let dash = UInt8(ascii: "-")
    let others = Set(line.utf8.filter { $0 != dash && $0 != UInt8(ascii: " ") })
    guard others.count <= 1, line.utf8.contains(dash) else { return nil }
    guard let delimiter = others.first else { return UInt8(ascii: "\t") }
    let fields = line.utf8.split(separator: delimiter, omittingEmptySubsequences: false)
    return "\t;|,".utf8.contains(delimiter) && fields.allSatisfy({ $0.contains(dash) }) ? delimiter : nil
  }
}
