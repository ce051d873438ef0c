/// What reading all rows of a file of delimited text has found.
struct DelimitedSurvey: Sendable {
  let state: FileState?
  let dialect: DelimitedDialect
  let rowCount: Int64
  var columns: [FileColumn]
  var remarks: [String] = []
  /// The name or number by which the table was asked for.
  var named: String?

  /// - Parameter names: The names of the columns, where no line of the file gives them.
  init(_ path: String, _ dialect: DelimitedDialect, names: [String]? = nil) throws(FormatError) {
    // The state before: a change while it is read shows afterwards.
    state = FileState(path)
    self.dialect = dialect
    var found = try DelimitedFile(path, dialect).survey()
    for (index, name) in (names ?? []).enumerated() where index < found.columns.count {
      found.columns[index].name = name
    }
    rowCount = found.rows
    columns = found.columns.map { column in
      FileColumn(
        column: TableColumn(
          name: column.name, type: column.type, fileType: column.isAllMissing ? "null" : "\(column.type)"),
        isAllMissing: column.isAllMissing)
    }
    let odd = found.columns.compactMap { column in
      column.odd.map { "'\(column.name)' (row \($0.row): '\($0.value)')" }
    }
    guard !odd.isEmpty else { return }
    remarks.append(
      "Columns that begin with numbers and are text, since not all of their values are numbers: "
        + TableSource.listed(odd) + ".")
  }

  /// Refuses a first line that cannot be one of names: with numbers, or without a single name.
  func requireNames(_ path: String) throws(FormatError) {
    let names = columns.map(\.column.name)
    // A column may be named `inf` or `nan`.
    let numbers = names.filter { Double($0) != nil && $0.contains { $0.isNumber } }
    guard numbers.isEmpty, names.contains(where: { !$0.isEmpty }) else {
      throw FormatError(
        .unsupported, subject: path,
        "its first line is to give the names of the columns, and has \(TableSource.listed(names)); put a line of names before it"
      )
    }
  }
}
