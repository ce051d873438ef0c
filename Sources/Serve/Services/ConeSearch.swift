internal import ADQL
internal import CatalogStore

/// Simple cone search 1.03 of one catalogue: the sources around a position.
///
/// Source: IVOA Recommendation Simple Cone Search 1.03.
struct ConeSearch: Sendable {
  let catalogue: String
  private let ra: Double
  private let dec: Double
  private let radius: Double
  private let verbosity: Int64
  private let most: Int64
  private let format: ResultFormat
  private let contentType: String

  /// - Throws: `RequestError` for a parameter that is missing or wrong.
  init(_ catalogue: String, _ parameters: Parameters, _ settings: ServeSettings) throws {
    func required(_ name: String, _ range: ClosedRange<Double>) throws -> Double {
      guard let value = try parameters.number(name) else {
        throw RequestError.wrong("\(name) is missing; expected are RA, DEC and SR in degrees")
      }
      guard range.contains(value) else {
        throw RequestError.wrong("\(name) is \(value); allowed: \(range.lowerBound) to \(range.upperBound) degrees")
      }
      return value
    }
    self.catalogue = catalogue
    ra = try required("RA", -360...720)
    dec = try required("DEC", -90...90)
    radius = try required("SR", 0...180)
    verbosity = try parameters.count("VERB") ?? 2
    guard (1...3).contains(verbosity) else { throw RequestError.wrong("VERB is \(verbosity); allowed: 1, 2, 3") }
    // With a radius of 0 the client asks for the columns alone (section 2.1).
    let wanted = radius == 0 ? 0 : try parameters.count("MAXREC") ?? settings.mostRows
    most = min(wanted, settings.mostRows)
    if let asked = parameters["RESPONSEFORMAT"] {
      (format, contentType) = try ResultFormat.asked(asked)
    } else {
      (format, contentType) = (.tableData, ResultFormat.votable)
    }
  }

  /// Runs on a thread of the pool.
  func reply(_ connection: QueryConnection, _ stop: QueryStop) throws -> Reply {
    try connection.refresh()
    guard let catalogue = connection.sky.catalogue(catalogue) else {
      let names = connection.sky.catalogues.map(\.name).joined(separator: ", ")
      throw RequestError(404, "there is no catalogue '\(self.catalogue)'; there are: \(names)")
    }
    let (sql, columns) = statement(catalogue)
    let rows = try connection.rows(sql, columns, most: most, stop)
    let notes = ResultNotes(description: "Sources of \(catalogue.name) within \(radius) deg of \(ra), \(dec)")
    var reply = Reply(contentType, try format.write(rows, notes))
    reply.rows = rows.count
    return reply
  }

  /// Each of ID_MAIN, POS_EQ_RA_MAIN and POS_EQ_DEC_MAIN must be there once, in the words of UCD1 (section 2.2).
  private func statement(_ catalogue: SkyTables.Catalogue) -> (sql: String, columns: [ColumnDefinition]) {
    let position = catalogue.position
    let id = catalogue.id ?? "xm_rowid"
    var columns = [
      ColumnDefinition(id, .char, ucd: "ID_MAIN", description: "identifier"),
      ColumnDefinition(
        position?.ra ?? "ra_deg", .double, unit: "deg", ucd: "POS_EQ_RA_MAIN", description: "right ascension"),
      ColumnDefinition(
        position?.dec ?? "dec_deg", .double, unit: "deg", ucd: "POS_EQ_DEC_MAIN", description: "declination"),
    ]
    var items = ["CAST(g.\(SQLText.identifier(id)) AS TEXT)"]
    items += [position.map { "g.\(SQLText.identifier($0.ra))" } ?? "c.ra_deg"]
    items += [position.map { "g.\(SQLText.identifier($0.dec))" } ?? "c.dec_deg"]
    let taken = Set(columns.map(\.name))
    for column in catalogue.columns where !taken.contains(column.name) && isWanted(column, catalogue) {
      items.append("g.\(SQLText.identifier(column.name))")
      var plain = column
      if let ucd = column.ucd, ucd.hasSuffix(";meta.main") { plain.ucd = String(ucd.dropLast(10)) }
      columns.append(plain)
    }
    items.append("c.separation_arcsec")
    columns.append(
      ColumnDefinition(
        "separation_arcsec", .double, unit: "arcsec", ucd: "pos.angDistance",
        description: "separation from the centre"))
    let cone = "xm_cone('\(catalogue.name.replacing("'", with: "''"))', \(ra), \(dec), \(radius))"
    let table = SQLText.identifier(catalogue.name)
    return (
      "SELECT \(items.joined(separator: ", ")) FROM \(cone) AS c JOIN \(table) AS g ON g.xm_rowid = c.xm_rowid", columns
    )
  }

  private func isWanted(_ column: ColumnDefinition, _ catalogue: SkyTables.Catalogue) -> Bool {
    switch verbosity {
    case 1: false
    case 2: catalogue.roles.contains(column.name)
    default: true
    }
  }
}
