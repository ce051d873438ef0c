extension DelimitedSurvey {
  /// What reading one table of a file of VizieR's has found, with what its comments say of columns.
  init(vizieR file: TableFile) throws(FormatError) {
    let tables = try VizieRScan.tables(of: file.path)
    let place = try Self.place(file, tables)
    let table = tables[place]
    let dialect = DelimitedDialect(
      skip: Int(table.skip), length: table.length, delimiter: table.delimiter, columnCount: table.columns.count)
    try self.init(file.path, dialect, names: table.columns)
    for index in columns.indices { columns[index] = Self.described(columns[index], index, table) }
    if file.table == nil, tables.count > 1 {
      remarks.append(
        "Of its \(tables.count) tables the first is read; \(file.path)[2] names the second, for example.")
    }
    if !table.otherFrames.isEmpty {
      remarks.append("Coordinate systems of the file: \(TableSource.listed(table.otherFrames)).")
    }
    named = file.table
  }

  private static func place(_ file: TableFile, _ tables: [VizieRTable]) throws(FormatError) -> Int {
    guard let wanted = file.table, !tables.isEmpty else {
      if tables.isEmpty { throw FormatError(.truncated, subject: file.path, "it ends before its first table") }
      return 0
    }
    if let place = tables.firstIndex(where: { $0.name == wanted }) { return place }
    if let number = Int(wanted), tables.indices.contains(number - 1) { return number - 1 }
    let names = tables.enumerated().map { "\($0 + 1)" + ($1.name.map { " (\($0))" } ?? "") }
    throw FormatError(
      .usage, subject: file.name, "it has no table '\(wanted)'; it has \(TableSource.listed(names))")
  }

  /// The column with its type by the format that the comments give, if its values fit; with unit, UCD and description.
  private static func described(_ found: FileColumn, _ index: Int, _ table: VizieRTable) -> FileColumn {
    let (name, unit) = (table.columns[index], table.units[index])
    let note = table.notes[name] ?? VizieRTable.Note()
    let isNumber = found.isAllMissing || found.column.type.isNumeric
    let type: ColumnType =
      switch note.format?.first {
      case "A": .text
      case "F", "E", "D": isNumber ? .float64 : found.column.type
      case "I" where found.isAllMissing: .int64
      default: found.column.type
      }
    var column = TableColumn(
      name: name, type: type, fileType: note.format, unit: unit.isEmpty ? nil : unit, ucd: note.ucd,
      description: note.description)
    if note.ucd?.hasPrefix("pos.eq") == true { column.frame = table.frame }
    return FileColumn(column: column, isAllMissing: found.isAllMissing)
  }
}
