internal import CFITSIO
internal import CatalogStore
internal import Glibc

/// A binary table of a FITS file that is being written.
///
/// cfitsio opens the file by a descriptor: its language of file names stays out of reach. As it opens existing files only in
/// that way, the first header is made in its memory and written before.
final class FITSTable {
  /// FITS Standard 4.0, section 7.3.1: the most that TFIELDS can say.
  static let mostColumns = 999

  private let path: String
  private var handle: UnsafeMutablePointer<fitsfile>?
  private let descriptor: Int32
  private var widths: [Int]
  /// Rows that cfitsio writes best at a time.
  private(set) var bestRows = 1

  /// - Parameters:
  ///   - draft: An empty file.
  ///   - path: What it will be, for messages.
  init(_ draft: String, _ path: String, _ fields: [FITSField], _ notes: TableNotes) throws {
    self.path = path
    widths = fields.map(\.width)
    descriptor = open(draft, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError(.system, path, "cannot be opened: \(String(cString: strerror(errno)))")
    }
    try Self.writeFirstHeader(to: descriptor, path)
    var status: Int32 = 0
    ffdkopn(&handle, "/proc/self/fd/\(descriptor)", READWRITE, &status)
    try check(status)
    try create(fields, notes)
    for (place, field) in fields.enumerated() { try describe(field, place + 1) }
    try findBestRows()
  }

  deinit {
    var status: Int32 = 0
    if let handle { ffclos(handle, &status) }
    ffcmsg()
    Glibc.close(descriptor)
  }

  // MARK: Header

  /// An image without pixels, as every file begins that has a table only.
  private static func writeFirstHeader(to descriptor: Int32, _ path: String) throws {
    var size = 2880
    var memory = malloc(size)
    defer { free(memory) }
    var handle: UnsafeMutablePointer<fitsfile>?
    var status: Int32 = 0
    ffimem(&handle, &memory, &size, 2880, realloc, &status)
    ffcrim(handle, 8, 0, nil, &status)
    if let handle { ffclos(handle, &status) }
    guard status == 0, let memory else { throw failure(path, status) }
    guard Glibc.write(descriptor, memory, 2880) == 2880 else {
      throw StoreError(.system, path, "cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  private func create(_ fields: [FITSField], _ notes: TableNotes) throws {
    var names = fields.map { strdup(FITSField.ascii($0.column.name)) }
    var forms = fields.map { strdup($0.form) }
    defer { for text in names + forms { free(text) } }
    var status: Int32 = 0
    ffcrtb(handle, BINARY_TBL, 0, Int32(fields.count), &names, &forms, nil, FITSField.ascii(notes.name), &status)
    if fields.contains(where: { Self.needsLongText($0.column) })
      || notes.facts.contains(where: { $0.value.utf8.count > 60 })
    {
      ffplsw(handle, &status)
    }
    if !notes.description.isEmpty { ffphis(handle, FITSField.ascii(notes.description), &status) }
    for (keyword, value) in notes.cards {
      switch value {
      case .text(let text): ffpkys(handle, keyword, FITSField.ascii(text), nil, &status)
      case .integer(let number): ffpkyj(handle, keyword, number, nil, &status)
      }
    }
    for (name, value) in notes.facts { ffphis(handle, FITSField.ascii("\(name): \(value)"), &status) }
    try check(status)
  }

  private static func needsLongText(_ column: TableColumn) -> Bool {
    [column.name, column.unit, column.ucd, column.description].contains { ($0?.utf8.count ?? 0) > 60 }
  }

  private func describe(_ field: FITSField, _ number: Int) throws {
    var status: Int32 = 0
    let column = field.column
    // The name again: where the column was made it is cut to what one card holds.
    if column.name.utf8.count > 60 { ffukls(handle, "TTYPE\(number)", FITSField.ascii(column.name), nil, &status) }
    for (keyword, text) in [("TUNIT", column.unit), ("TUCD", column.ucd), ("TCOMM", column.description)] {
      guard let text, !text.isEmpty else { continue }
      ffpkls(handle, "\(keyword)\(number)", FITSField.ascii(text), nil, &status)
    }
    if let null = field.nullNumber { ffpkyj(handle, "TNULL\(number)", LONGLONG(null), nil, &status) }
    // What cfitsio knows of the columns follows the header.
    if status == 0 { ffrdef(handle, &status) }
    try check(status)
  }

  private func findBestRows() throws {
    var (status, rows): (Int32, Int) = (0, 0)
    ffgrsz(handle, &rows, &status)
    try check(status)
    bestRows = max(1, rows)
  }

  // MARK: Texts

  /// Makes room for texts of so many characters, and some more where there are rows already: they are moved.
  func widen(_ place: Int, to width: Int) throws {
    if width <= widths[place] { return }
    try setWidth(place, max(width, widths[place] + widths[place] / 2))
  }

  /// Takes away the room that no text needs.
  func narrow(_ place: Int, to width: Int) throws {
    if width < widths[place] { try setWidth(place, width) }
  }

  private func setWidth(_ place: Int, _ width: Int) throws {
    var status: Int32 = 0
    ffmvec(handle, Int32(place + 1), LONGLONG(width), &status)
    try check(status)
    widths[place] = width
    try findBestRows()
  }

  // MARK: Rows

  /// Writes some of the values that a field has taken.
  /// - Parameters:
  ///   - row: The row of the table that gets the first, from 0.
  ///   - start: The first value.
  func write(_ field: inout FITSField, _ place: Int, firstRow row: Int64, from start: Int, count: Int) throws {
    var status: Int32 = 0
    let (number, first, rows) = (Int32(place + 1), LONGLONG(row + 1), LONGLONG(count))
    switch field.column.type {
    case .float64: Self.lend(field.doubles, start, count) { ffpcld(handle, number, first, 1, rows, $0, &status) }
    case .float32: Self.lend(field.floats, start, count) { ffpcle(handle, number, first, 1, rows, $0, &status) }
    case .bool:
      Self.lend(field.flags, start, count) {
        ffpcnl(handle, number, first, 1, rows, $0, FITSField.missingFlag, &status)
      }
    case .uint64:
      Self.lend(field.unsigned, start, count) { ffpclujj(handle, number, first, 1, rows, $0, &status) }
    case .text: writeTexts(field, number, first, start, count, &status)
    default: Self.lend(field.integers, start, count) { ffpcljj(handle, number, first, 1, rows, $0, &status) }
    }
    try check(status)
  }

  private static func lend<Value>(
    _ values: [Value], _ start: Int, _ count: Int, _ body: (UnsafeMutablePointer<Value>?) -> Void
  ) {
    values[start..<start + count].withUnsafeBufferPointer { body(UnsafeMutablePointer(mutating: $0.baseAddress)) }
  }

  private func writeTexts(
    _ field: FITSField, _ number: Int32, _ first: LONGLONG, _ start: Int, _ count: Int, _ status: inout Int32
  ) {
    field.characters.withUnsafeBufferPointer { characters in
      let base = UnsafeMutablePointer(mutating: characters.baseAddress)
      var texts = field.starts[start..<start + count].map { offset in base.map { $0 + offset } }
      ffpcls(handle, number, first, 1, LONGLONG(count), &texts, &status)
    }
  }

  /// Completes the file.
  func close() throws {
    guard let handle else { return }
    var status: Int32 = 0
    self.handle = nil
    ffclos(handle, &status)
    try check(status)
  }

  private func check(_ status: Int32) throws { if status != 0 { throw Self.failure(path, status) } }

  private static func failure(_ path: String, _ status: Int32) -> StoreError {
    var text = [CChar](repeating: 0, count: Int(FLEN_ERRMSG))
    ffgerr(status, &text)
    ffcmsg()
    let word = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let isFull = errno == ENOSPC
    let reason = isFull ? "No space left on device; free some space and run the command again" : word
    return StoreError(.system, path, "cannot be written: \(reason)")
  }

  /// The bytes of a file in order.
  static func forEachPiece(of path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError(.system, path, "cannot be opened: \(String(cString: strerror(errno)))")
    }
    defer { Glibc.close(descriptor) }
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw StoreError(.system, path, "cannot be read: \(String(cString: strerror(errno)))") }
      if count == 0 { return }
      try piece.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
  }
}
