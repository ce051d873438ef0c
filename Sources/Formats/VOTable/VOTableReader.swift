/// One table of a VOTable document, in TABLEDATA, BINARY or BINARY2. All of it is read once when it is opened for the first
/// time, to find its tables and to count their rows.
final class VOTableReader: NativeReader {
  let path: String
  let format = "VOTable"
  private let found: VOTableSurvey

  init(_ file: TableFile) throws(FormatError) {
    path = file.path
    if let known = file.survey as? VOTableSurvey, known.state == FileState(file.path), known.named == file.table {
      found = known
    } else {
      found = try VOTableSurvey(file)
    }
  }

  var rowCount: Int64 { found.table.rows }
  var survey: (any Sendable)? { found }
  var remarks: [String] { found.remarks }
  func columns() -> [FileColumn] { found.table.fields.map(\.column) }
  func metadata(_ key: String) -> String? { nil }

  func forEachNativeBatch(
    _ columns: [Int], batchRows: Int, batchBytes: Int, _ body: (Int, [ColumnBuffer]) throws -> Void
  ) throws {
    var cells = [VOTableCells?](repeating: nil, count: found.table.fields.count)
    for column in columns {
      cells[column] = VOTableCells(found.table.fields[column], capacity: batchRows, isText: found.isText)
    }
    let stream = try VOTableStream(
      path, table: found.position, batch: VOTableBatch(cells), capacity: batchRows, mostBytes: max(1, batchBytes))
    var row: Int64 = 0
    let wanted = columns.compactMap { cells[$0] }
    while try stream.nextBatch() {
      for column in wanted {
        guard let bad = column.decode(rows: stream.rows) else { continue }
        throw FormatError(
          .damaged, subject: path,
          "row \(row + Int64(bad.row) + 1) has '\(bad.text.prefix(40))' in field '\(column.field.name)', which is no \(column.field.datatype)"
        )
      }
      try body(stream.rows, wanted.map { $0.memory.buffer(rows: stream.rows) })
      row += Int64(stream.rows)
    }
  }
}

/// What reading a whole VOTable document has found.
struct VOTableSurvey: Sendable {
  let state: FileState?
  /// The name or number by which the table was asked for.
  let named: String?
  /// The place of the table among all of the document.
  let position: Int
  var table: VOTableStream.Table
  /// Whether its rows are text.
  let isText: Bool
  var remarks: [String] = []

  init(_ file: TableFile) throws(FormatError) {
    (state, named) = (FileState(file.path), file.table)
    let stream = try VOTableStream(surveying: file.path)
    while try stream.advance() {}
    guard stream.isVOTable else {
      throw FormatError(.otherFormat, subject: file.path, "it is XML, but no VOTable; write it as one")
    }
    if stream.queryStatus.map(ColumnNames.folded) == "error" && stream.tables.allSatisfy({ $0.rows == 0 }) {
      throw FormatError(
        .unsupported, subject: file.path, "it holds no table but the error of a service: QUERY_STATUS is ERROR")
    }
    position = try Self.position(stream.tables, file)
    table = stream.tables[position]
    isText = table.isText
    remarks = stream.frames.complete(&table.fields)
    if stream.queryStatus.map(ColumnNames.folded) == "overflow" {
      remarks.append("The service that wrote it has cut it off: QUERY_STATUS is OVERFLOW, so rows are missing.")
    }
    let others = stream.tables.indices.filter { $0 != position && !stream.tables[$0].fields.isEmpty }
    if file.table == nil, !others.isEmpty {
      remarks.append(
        "Of its \(others.count + 1) tables the first is read; \(file.path)[2] names the second, for example.")
    }
  }

  private static func position(_ tables: [VOTableStream.Table], _ file: TableFile) throws(FormatError) -> Int {
    guard let name = file.table else {
      guard let first = tables.firstIndex(where: { !$0.fields.isEmpty }) else {
        throw FormatError(.unsupported, subject: file.path, "it holds no table with fields")
      }
      return first
    }
    if let place = tables.firstIndex(where: { $0.name == name || $0.id == name }) { return place }
    if let number = Int(name), tables.indices.contains(number - 1) { return number - 1 }
    let names = tables.enumerated().map { index, table in
      "\(index + 1)" + ((table.name ?? table.id).map { " (\($0))" } ?? "")
    }
    throw FormatError(
      .usage, subject: file.name,
      "it has no table '\(name)'; it has \(names.isEmpty ? "none" : TableSource.listed(names))")
  }
}
