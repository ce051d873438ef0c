extension DelimitedSurvey {
  /// What reading all rows of an ECSV file has found, with the types that its header gives.
  init(ecsv file: TableFile) throws(FormatError) {
    let header = try ECSVHeader(file)
    try self.init(file.path, header.dialect)
    remarks = []
    for index in columns.indices { columns[index] = try Self.declared(columns[index], index, header, file.path) }
  }

  /// The column as the header has it, if its values fit.
  private static func declared(
    _ found: FileColumn, _ index: Int, _ header: ECSVHeader, _ path: String
  ) throws(FormatError) -> FileColumn {
    let name = found.column.name
    guard ColumnNames.areIdentical(header.notes.names[index], name), let note = header.notes.note(name),
      let word = note.type
    else {
      throw FormatError(
        .damaged, subject: path,
        "column \(index + 1) is '\(header.notes.names[index])' in its ECSV header and '\(name)' in the line of names")
    }
    guard let type = type(word) else {
      return FileColumn(
        column: TableColumn(name: name, type: .binary, fileType: word), isNested: true)
    }
    guard note.subtype == nil || type != .text else {
      return FileColumn(column: TableColumn(name: name, type: .binary, fileType: note.subtype), isNested: true)
    }
    guard found.isAllMissing || fits(found.column.type, type) else {
      throw FormatError(
        .damaged, subject: path,
        "column '\(name)' is \(word) in its ECSV header, and its values are of type \(found.column.type)")
    }
    return FileColumn(
      column: TableColumn(
        name: name, type: type, fileType: word, unit: note.unit, ucd: note.ucd, description: note.description),
      isAllMissing: found.isAllMissing)
  }

  private static func type(_ word: String) -> ColumnType? {
    switch word {
    case "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32": .int64
    case "uint64": .uint64
    case "float16", "float32": .float32
    case "float64", "float128": .float64
    case "bool": .bool
    case "string", "str": .text
    default: nil
    }
  }

  /// Whether values that were found to be of one type can be read as another.
  private static func fits(_ found: ColumnType, _ declared: ColumnType) -> Bool {
    switch declared {
    case .text: true
    case .float32, .float64: found.isNumeric
    case .uint64: found == .int64 || found == .uint64
    default: found == declared
    }
  }
}
