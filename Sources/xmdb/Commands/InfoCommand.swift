import ArgumentParser
import CatalogStore

/// `xmdb info`.
struct InfoCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show the catalogues, or one of them in detail.",
    discussion: """
      For one catalogue: where it came from, its columns with unit, UCD and role, why each role was given, the rows that \
      were kept aside by reason, its coverage, epoch, errors and motions.

      EXAMPLES
        xmdb info
        xmdb info gaia
        xmdb info gaia --json
      """)

  @Argument(help: "A catalogue; without it, all.") var catalogue: String?
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let database = try global.database()
    let registry = try database.registry()
    if let catalogue {
      let info = try registry.catalogue(catalogue)
      let report = CatalogueReport(info: info, areaDegrees2: try registry.coverage(of: info).areaDegrees2)
      if facts.json { return try process.output.line(report.json.pretty) }
      for line in report.lines { try process.output.line(line) }
    } else {
      let reports = try registry.catalogueNames().map { name in
        let info = try registry.catalogue(name)
        return CatalogueReport(info: info, areaDegrees2: try registry.coverage(of: info).areaDegrees2)
      }
      if facts.json { return try process.output.line(JSONValue.list(reports.map(\.summary)).pretty) }
      try list(reports, database, process.output)
    }
  }

  private func list(_ reports: [CatalogueReport], _ database: SkyDatabase, _ output: StandardOutput) throws {
    if reports.isEmpty {
      return try output.line("\(database.path) has no catalogues yet; `xmdb ingest FILE` adds one.")
    }
    var table = TextTable([
      ("catalogue", .left), ("sources", .right), ("problems", .right), ("epoch", .left), ("area deg²", .right),
      ("shards", .right), ("size", .right), ("ingested", .left),
    ])
    for report in reports {
      let info = report.info
      table.add([
        info.name, Format.count(info.rows), Format.count(info.problemRows), report.epochText,
        Format.short(report.areaDegrees2), String(info.shards.count), Format.bytes(info.bytes), info.created,
      ])
    }
    for line in table.lines { try output.line(line) }
  }
}
