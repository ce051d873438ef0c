internal import ADQL
internal import CatalogStore
internal import Formats

/// What the service can do, as clients ask for it.
///
/// Source: IVOA Recommendations VOSI 1.1, TAPRegExt 1.0, VODataService 1.1, DALI 1.1 (examples).
enum Capabilities {
  private static let xsi = ("xmlns:xsi", Optional("http://www.w3.org/2001/XMLSchema-instance"))

  private static func document(_ body: (XMLWriter) throws -> Void) throws -> Reply {
    let spool = Spool()
    let xml = try XMLWriter { try spool.write($0) }
    try body(xml)
    try xml.finish()
    return Reply("text/xml", spool)
  }

  static func availability() throws -> Reply {
    try document { xml in
      try xml.start("vosi:availability", [("xmlns:vosi", "http://www.ivoa.net/xml/VOSIAvailability/v1.0")])
      try xml.element("vosi:available", text: "true")
    }
  }

  // MARK: Capabilities

  /// - Parameter base: The address of the service, such as `http://127.0.0.1:8080`.
  static func tap(_ base: String, _ settings: ServeSettings) throws -> Reply {
    try document { xml in
      try startCapabilities(xml)
      try xml.start("capability", [("standardID", "ivo://ivoa.net/std/TAP"), ("xsi:type", "tr:TableAccess")])
      try interface(xml, base + "/tap", version: "1.1", role: "std", use: "base")
      try languages(xml)
      for (media, aliases) in ResultFormat.listed {
        try xml.start("outputFormat")
        try xml.element("mime", text: media)
        for alias in aliases { try xml.element("alias", text: alias) }
        try xml.end()
      }
      try xml.element("uploadMethod", [("ivo-id", "ivo://ivoa.net/std/TAPRegExt#upload-inline")])
      let seconds = String(Int(settings.secondsPerQuery.rounded(.up)))
      try limits(xml, "executionDuration", nil, seconds)
      try limits(xml, "outputLimit", "row", String(settings.mostRows))
      try limits(xml, "uploadLimit", "byte", String(settings.mostUploadBytes))
      try xml.end()
      for (name, standard) in [
        ("capabilities", "capabilities"), ("availability", "availability"), ("tables", "tables-1.1"),
      ] {
        try xml.start("capability", [("standardID", "ivo://ivoa.net/std/VOSI#\(standard)")])
        try interface(xml, "\(base)/tap/\(name)", version: nil, role: "std", use: "full")
        try xml.end()
      }
      try xml.start("capability", [("standardID", "ivo://ivoa.net/std/DALI#examples")])
      try interface(xml, "\(base)/tap/examples", version: nil, role: "std", use: "full", type: "vr:WebBrowser")
      try xml.end()
    }
  }

  private static func startCapabilities(_ xml: XMLWriter) throws {
    try xml.start(
      "vosi:capabilities",
      [
        ("xmlns:vosi", "http://www.ivoa.net/xml/VOSICapabilities/v1.0"),
        ("xmlns:vr", "http://www.ivoa.net/xml/VOResource/v1.0"),
        ("xmlns:vs", "http://www.ivoa.net/xml/VODataService/v1.1"),
        ("xmlns:tr", "http://www.ivoa.net/xml/TAPRegExt/v1.0"), xsi,
      ])
  }

  private static func interface(
    _ xml: XMLWriter, _ address: String, version: String?, role: String, use: String, type: String = "vs:ParamHTTP"
  ) throws {
    try xml.start("interface", [("role", role), ("version", version), ("xsi:type", type)])
    try xml.element("accessURL", [("use", use)], text: address)
    try xml.end()
  }

  private static func limits(_ xml: XMLWriter, _ name: String, _ unit: String?, _ limit: String) throws {
    try xml.start(name)
    for which in ["default", "hard"] { try xml.element(which, [("unit", unit)], text: limit) }
    try xml.end()
  }

  private static let geometry = ["POINT", "CIRCLE", "CONTAINS", "INTERSECTS", "DISTANCE", "COORD1", "COORD2", "AREA"]

  /// Features of ADQL, by the kinds that TAPRegExt and ADQL 2.1 have.
  private static let features: [(kind: String, forms: [String])] = [
    ("adqlgeo", geometry), ("adql-string", ["LOWER", "UPPER", "ILIKE"]),
    ("adql-sets", ["UNION", "EXCEPT", "INTERSECT"]), ("adql-common-table", ["WITH"]), ("adql-offset", ["OFFSET"]),
    ("adql-type", ["CAST"]), ("adql-conditional", ["COALESCE"]),
  ]

  private static func languages(_ xml: XMLWriter) throws {
    try xml.start("language")
    try xml.element("name", text: "ADQL")
    for version in ["2.0", "2.1"] {
      try xml.element("version", [("ivo-id", "ivo://ivoa.net/std/ADQL#v\(version)")], text: version)
    }
    try xml.element("description", text: "ADQL; what of it is left out, docs/serve.md lists.")
    try xml.start("languageFeatures", [("type", "ivo://ivoa.net/std/TAPRegExt#features-udf")])
    for function in QueryConnection.userFunctions {
      try xml.start("feature")
      let type = function.type == .text ? "VARCHAR" : function.type == .long ? "BIGINT" : "DOUBLE"
      try xml.element("form", text: "\(function.signature) -> \(type)")
      try xml.element("description", text: function.description)
      try xml.end()
    }
    try xml.end()
    for (kind, forms) in features {
      try xml.start("languageFeatures", [("type", "ivo://ivoa.net/std/TAPRegExt#features-\(kind)")])
      for form in forms {
        try xml.start("feature")
        try xml.element("form", text: form)
        try xml.end()
      }
      try xml.end()
    }
    try xml.end()
    try xml.start("language")
    try xml.element("name", text: "XMDB-SQL")
    try xml.element("version", text: "1")
    try xml.element("description", text: "SQLite's SQL with the functions and tables of xmdb (docs/sql.md).")
    try xml.end()
  }

  // MARK: Tables

  static func tables(_ sky: SkyTables) throws -> Reply {
    try document { xml in
      try xml.start(
        "vosi:tableset",
        [
          ("xmlns:vosi", "http://www.ivoa.net/xml/VOSITables/v1.0"),
          ("xmlns:vs", "http://www.ivoa.net/xml/VODataService/v1.1"), xsi,
        ])
      for (schema, description) in SkyTables.schemas {
        let tables = sky.tables.filter { $0.schema.lowercased() == schema }
        try xml.start("schema")
        try xml.element("name", text: tables.first?.schema ?? schema)
        try xml.element("description", text: description)
        for table in tables { try self.table(xml, table, TapSchema.ownKeys + sky.keys) }
        try xml.end()
      }
    }
  }

  private static func table(_ xml: XMLWriter, _ table: TableDefinition, _ keys: [SkyTables.Key]) throws {
    try xml.start("table", [("type", "table")])
    try xml.element("name", text: table.fullName)
    try xml.element("description", text: table.description)
    for column in table.columns {
      try xml.start("column")
      try xml.element("name", text: ADQL.spelling(of: column.name))
      for (name, value) in [("description", column.description), ("unit", column.unit), ("ucd", column.ucd)] {
        if let value, !value.isEmpty { try xml.element(name, text: value) }
      }
      let type = column.type ?? .text
      try xml.element(
        "dataType", [("xsi:type", "vs:VOTableType"), ("arraysize", type.isNumeric ? nil : "*")], text: type.votable)
      if column.isIndexed { try xml.element("flag", text: "indexed") }
      try xml.end()
    }
    for key in keys where key.table == table.fullName {
      try xml.start("foreignKey")
      try xml.element("targetTable", text: key.target)
      try xml.start("fkColumn")
      try xml.element("fromColumn", text: key.column)
      try xml.element("targetColumn", text: key.targetColumn)
      try xml.end()
      try xml.end()
    }
    try xml.end()
  }

  // MARK: Examples

  /// A page with queries that fit the tables there are.
  static func examples(_ sky: SkyTables) throws -> Reply {
    var reply = try document { xml in
      try xml.start("html", [("xmlns", "http://www.w3.org/1999/xhtml")])
      try xml.start("head")
      try xml.element("title", text: "Examples")
      try xml.end()
      try xml.start("body", [("vocab", "http://www.ivoa.net/rdf/examples#")])
      for (place, example) in exampleQueries(sky).enumerated() {
        let id = "example\(place + 1)"
        try xml.start("div", [("typeof", "example"), ("id", id), ("resource", "#\(id)")])
        try xml.element("h2", [("property", "name")], text: example.name)
        try xml.element("pre", [("property", "query")], text: example.query)
        try xml.end()
      }
      try xml.end()
    }
    reply.contentType = "application/xhtml+xml"
    return reply
  }

  static func exampleQueries(_ sky: SkyTables) -> [(name: String, query: String)] {
    var examples = [("Which tables there are", "SELECT table_name, description FROM TAP_SCHEMA.tables")]
    for catalogue in sky.catalogues.prefix(5) {
      guard let position = catalogue.position else { continue }
      let (ra, dec) = (ADQL.spelling(of: position.ra), ADQL.spelling(of: position.dec))
      examples.append(
        (
          "Sources of \(catalogue.name) around a position",
          "SELECT TOP 100 * FROM catalogues.\(ADQL.spelling(of: catalogue.name)) "
            + "WHERE 1 = CONTAINS(POINT('ICRS', \(ra), \(dec)), CIRCLE('ICRS', 66.75, 16.0, 0.5))"
        ))
    }
    if let match = sky.tables.first(where: { $0.schema == "matches" }) {
      examples.append(
        ("Probable counterparts", "SELECT TOP 100 a_id, b_id, pair_p FROM \(match.fullName) WHERE pair_p > 0.9"))
    }
    return examples
  }
}
