internal import CArrow

/// The formats of files that are read as tables. This is the only place that lists them.
public struct TableFormat: Sendable {
  /// Its name, for messages.
  public let name: String
  /// How names of its files end, without the ending of a compression.
  public let endings: [String]
  /// Whether a compressed file has to be decompressed into a temporary one, since it is not read in order.
  let isReadByPosition: Bool
  /// Whether a file begins like one of this format.
  let begins: @Sendable (FileHead) -> Bool
  /// Opens a file of this format.
  let open: @Sendable (TableFile) throws(FormatError) -> any TableReader

  /// Every format; one that is recognised by less comes later.
  public static let all = [parquet, fits, votable, arrow, sqlite, ecsv, vizieR, delimited]

  /// Apache Parquet.
  public static let parquet = TableFormat(
    name: "Parquet", endings: [".parquet", ".parq", ".pq"], isReadByPosition: true,
    begins: { $0.starts("PAR1") || $0.starts("PARE") },
    open: { (file) throws(FormatError) in
      try file.requireNoTable("Parquet")
      return try ArrowReader(file, format: "Parquet", open: xarrow_open)
    })

  /// Tables of FITS files.
  public static let fits = TableFormat(
    name: "FITS", endings: [".fits", ".fit", ".fts"], isReadByPosition: true,
    begins: { $0.starts("SIMPLE  =") },
    open: { (file) throws(FormatError) in try FITSReader(file) })

  /// Tables of VOTable documents.
  public static let votable = TableFormat(
    name: "VOTable", endings: [".vot", ".votable", ".xml"], isReadByPosition: false,
    begins: { $0.isXML },
    open: { (file) throws(FormatError) in try VOTableReader(file) })

  /// Arrow IPC: files, which Feather 2 is another word for, and streams.
  public static let arrow = TableFormat(
    name: "Arrow", endings: [".arrow", ".arrows", ".feather", ".ipc"], isReadByPosition: true,
    begins: { $0.starts("ARROW1") || $0.bytes.starts(with: [255, 255, 255, 255]) },
    open: { (file) throws(FormatError) in
      try file.requireNoTable("Arrow")
      return try ArrowReader(file, format: "Arrow", open: xarrow_ipc_open)
    })

  /// Tables of SQLite files.
  public static let sqlite = TableFormat(
    name: "SQLite", endings: [".sqlite", ".sqlite3", ".db"], isReadByPosition: false,
    begins: { $0.starts("SQLite format 3\0") },
    open: { (file) throws(FormatError) in try SQLiteReader(file) })

  /// Text with astropy's header of types and units.
  public static let ecsv = TableFormat(
    name: "ECSV", endings: [".ecsv"], isReadByPosition: false,
    begins: { $0.starts(ECSVHeader.magic) },
    open: { (file) throws(FormatError) in
      try file.requireNoTable("ECSV")
      return try DelimitedReader(file, format: "ECSV") { (file) throws(FormatError) in
        try DelimitedSurvey(ecsv: file)
      }
    })

  /// Text with the comments of VizieR, whose names end like those of other text.
  public static let vizieR = TableFormat(
    name: "VizieR", endings: [], isReadByPosition: false,
    begins: { $0.isText && VizieRScan.begins($0.bytes) },
    open: { (file) throws(FormatError) in
      try DelimitedReader(file, format: "VizieR") { (file) throws(FormatError) in try DelimitedSurvey(vizieR: file) }
    })

  /// Comma-separated values, also with tabs, semicolons or vertical bars.
  public static let delimited = TableFormat(
    name: "CSV", endings: [".csv", ".tsv"], isReadByPosition: false,
    begins: { $0.isText && DelimitedDialect($0.bytes) != nil },
    open: { (file) throws(FormatError) in
      try file.requireNoTable("CSV")
      return try DelimitedReader(file)
    })

  /// Endings of compressed files, which come after those of formats.
  private static let compressions = [".gz", ".bz2", ".zst", ".lz4"]

  /// Whether a file of this name is of this format.
  public func matches(_ name: String) -> Bool {
    let plain = Self.compressions.first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) } ?? name
    return endings.contains { plain.hasSuffix($0) }
  }

  /// The format of a file by its name; nil if the name says none.
  public static func of(_ name: String) -> TableFormat? { all.first { $0.matches(name) } }

  /// Refuses a file that does not begin like one of a format.
  /// - Parameter name: The format's name, in any case: `csv`, `votable`.
  /// - Throws: `FormatError`: `.usage` for a name that is none, `.otherFormat` for another file, and what the first bytes say.
  public static func require(_ name: String, of path: String) throws(FormatError) {
    guard let format = all.first(where: { $0.name.lowercased() == name.lowercased() }) else {
      throw FormatError(
        .usage, subject: "--format \(name)",
        "is not known; allowed: \(all.map { $0.name.lowercased() }.joined(separator: ", "))")
    }
    let head = try FileHead(path)
    guard let found = all.first(where: { $0.begins(head) }), found.name != format.name else {
      if format.begins(head) { return }
      throw FormatError(.otherFormat, subject: path, "does not begin like \(format.name)")
    }
    throw FormatError(.otherFormat, subject: path, "begins like \(found.name), not like \(format.name)")
  }

  /// Opens a file in the format that its first bytes show, whatever its name. Text is taken for CSV only where the name says
  /// no other format: much is text that is no table.
  /// - Throws: `FormatError` if it cannot be read.
  public static func open(_ path: String) throws(FormatError) -> any TableReader { try open(TableFile(path)) }

  /// Opens a file of delimited text that has no line of names; its columns are called 1, 2, and so on.
  /// - Throws: `FormatError` if it is no text, or cannot be read.
  public static func openWithoutNames(_ path: String) throws(FormatError) -> any TableReader {
    let head = try FileHead(path)
    return try openWithoutNames(TableFile(path), head) { "\($0 + 1)" }
  }

  private static func openWithoutNames(
    _ file: TableFile, _ head: FileHead, _ name: @escaping (Int) -> String
  ) throws(FormatError) -> any TableReader {
    guard head.isText, let dialect = DelimitedDialect(withoutNames: head.bytes) else {
      throw FormatError(.otherFormat, subject: file.path, "is no text of rows; columns have numbers in CSV alone")
    }
    return try DelimitedReader(file, format: "CSV") { (file) throws(FormatError) in
      var survey = try DelimitedSurvey(file.path, dialect)
      for place in survey.columns.indices {
        let column = survey.columns[place].column
        survey.columns[place].column = TableColumn(name: name(place), type: column.type, fileType: column.fileType)
      }
      return survey
    }
  }

  /// Opens text of rows with the names that are known of its columns.
  private static func open(
    _ file: TableFile, _ head: FileHead, naming names: [String]
  ) throws(FormatError) -> any TableReader {
    let reader = try openWithoutNames(file, head) { $0 < names.count ? names[$0] : "column_\($0 + 1)" }
    guard reader.columns().count >= names.count else {
      throw FormatError(
        .schemaMismatch, subject: file.path,
        "has \(reader.columns().count) columns, and '\(names.last ?? "")' should be column \(names.count)")
    }
    return reader
  }

  /// Opens a file in one format, whatever else it may look like.
  /// - Throws: `FormatError` if it is of another format, or cannot be read.
  package static func open(_ path: String, as format: TableFormat) throws(FormatError) -> any TableReader {
    var file = TableFile(path)
    let head = try FileHead(path)
    guard format.begins(head), head.compression == nil else {
      throw FormatError(.otherFormat, subject: path, "does not begin as a \(format.name) does, uncompressed")
    }
    file.head = head.bytes
    return try format.open(file)
  }

  /// Opens one of the tables of a file.
  static func open(_ file: TableFile) throws(FormatError) -> any TableReader {
    var file = file
    let head = try FileHead(file.path)
    if let names = file.names { return try open(file, head, naming: names) }
    let named = of(file.path)
    let isText = named == nil || named?.name == delimited.name
    guard let format = all.first(where: { $0.begins(head) && (isText || $0.name != delimited.name) }) else {
      throw refusal(file.path, head)
    }
    (file.head, file.compression) = (head.bytes, head.compression)
    if head.compression != nil && format.isReadByPosition { file.copy = try TemporaryCopy(of: file.path) }
    return try format.open(file)
  }

  private static func refusal(_ path: String, _ head: FileHead) -> FormatError {
    let isText = delimited.begins(head)
    let known =
      head.formatNotRead.map { "is \($0), which is not read; " }
      ?? (isText ? "is text; if it is CSV, name it so; " : "")
    return FormatError(
      .otherFormat, subject: path,
      "\(known)a file is recognised by how it begins, and this one is none of \(names); write it as one of them")
  }

  /// Names of all formats, for messages.
  static var names: String { all.map(\.name).joined(separator: ", ") }

  /// Names and endings of all formats, for messages: "Parquet file (*.parquet, …)".
  static var listed: String {
    all.filter { !$0.endings.isEmpty }.map {
      "\($0.name) file (\($0.endings.map { "*" + $0 }.joined(separator: ", ")))"
    }.joined(separator: " or ")
  }
}
