internal import CatalogStore

/// The parts of a VOTable document around its data.
///
/// Source: IVOA Recommendation VOTable 1.4.
enum VOTableDocument {
  /// A VOTable without data, for files of other formats (IVOA Note VOParquet 1.0).
  static func header(_ columns: [TableColumn], _ notes: TableNotes) throws -> String {
    var bytes: [UInt8] = []
    let xml = try XMLWriter { bytes.append(contentsOf: $0) }
    try begin(xml, columns, PlainColumns(columns).columns, notes)
    try xml.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Everything before the data; the table stays open.
  /// - Parameters:
  ///   - columns: The columns.
  ///   - plain: The same, in the types in which they are written.
  static func begin(_ xml: XMLWriter, _ columns: [TableColumn], _ plain: [TableColumn], _ notes: TableNotes) throws {
    try xml.start("VOTABLE", [("version", "1.4"), ("xmlns", "http://www.ivoa.net/xml/VOTable/v1.3")])
    try xml.start("RESOURCE", [("type", "results")])
    for (name, value) in notes.facts { try xml.element("INFO", [("name", name), ("value", value)]) }
    try xml.start("TABLE", [("name", notes.name)])
    if !notes.description.isEmpty { try xml.element("DESCRIPTION", text: notes.description) }
    for (column, plain) in zip(columns, plain) { try field(xml, column, plain) }
  }

  private static func field(_ xml: XMLWriter, _ column: TableColumn, _ plain: TableColumn) throws {
    let datatype = datatype(column, plain)
    try xml.start(
      "FIELD",
      [
        ("name", column.name.isEmpty ? "column" : column.name), ("datatype", datatype.rawValue),
        ("arraysize", datatype.isText ? "*" : nil), ("unit", plain.unit), ("ucd", plain.ucd),
        ("xtype", xtype(column.type)),
      ])
    if let description = column.description, !description.isEmpty {
      try xml.element("DESCRIPTION", text: description)
    }
    try xml.end()
  }

  /// Texts of any language are `unicodeChar`; those made of dates and numbers are ASCII.
  static func datatype(_ column: TableColumn, _ plain: TableColumn) -> VOTableField.Datatype {
    switch plain.type {
    case .bool: .boolean
    case .float64: .double
    case .float32: .float
    case .text: column.type == .text ? .unicodeChar : .char
    default: .long
    }
  }

  private static func xtype(_ type: ColumnType) -> String? {
    switch type {
    case .date, .timestamp: "timestamp"
    default: nil
    }
  }
}
