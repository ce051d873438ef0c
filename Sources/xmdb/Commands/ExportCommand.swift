import ArgumentParser
import CatalogStore
import MatchRun

/// `xmdb export`.
struct ExportCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a finished match as CSV, with a description and a manifest.",
    discussion: """
      Writes matches.csv, nonmatches_A.csv, nonmatches_B.csv, matches.felis.yaml (columns, units, UCDs) and \
      manifest.json (counts and fingerprints) of the newest finished run of A and B. NULL is \\N. docs/cli.md lists the \
      columns. Files of the same names are replaced, each in one step.

      EXAMPLES
        xmdb export gaia catwise --to out/
        xmdb export gaia catwise --to out/ --header --extra-a parallax,ruwe --extra-b w1snr
      """)

  @Argument(help: "The first catalogue.") var a: String
  @Argument(help: "The second catalogue.") var b: String
  @Option(name: .customLong("to"), help: ArgumentHelp("The folder to write into; made when absent.", valueName: "dir"))
  var folder: String
  @Flag(help: "Begin each CSV with a line of column names.") var header = false
  @Option(help: ArgumentHelp("Further columns of A, separated by commas.", valueName: "columns")) var extraA: String?
  @Option(help: ArgumentHelp("Further columns of B, separated by commas.", valueName: "columns")) var extraB: String?
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    if folder.isEmpty { throw StoreError(.usage, "--to", "is empty; give a folder, for example --to out/") }
    let export = try MatchExport(
      database: global.database(), a: a, b: b, extraA: Self.names(extraA), extraB: Self.names(extraB))
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let files = try export.write(to: folder, header: header, cancellation: process.signals.cancellation) {
      table, done, all in
      progress.show { "export: \(table), \(done) of \(all) units" }
    }
    progress.clear()
    try report(files, process.output)
  }

  private static func names(_ list: String?) -> [String] {
    list?.split(separator: ",").map { String($0.trimmingPrefix(while: { $0 == " " })) } ?? []
  }

  private func report(_ files: [MatchExport.File], _ output: StandardOutput) throws {
    if facts.json { return try output.line(json(files).pretty) }
    if global.quiet { return }
    var table = TextTable([("file", .left), ("rows", .right), ("size", .right)])
    for file in files {
      let isTable = file.name.hasSuffix(".csv")
      table.add([path(file), isTable ? Format.count(file.rows) : "", Format.bytes(file.bytes)])
    }
    for line in table.lines { try output.line(line) }
  }

  private func path(_ file: MatchExport.File) -> String { (folder.hasSuffix("/") ? folder : folder + "/") + file.name }

  private func json(_ files: [MatchExport.File]) -> JSONValue {
    .list(
      files.map { file in
        .object([
          ("file", .text(path(file))), ("rows", file.name.hasSuffix(".csv") ? .integer(file.rows) : .null),
          ("bytes", .integer(file.bytes)), ("xxh3_128", .text(file.fingerprint)),
        ])
      })
  }
}
