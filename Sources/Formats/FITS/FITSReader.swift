internal import CFITSIO

/// One table of a FITS file, binary or of text, over cfitsio.
///
/// Integers keep all 64 bits, with and without sign. Values are missing where they equal TNULL, where a real number is NaN, and
/// where a text is blank. Columns of arrays are known by name and not read.
///
/// Source: FITS Standard 4.0, section 7.
final class FITSReader: NativeReader {
  let path: String
  let format = "FITS"
  let rowCount: Int64
  private let file: TableFile
  private let found: [FITSColumn]
  private let frame: String?

  init(_ file: TableFile) throws(FormatError) {
    let fits = try FITSFile(file)
    self.file = file
    path = file.path
    rowCount = fits.rowCount
    frame = Self.otherFrame(fits)
    var found: [FITSColumn] = []
    for number in 1...max(1, fits.columnCount) {
      guard number <= fits.columnCount else { break }
      guard let column = FITSColumn(number, of: fits, frame: frame) else {
        throw FormatError(
          .damaged, subject: path, "the FITS file is damaged: TFORM\(number) does not fit the rows of the table")
      }
      found.append(column)
    }
    guard !found.isEmpty else { throw FormatError(.unsupported, subject: path, "its table has no columns") }
    self.found = found
  }

  func columns() -> [FileColumn] { found.map(\.file) }
  func metadata(_ key: String) -> String? { nil }

  /// The frame that the header gives, if it is not ICRS or FK5 at J2000; without a name it follows from the equinox (FITS
  /// Standard 4.0, section 8.3).
  private static func otherFrame(_ fits: FITSFile) -> String? {
    let equinox = fits.real("EQUINOX")
    let system = fits.text("RADESYS") ?? fits.text("RADECSYS") ?? equinox.map { $0 < 1984 ? "FK4" : "FK5" }
    guard let system, system.hasPrefix("FK4") || system.hasPrefix("FK5") || system == "GAPPT" else { return nil }
    if system == "FK5" && (equinox ?? 2000) == 2000 { return nil }
    guard let equinox else { return system }
    return "\(system) at equinox \(system.hasPrefix("FK4") ? "B" : "J")\(equinox)"
  }

  func forEachNativeBatch(
    _ columns: [Int], batchRows: Int, batchBytes: Int, _ body: (Int, [ColumnBuffer]) throws -> Void
  ) throws {
    let fits = try FITSFile(file)
    let wanted = columns.map { found[$0] }
    let text = wanted.reduce(0) { $0 + ($1.file.column.type == .text || fits.isASCII ? $1.width + 1 : 0) }
    let most = max(1, min(batchRows, batchBytes / max(1, text)))
    let decoders = wanted.map { FITSDecoder($0, capacity: most) }
    let rows = FITSTextRows(fits)
    var row: Int64 = 0
    while row < rowCount {
      let count = Int(min(Int64(most), rowCount - row))
      for decoder in decoders { decoder.memory.removeAll() }
      // Through the rows that cfitsio keeps in memory, all columns of them.
      var done = 0
      while done < count {
        let part = min(fits.bestRows, count - done)
        if fits.isASCII { try rows.load(first: row + Int64(done), count: part) }
        for decoder in decoders {
          if fits.isASCII {
            try decoder.read(rows, at: done, firstRow: row + Int64(done))
          } else {
            try decoder.read(fits, first: row + Int64(done), count: part, at: done)
          }
        }
        done += part
      }
      try body(count, decoders.map { $0.memory.buffer(rows: count) })
      row += Int64(count)
    }
  }
}
