import CatalogStore

/// One catalogue in detail, for people.
struct CatalogueReport {
  let info: CatalogueInfo
  let areaDegrees2: Double

  /// The epoch in a few words.
  var epochText: String {
    if let year = info.epochYears { return "\(year)" }
    guard let range = info.epochRange else { return "unknown" }
    return "\(Format.significant(range.lowerBound, 8)) to \(Format.significant(range.upperBound, 8))"
  }

  var lines: [String] {
    var lines = facts
    if !info.problems.isEmpty { lines += section("Rows kept aside", problemTable) }
    lines += section("Roles", roleTable)
    lines += section("Columns", columnTable)
    lines += section("Inputs", inputTable)
    return lines
  }

  private func section(_ title: String, _ table: TextTable) -> [String] { ["", title] + table.lines.map { "  " + $0 } }

  private var facts: [String] {
    var table = TextTable([("", .left), ("", .left)])
    table.add(["sources", sourcesText])
    table.add(["frame", info.frame])
    table.add(["epoch", epochText])
    table.add(["area", "\(Format.short(areaDegrees2)) deg² with sources"])
    table.add([
      "position errors",
      "up to \(Format.short(info.largestSigmaArcsec))″, \(info.layout.isCircular ? "circles" : "ellipses")",
    ])
    table.add(["motions", motionText])
    table.add(["identifiers", identifierText])
    table.add(["magnitudes", info.layout.bands.isEmpty ? "none" : info.layout.bands.joined(separator: ", ")])
    if let psf = info.psf { table.add(["PSF", "\(psf), as its survey profile states"]) }
    table.add(["shards", "\(info.shards.count), \(Format.bytes(info.bytes))"])
    table.add(["ingested", "\(info.created) by xmdb \(info.program), generation \(info.number)"])
    if !info.options.isEmpty { table.add(["options", info.options.split(separator: "\n").joined(separator: "; ")]) }
    return [info.name] + table.takeRows().map { "  " + $0 }
  }

  private var sourcesText: String {
    let aside = info.problemRows > 0 ? "\(Format.count(info.problemRows)) kept aside" : "none kept aside"
    return "\(Format.count(info.rows)), from \(Format.count(info.inputRows, "row")), \(aside)"
  }

  private var motionText: String {
    if info.knownMotions == 0 { return "none" }
    let largest = Format.short(info.largestMotionMasPerYear)
    return "known for \(Format.count(info.knownMotions, "source")), up to \(largest) mas/yr, errors up to "
      + "\(Format.short(info.largestSigmaMotionMasPerYear)) mas/yr"
  }

  private var identifierText: String {
    switch info.layout.id {
    case .none: return "none; xm_rowid serves"
    case .integer, .text:
      let kind = info.layout.id == .integer ? "64-bit integers" : "text"
      return
        "\(kind), \(Format.count(info.duplicateIDs, "row")) with an id that occurs twice, \(Format.count(info.nullIDs)) without id"
    }
  }

  private var problemTable: TextTable {
    var table = TextTable([("rows", .right), ("reason", .left)])
    for problem in info.problems { table.add([Format.count(problem.rows), problem.reason]) }
    return table
  }

  private var roleTable: TextTable {
    var table = TextTable([("role", .left), ("column", .left), ("unit", .left), ("because", .left)])
    for role in info.roles {
      table.add([role.role, role.column ?? role.constant.map { "\($0)" } ?? "", role.unit ?? "", role.reason])
    }
    return table
  }

  private var columnTable: TextTable {
    var table = TextTable([
      ("column", .left), ("type", .left), ("unit", .left), ("ucd", .left), ("role", .left), ("description", .left),
    ])
    for column in info.columns {
      let roles = info.roles.filter { $0.column == column.name }.map(\.role)
      let renamed = column.sourceName == column.name ? "" : "(in the input: \(column.sourceName)) "
      table.add([
        column.name, column.type, column.unit ?? "", column.ucd ?? "", roles.joined(separator: ", "),
        renamed + (column.description ?? ""),
      ])
    }
    return table
  }

  private var inputTable: TextTable {
    var table = TextTable([("file", .left), ("rows", .right), ("size", .right), ("xxh3_128", .left)])
    for input in info.inputs {
      table.add([input.path, Format.count(input.rows), Format.bytes(input.bytes), input.fingerprint])
    }
    return table
  }
}
