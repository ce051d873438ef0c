import ArgumentParser
import CatalogStore
import Delivery

/// `xmdb export`.
struct ExportCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a finished match as CSV, with a description and a manifest.",
    discussion: """
      Writes matches.csv, nonmatches_A.csv, nonmatches_B.csv, matches.felis.yaml (columns, units, UCDs) and \
      manifest.json (counts and fingerprints) of the newest finished run of A and B, or of the one that --run names. NULL is \\N. docs/cli.md lists the \
      columns. An export that is there already is replaced when the new one is complete: the files that its manifest lists, \
      no others. Files of the same names that no export has written are refused, unless --force is given. The contents do \
      not depend on --threads.

      --per-pixel ORDER divides each table into files such as matches/Norder=5/Npix=123.csv. The rows of an island are in \
      the pixel of its first member on the sky; the files in the order of their pixels are the undivided one.

      EXAMPLES
        xmdb export gaia catwise --to out/
        xmdb export gaia catwise --to out/ --header --extra-a parallax,ruwe --extra-b w1snr
        xmdb export gaia catwise --to out/ --per-pixel 5 --threads 16
      """)

  @Argument(help: "The first catalogue.") var a: String
  @Argument(help: "The second catalogue.") var b: String
  @Option(name: .customLong("to"), help: ArgumentHelp("The folder to write into; made when absent.", valueName: "dir"))
  var folder: String
  @Option(help: ArgumentHelp("The run to export; without it, the newest. `xmdb runs` lists them.", valueName: "number"))
  var run: Int64?
  @Flag(help: "Begin each CSV with a line of column names.") var header = false
  @Option(help: ArgumentHelp("Further columns of A, separated by commas.", valueName: "columns")) var extraA: String?
  @Option(help: ArgumentHelp("Further columns of B, separated by commas.", valueName: "columns")) var extraB: String?
  @Option(
    help: ArgumentHelp("Divide the tables into one file for each HEALPix pixel of this order.", valueName: "order"))
  var perPixel: Int?
  @Flag(help: "Replace files of the same names that no export has written, too.") var force = false
  @Option(help: ArgumentHelp("Threads to use (default: one per processor).", valueName: "n")) var threads: Int?
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads); allowed: 1 or more. Leave it out to use every processor.")
    }
    if let perPixel, !MatchExport.pixelOrders.contains(perPixel) {
      throw ValidationError(
        "--per-pixel is \(perPixel); allowed: HEALPix orders 0 to \(MatchExport.pixelOrders.upperBound), for example 5")
    }
  }

  func run(in process: CommandProcess) throws {
    if folder.isEmpty { throw StoreError(.usage, "--to", "is empty; give a folder, for example --to out/") }
    let export = try MatchExport(
      database: global.database(), a: a, b: b, run: run, extraA: Self.names(extraA), extraB: Self.names(extraB))
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let options = MatchExport.Options(
      header: header, pixelOrder: perPixel, threads: threads ?? WorkerThreads.available, replacesOthers: force)
    let files = try export.write(to: folder, options, cancellation: process.signals.cancellation) {
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
    for file in Self.foldersSummed(files) {
      let isTable = file.fingerprint.isEmpty || file.name.hasSuffix(".csv")
      table.add([path(file), isTable ? Format.count(file.rows) : "", Format.bytes(file.bytes)])
    }
    for line in table.lines { try output.line(line) }
  }

  /// One line for all files of a folder.
  private static func foldersSummed(_ files: [MatchExport.File]) -> [MatchExport.File] {
    var lines: [(folder: Substring?, files: Int, sum: MatchExport.File)] = []
    for file in files {
      let folder = file.name.firstIndex(of: "/").map { file.name[..<$0] }
      if folder != nil, let last = lines.indices.last, lines[last].folder == folder {
        lines[last].files += 1
        lines[last].sum.rows += file.rows
        lines[last].sum.bytes += file.bytes
      } else {
        lines.append((folder, 1, file))
      }
    }
    return lines.map { line in
      var sum = line.sum
      if let folder = line.folder { (sum.name, sum.fingerprint) = ("\(folder)/ (\(line.files) files)", "") }
      return sum
    }
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
