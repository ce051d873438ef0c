internal import CFITSIO
internal import CatalogStore
internal import Glibc

/// Writes one binary table of a FITS file over cfitsio.
///
/// Integers without a value hold TNULL: −2⁶³, or the largest of unsigned ones; a table that has this number as a value is
/// refused. Numbers without a value are NaN, truth values 0, texts empty: FITS does not tell an empty text from none. Texts are
/// ASCII, other characters become `?`. The width of a text column is that of its longest text.
///
/// Source: FITS Standard 4.0, section 7.3.
final class FITSWriter: TableWriter {
  let path: String
  let columns: [TableColumn]
  private(set) var rowCount: Int64 = 0
  private let notes: TableNotes
  private let compression: FileCompression?
  private let plain: PlainColumns
  /// The file without compression; nil once it is complete.
  private var draft: Draft?
  private var fields: [FITSField]
  private var table: FITSTable?

  init(path: String, columns: [TableColumn], _ notes: TableNotes, _ compression: FileCompression?) throws {
    if columns.count > FITSTable.mostColumns {
      throw StoreError(
        .usage, path,
        "would have \(columns.count) columns; FITS allows \(FITSTable.mostColumns). Choose some of them, or write another format"
      )
    }
    (self.path, self.columns, self.notes, self.compression) = (path, columns, notes, compression)
    plain = PlainColumns(columns)
    fields = plain.columns.map(FITSField.init)
    draft = try Draft(in: FileSystem.parent(path))
  }

  var remarks: [String] {
    let replaced = fields.filter { $0.replacedTexts > 0 }.map { "'\($0.column.name)' (\($0.replacedTexts) rows)" }
    guard !replaced.isEmpty else { return [] }
    return ["Texts of FITS are ASCII; other characters became ? in \(replaced.joined(separator: ", "))."]
  }

  func append(rows: Int, _ buffers: [ColumnBuffer]) throws {
    precondition(buffers.count == columns.count, "the columns of a batch for \(path) differ from those of the file")
    if rows == 0 { return }
    let values = plain.buffers(rows: rows, buffers)
    for place in fields.indices { try fields[place].take(values[place], rows: rows, path: path) }
    let table = try opened()
    for place in fields.indices { try table.widen(place, to: fields[place].width) }
    // Through the rows that cfitsio keeps in memory, all columns of them.
    var done = 0
    while done < rows {
      let count = min(table.bestRows, rows - done)
      for place in fields.indices {
        try table.write(&fields[place], place, firstRow: rowCount + Int64(done), from: done, count: count)
      }
      done += count
    }
    rowCount += Int64(rows)
  }

  private func opened() throws -> FITSTable {
    if let table { return table }
    guard let draft else { preconditionFailure("rows are appended to \(path), which is complete") }
    let new = try FITSTable(draft.path, path, fields, notes)
    table = new
    return new
  }

  func publish() throws {
    let table = try opened()
    for place in fields.indices { try table.narrow(place, to: fields[place].width) }
    try table.close()
    guard let draft else { return }
    defer { self.draft = nil }
    guard let compression else { return try draft.publish(as: path) }
    let sink = try ByteSink(path, compression: compression)
    try FITSTable.forEachPiece(of: draft.path) { try sink.write($0) }
    try sink.publish()
  }
}
