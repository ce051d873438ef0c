internal import ADQL
internal import CatalogStore
internal import Formats

/// Columns of catalogues and of results, as queries know them.
enum CatalogueColumns {
  /// All columns of a catalogue's table.
  static func all(_ info: CatalogueInfo, _ database: SkyDatabase) throws -> [ColumnDefinition] {
    // Unsigned integers are texts where one of them is 2⁶³ or more; the shards say.
    let hasUnsigned = info.columns.contains { $0.type == "uint64" }
    let declared =
      hasUnsigned ? try info.shards.first.map { try WideShard($0.file(in: database)).declaredTypes() } ?? [:] : [:]
    let indexed = Set(["id", "ra", "dec"].compactMap { info.column(role: $0) })
    let own = info.columns.map { column in
      let role = info.roles.first { $0.column == column.name }
      let type = ColumnType(column.type)
      let isText = declared[column.name]?.hasPrefix("TEXT") == true
      return ColumnDefinition(
        column.name, isText ? .text : valueType(type),
        unit: column.unit ?? role?.unit.flatMap { $0.isEmpty ? nil : $0 } ?? type?.step?.rawValue,
        ucd: column.ucd ?? role.flatMap { ucd(ofRole: $0.role) }, description: description(column, type),
        isIndexed: indexed.contains(column.name))
    }
    return own + [
      ColumnDefinition(
        "xm_rowid", .long, ucd: "meta.record", description: "position in the catalogue's sky order, from 0",
        isIndexed: true),
      ColumnDefinition(
        "xm_healpix29", .long, ucd: "pos.healpix", description: "HEALPix index of the position, order 29, nested",
        isIndexed: true),
    ]
  }

  private static func description(_ column: ColumnInfo, _ type: ColumnType?) -> String? {
    guard let type, case .timestamp = type else { return column.description }
    return [column.description, "since 1970-01-01T00:00:00"].compactMap(\.self).joined(separator: "; ")
  }

  private static func valueType(_ type: ColumnType?) -> ValueKind? {
    switch type {
    case .float64?: .double
    case .float32?: .float
    case .text?: .text
    case .binary?: .bytes
    case .bool?: .short
    case .int64?, .uint64?, .date?, .time?, .timestamp?, .duration?: .long
    case nil: nil
    }
  }

  private static func ucd(ofRole role: String) -> String? {
    switch role {
    case "id": "meta.id;meta.main"
    case "ra": "pos.eq.ra;meta.main"
    case "dec": "pos.eq.dec;meta.main"
    case let role where role.hasPrefix("mag:"): "phot.mag"
    default: nil
    }
  }

  /// The columns that are the position, where both are numbers in degrees.
  static func position(_ info: CatalogueInfo, _ columns: [ColumnDefinition]) -> (ra: String, dec: String)? {
    func column(_ role: String) -> String? {
      guard let found = info.roles.first(where: { $0.role == role }), found.unit == "deg", let name = found.column,
        columns.first(where: { $0.name == name })?.type?.isNumeric == true
      else { return nil }
      return name
    }
    guard let ra = column("ra"), let dec = column("dec") else { return nil }
    return (ra, dec)
  }

  /// A column of a result.
  static func ofResult(
    _ column: ResultColumn, _ kind: ResultTable, _ first: CatalogueInfo, _ second: CatalogueInfo
  ) -> ColumnDefinition {
    let type: ValueKind =
      switch column.kind {
      case .real: .double
      case .integer: .long
      case .text: .text
      case .identifier:
        ["a_id", "b_runner_up_id", "id"].contains(column.name) ? identifierType(first) : identifierType(second)
      }
    return ColumnDefinition(
      column.name, type, unit: column.unit, ucd: column.ucd, description: column.description,
      isIndexed: column.isIndexed)
  }

  private static func identifierType(_ info: CatalogueInfo) -> ValueKind {
    if case .text = info.layout.id { .text } else { .long }
  }
}
