internal import ADQL
internal import CatalogStore
internal import Formats

/// A VOTable that came with a request, as a table of the schema `tap_upload`.
final class UploadedTable {
  let name: String
  let columns: [ColumnDefinition]
  private let reader: any TableReader
  private let places: [Int]
  /// Holds the file that the reader reads.
  private let contents: Spool

  /// - Throws: `RequestError` for a name that is none, and for what is no VOTable.
  init(name: String, _ bytes: [UInt8]) throws {
    guard SQLText.isPlain(name) else {
      throw RequestError.wrong("UPLOAD names a table '\(name.prefix(60))'; allowed are letters, digits and _")
    }
    self.name = name
    contents = Spool()
    try contents.write(bytes)
    do {
      reader = try TableFormat.open(contents.path(), as: .votable)
    } catch let error as FormatError {
      throw RequestError.wrong("the uploaded table '\(name)' cannot be read: \(error.message)")
    }
    var columns: [ColumnDefinition] = []
    var places: [Int] = []
    var taken: Set<String> = []
    for (place, file) in reader.columns().enumerated() where !file.isNested {
      var own = file.column.name.isEmpty ? "column" : file.column.name
      while !taken.insert(own.lowercased()).inserted { own += "_1" }
      places.append(place)
      var column = ColumnDefinition(
        own, Self.type(file.column), unit: file.column.unit, ucd: file.column.ucd,
        description: file.column.description)
      column.xtype = file.column.xtype
      columns.append(column)
    }
    guard !columns.isEmpty, columns.count <= 1000 else {
      throw RequestError.wrong("the uploaded table '\(name)' has \(columns.count) columns; allowed: 1 to 1000")
    }
    (self.columns, self.places) = (columns, places)
  }

  private static func type(_ column: TableColumn) -> ValueKind {
    let word = column.fileType.prefix { $0 != "[" }
    if let kind = ["unsignedByte": ValueKind.short, "short": .short, "int": .int, "char": .char][String(word)] {
      return kind
    }
    return switch column.type {
    case .float64: .double
    case .float32: .float
    case .bool: .short
    case .text: .text
    case .binary: .bytes
    default: .long
    }
  }

  /// What stands for it in SQL.
  var sql: String { "\"tap_upload\".\(SQLText.identifier(name))" }

  /// Its columns in CREATE TABLE.
  var declaration: String {
    columns.map { column in
      let type =
        switch column.type {
        case .short, .int, .long: "INTEGER"
        case .float, .double: "REAL"
        default: "TEXT"
        }
      return "\(SQLText.identifier(column.name)) \(type)"
    }.joined(separator: ", ")
  }

  var definition: TableDefinition {
    TableDefinition(schema: "tap_upload", name: name, sql: sql, description: "uploaded", columns: columns)
  }

  /// Adds the rows to the table.
  func forEachRow(most: Int64, _ stop: QueryStop, _ insert: QueryConnection.Insert) throws {
    let all = reader.columns()
    let wanted = places.map { WantedColumn(origin: .file(column: $0, mask: nil), type: all[$0].column.type) }
    var count: Int64 = 0
    do {
      try reader.forEachBatch(wanted, batchRows: 4096, batchBytes: 1 << 22) { rows, buffers in
        try stop.check()
        count += Int64(rows)
        if count > most {
          throw RequestError.wrong("the uploaded table '\(name)' has more than the \(most) rows that are allowed")
        }
        for row in 0..<rows {
          for (place, buffer) in buffers.enumerated() { Self.bind(buffer, row, place, insert) }
          try insert.end()
        }
      }
    } catch let error as FormatError {
      throw RequestError.wrong("the uploaded table '\(name)' cannot be read: \(error.message)")
    }
  }

  private static func bind(_ buffer: ColumnBuffer, _ row: Int, _ place: Int, _ insert: QueryConnection.Insert) {
    guard buffer.validity.isPresent(row) else { return insert.bindNull(place) }
    switch buffer.values {
    case .int64(let values): insert.bind(place, values[row])
    case .uint64(let values): insert.bind(place, Int64(bitPattern: values[row]))
    case .float64(let values): insert.bind(place, values[row])
    case .float32(let values): insert.bind(place, Double(values[row]))
    case .bool(let values): insert.bind(place, Int64(values[row] == 0 ? 0 : 1))
    case .text(let strings), .binary(let strings): insert.bind(place, strings[row])
    }
  }
}
