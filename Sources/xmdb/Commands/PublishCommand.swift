import ArgumentParser
import CatalogStore
import Delivery

/// `xmdb publish`.
struct PublishCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Write a finished match as one ordinary SQLite file.",
    discussion: """
      The file has the tables matches, nonmatches_A and nonmatches_B, with indexes on the identifiers, and what any program \
      should know of them: units, UCDs and descriptions in column_notes, the run and its inputs in provenance. sqlite3, \
      Datasette, DB Browser or pandas open it without xmdb.

      EXAMPLES
        xmdb publish 1 --to run1.sqlite
        xmdb publish 1 --to run1.sqlite --columns 'a.g_mag,b.*'
      """)

  @Argument(help: ArgumentHelp("The run; `xmdb runs` lists them.", valueName: "run")) var run: Int64
  @Option(name: .customLong("to"), help: ArgumentHelp("The file to write.", valueName: "file")) var path: String
  @Option(
    help: ArgumentHelp(
      "Columns of the catalogues beside those of the match, separated by commas: a.NAME, b.NAME, a.*, b.*.",
      valueName: "columns"))
  var columns: String?
  @Flag(help: "Replace a file of that name.") var force = false
  @Option(help: ArgumentHelp("Threads to use (default: one per processor).", valueName: "n")) var threads: Int?
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads); allowed: 1 or more. Leave it out to use every processor.")
    }
  }

  func run(in process: CommandProcess) throws {
    if path.isEmpty { throw StoreError(.usage, "--to", "is empty; give a file, for example --to run.sqlite") }
    try OwnFiles(force: force, command: "publish").requireReplaceable(path) { _ in false }
    let publication = try MatchPublication(
      database: global.database(), run: run, columns: columns.map(TableOptions.names) ?? [])
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let tables = try publication.write(
      to: path, threads: threads ?? WorkerThreads.available, cancellation: process.signals.cancellation
    ) { table, done, all in progress.show { "publish: \(table), \(done) of \(all) parts" } }
    progress.clear()
    try report(tables, process.output)
  }

  private func report(_ tables: [MatchPublication.Table], _ output: StandardOutput) throws {
    if facts.json {
      return try output.line(
        JSONValue.object([
          ("file", .text(path)), ("bytes", .integer(FileSystem.size(path))),
          (
            "tables",
            .list(
              tables.map {
                .object([
                  ("name", .text($0.name)), ("rows", .integer($0.rows)), ("columns", .integer(Int64($0.columns))),
                ])
              })
          ),
        ]).pretty)
    }
    if global.quiet { return }
    var table = TextTable([("table", .left), ("rows", .right), ("columns", .right)])
    for one in tables { table.add([one.name, Format.count(one.rows), Format.count(Int64(one.columns))]) }
    for line in table.lines { try output.line(line) }
    try output.line("\(path): \(Format.bytes(FileSystem.size(path) ?? 0)).")
  }
}
