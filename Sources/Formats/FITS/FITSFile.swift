internal import CFITSIO
internal import Glibc

/// An open FITS file, at one of its tables.
///
/// cfitsio is given the file as an open descriptor and as a plain file: its language of file names (filters, addresses on the
/// network, pipes) is out of reach of what a user names a file.
final class FITSFile {
  let path: String
  let handle: UnsafeMutablePointer<fitsfile>
  private let descriptor: Int32
  private let size: Int64
  /// Whether its rows are text.
  private(set) var isASCII = false

  /// A table of the file.
  convenience init(_ file: TableFile) throws(FormatError) {
    try self.init(opening: file)
    try moveToTable(file)
    try requireData()
  }

  /// The first image of the file: an array of its first header.
  convenience init(image file: TableFile) throws(FormatError) {
    try self.init(opening: file)
    let bytes = (number("NAXIS1") ?? 0).multipliedReportingOverflow(by: number("NAXIS2") ?? 0)
    guard !bytes.overflow, bytes.partialValue <= size else {
      throw FormatError(.truncated, subject: path, "truncated: the file ends before its image does")
    }
  }

  private init(opening file: TableFile) throws(FormatError) {
    let descriptor = open(file.contents, O_RDONLY | O_CLOEXEC)
    var facts = stat()
    guard descriptor >= 0, fstat(descriptor, &facts) == 0 else {
      throw FormatError(.notReadable, subject: file.path, "cannot be opened: \(String(cString: strerror(errno)))")
    }
    var handle: UnsafeMutablePointer<fitsfile>?
    var status: Int32 = 0
    ffdkopn(&handle, "/proc/self/fd/\(descriptor)", READONLY, &status)
    guard status == 0, let handle else {
      close(descriptor)
      throw Self.failure(file.path, status, "its first header cannot be read")
    }
    path = file.path
    self.handle = handle
    self.descriptor = descriptor
    size = Int64(facts.st_size)
  }

  deinit {
    var status: Int32 = 0
    ffclos(handle, &status)
    ffcmsg()
    close(descriptor)
  }

  /// What cfitsio says of a failure.
  static func failure(_ path: String, _ status: Int32, _ what: String) -> FormatError {
    var text = [CChar](repeating: 0, count: Int(FLEN_ERRMSG))
    ffgerr(status, &text)
    ffcmsg()
    let word = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if status == MEMORY_ALLOCATION { return FormatError(.memory, subject: path, "not enough memory to read it") }
    return FormatError(.damaged, subject: path, "the FITS file is damaged: \(what) (\(word))")
  }

  // MARK: Tables

  /// Goes to the table that is meant: by its number among the extensions, by its name, or the first.
  private func moveToTable(_ file: TableFile) throws(FormatError) {
    var names: [String] = []
    let number = file.table.flatMap { Int32($0) }
    var (place, kind): (Int32, Int32) = (1, 0)
    while true {
      var status: Int32 = 0
      ffmahd(handle, place, &kind, &status)
      if status == END_OF_FILE { break }
      guard status == 0 else { throw Self.failure(path, status, "header \(place) cannot be read") }
      let name = text("EXTNAME") ?? ""
      if kind == BINARY_TBL || kind == ASCII_TBL {
        names.append("\(place - 1)" + (name.isEmpty ? "" : " (\(name))"))
        let isMeant =
          file.table == nil || number == place - 1
          || file.table.map { ColumnNames.folded($0) == ColumnNames.folded(name) } ?? false
        if isMeant {
          isASCII = kind == ASCII_TBL
          return try requireUncompressed()
        }
      }
      place += 1
    }
    ffcmsg()
    guard let table = file.table else {
      throw FormatError(.unsupported, subject: path, "it holds images, and no table")
    }
    throw FormatError(
      .usage, subject: file.name,
      "it has no table '\(table)'; it has \(names.isEmpty ? "none" : TableSource.listed(names))")
  }

  private func requireUncompressed() throws(FormatError) {
    guard number("ZTABLE") == nil && text("ZTABLE") == nil && text("ZCTYP1") == nil else {
      throw FormatError(
        .unsupported, subject: path, "its table is compressed in tiles, which is not read; unpack it with funpack")
    }
  }

  /// Refuses a table whose rows are not all there: whatever is allocated for it is smaller than the file.
  private func requireData() throws(FormatError) {
    var status: Int32 = 0
    var (header, data, end): (LONGLONG, LONGLONG, LONGLONG) = (0, 0, 0)
    ffghadll(handle, &header, &data, &end, &status)
    guard status == 0, data >= 0 else { throw Self.failure(path, status, "its table cannot be found") }
    let (bytes, overflow) = rowBytes.multipliedReportingOverflow(by: rowCount)
    guard rowBytes >= 0, rowCount >= 0, !overflow, bytes <= size - data || bytes == 0 else {
      throw FormatError(
        .truncated, subject: path,
        "truncated: its header gives \(rowCount) rows of \(rowBytes) bytes, and the file ends before them")
    }
  }

  /// Rows of the table.
  var rowCount: Int64 { number("NAXIS2") ?? 0 }
  /// Bytes of a row.
  var rowBytes: Int64 { number("NAXIS1") ?? 0 }

  var columnCount: Int32 {
    var (status, count): (Int32, Int32) = (0, 0)
    ffgncl(handle, &count, &status)
    return status == 0 ? max(0, count) : 0
  }

  /// Rows that cfitsio reads best at a time.
  var bestRows: Int {
    var (status, rows): (Int32, Int) = (0, 0)
    ffgrsz(handle, &rows, &status)
    return status == 0 ? max(1, rows) : 1
  }

  // MARK: Keywords

  /// An integer of the header.
  func number(_ keyword: String) -> Int64? {
    var (status, value): (Int32, LONGLONG) = (0, 0)
    ffgkyjj(handle, keyword, &value, nil, &status)
    defer { ffcmsg() }
    return status == 0 ? Int64(value) : nil
  }

  /// A real number of the header.
  func real(_ keyword: String) -> Double? {
    var (status, value): (Int32, Double) = (0, 0)
    ffgkyd(handle, keyword, &value, nil, &status)
    defer { ffcmsg() }
    return status == 0 ? value : nil
  }

  /// A text of the header, also one of several cards; nil if there is none.
  func text(_ keyword: String) -> String? {
    var status: Int32 = 0
    var value: UnsafeMutablePointer<CChar>?
    ffgkls(handle, keyword, &value, nil, &status)
    defer { ffcmsg() }
    guard status == 0, let value else { return nil }
    defer {
      var freed: Int32 = 0
      fffree(value, &freed)
    }
    let text = String(cString: value)
    let trimmed = text.reversed().drop { $0 == " " }.reversed().drop { $0 == " " }
    return trimmed.isEmpty ? nil : String(trimmed)
  }
}
