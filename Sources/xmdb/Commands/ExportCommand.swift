import ArgumentParser
import CatalogStore
import Delivery

/// `xmdb export`.
struct ExportCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a finished match as one table, or as a package of CSV files with a description and a manifest.",
    discussion: """
      ONE TABLE
        --out FILE writes the newest finished run of A and B, or the one that --run names, as one table: Parquet, FITS, VOTable, CSV \
      or Arrow, by the name of the file or --format; for CSV, VOTable and FITS .gz, .zst, .bz2 or .lz4 behind the name compresses it. It has the columns of xmatch, or \
      those of --columns: names of xmatch's columns, a.NAME and b.NAME for columns of the catalogues, in any order. Units, UCDs and \
      descriptions go with them. --find and --join choose rows as STILTS does: all candidates, sources without a pair.

      A PACKAGE
      --to DIR: what a data access centre ingests. \
      Writes matches.csv, nonmatches_A.csv, nonmatches_B.csv, matches.felis.yaml (columns, units, UCDs) and \
      manifest.json (counts and fingerprints) of the newest finished run of A and B, or of the one that --run names. NULL is \\N. docs/cli.md lists the \
      columns. An export that is there already is replaced when the new one is complete: the files that its manifest lists, \
      no others. Files of the same names that no export has written are refused, unless --force is given. The contents do \
      not depend on --threads.

      --per-pixel ORDER divides each table into files such as matches/Norder=5/Npix=123.csv. The rows of an island are in \
      the pixel of its first member on the sky; the files in the order of their pixels are the undivided one.

      --pairs adds all candidate pairs with the logarithm of their probability, as Rubin's DiaObject_To_Object_Match has them. \
      --qserv divides the tables among the chunks of a Qserv: matches/chunk_N.txt with the numbers of chunk and sub-chunk in each row, \
      chunk_N_overlap.txt, and the JSON that registers database, tables and indexes (REST interface 55). Each table is a director; where the \
      Qserv holds the catalogues, --director-a and --director-b name their tables, and matches join them.

      A HATS CATALOGUE
      --to DIR --format hats: a folder of Parquet files by pixels of the sky, that LSDB opens: an association of the catalogues \
      (pairs of ids, with what the match found), or with --joined one catalogue with the columns of both. --columns, --find and --join are as for one table. \
      With --joined, --margin 10 adds the rows within 10 arcsec of the border of each file, as a margin beside the catalogue, and DIR is a collection of both.

      A COVERAGE MAP
      --moc FILE.fits or FILE.json: the sky that both catalogues cover, as a MOC (IVOA MOC 2.0). No match is needed. With --flagged \
      the cells in which sources lie whose rows are flagged so in the newest finished run, or in that of --run: any, or names of flags, separated by commas.

      EXAMPLES
        xmdb export gaia catwise --out matches.parquet
        xmdb export gaia catwise --out all.fits.gz --join 1or2 --columns 'a.*,b.*,pair_p,flags'
        xmdb export gaia catwise --out pairs.csv --find all --null NULL
        xmdb export gaia catwise --to out/
        xmdb export gaia catwise --to out/ --header --extra-a parallax,ruwe --extra-b w1snr
        xmdb export gaia catwise --to out/ --per-pixel 5 --threads 16
        xmdb export gaia catwise --to out/ --qserv --stripes 340 --sub-stripes 3 --overlap 0.01667
        xmdb export gaia catwise --to out/ --qserv --director-a gaia_dr3.source --director-b catwise.source --pairs
        xmdb export gaia catwise --to gaia_x_catwise --format hats
        xmdb export gaia catwise --moc common.fits
        xmdb export gaia catwise --moc doubtful.fits --flagged crowded,entangled
        xmdb export gaia catwise --to joined --format hats --joined --join all1
        xmdb export gaia catwise --to joined --format hats --joined --margin 10
      """)

  @Argument(help: "The first catalogue.") var a: String
  @Argument(help: "The second catalogue.") var b: String
  @OptionGroup var table: TableOptions
  @Option(
    name: .customLong("to"),
    help: ArgumentHelp("The folder to write a package into; made when absent.", valueName: "dir"))
  var folder: String?
  @Option(
    help: ArgumentHelp("Write the sky that both catalogues cover into this file, FITS or JSON.", valueName: "file"))
  var moc: String?
  @Option(
    help: ArgumentHelp(
      "With --moc: the sky where rows of the match have any of these flags, separated by commas; 'any' for all.",
      valueName: "flags"))
  var flagged: String?
  @Option(
    help: ArgumentHelp("With --flagged: the HEALPix order of the cells, 0 to 12 (default: 10).", valueName: "order"))
  var mocOrder: Int?
  @Option(help: ArgumentHelp("The run to export; without it, the newest. `xmdb runs` lists them.", valueName: "number"))
  var run: Int64?
  @Flag(
    inversion: .prefixedNo,
    help: "Begin CSV with a line of column names (default: with --out yes, with --to no).")
  var header: Bool?
  @Option(help: ArgumentHelp("Further columns of A, separated by commas.", valueName: "columns")) var extraA: String?
  @Option(help: ArgumentHelp("Further columns of B, separated by commas.", valueName: "columns")) var extraB: String?
  @Option(
    help: ArgumentHelp("Divide the tables into one file for each HEALPix pixel of this order.", valueName: "order"))
  var perPixel: Int?
  @Flag(help: "Add all candidate pairs to the package, with their separation and the logarithm of their probability.")
  var pairs = false
  @OptionGroup var qserv: QservOptions
  @Flag(help: "With --format hats: the columns of both catalogues, not an association of them.") var joined = false
  @Option(
    help: ArgumentHelp("With --format hats: the most rows of a file (default: 1000000).", valueName: "n"))
  var pixelRows: Int64?
  @Option(
    help: ArgumentHelp(
      "With --format hats --joined: add a margin of rows within this distance of the border of each file, and a collection of both.",
      valueName: "arcsec"))
  var margin: Double?
  @Flag(help: "Replace files of the same names that no export has written, too.") var force = false
  @Option(help: ArgumentHelp("Threads to use (default: one per processor).", valueName: "n")) var threads: Int?
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads); allowed: 1 or more. Leave it out to use every processor.")
    }
    if let pixelRows, pixelRows < 1 {
      throw ValidationError("--pixel-rows is \(pixelRows); allowed: 1 or more. The default is 1000000.")
    }
    if let margin, !HatsMargin.thresholds.contains(margin) {
      throw ValidationError("--margin is \(margin); allowed: 0.001 to 3600 arcsec, for example 10.")
    }
    if let mocOrder, !FlaggedCells.orders.contains(mocOrder) {
      throw ValidationError(
        "--moc-order is \(mocOrder); allowed: HEALPix orders 0 to \(FlaggedCells.orders.upperBound). The default is 10."
      )
    }
    if let perPixel, !MatchExport.pixelOrders.contains(perPixel) {
      throw ValidationError(
        "--per-pixel is \(perPixel); allowed: HEALPix orders 0 to \(MatchExport.pixelOrders.upperBound), for example 5")
    }
  }

  func run(in process: CommandProcess) throws {
    if table.format != .hats {
      for (name, isGiven) in [
        ("--joined", joined), ("--pixel-rows", pixelRows != nil), ("--margin", margin != nil),
      ] where isGiven {
        throw StoreError(.usage, name, "is for HATS catalogues; give --to DIR --format hats")
      }
    }
    for (name, isGiven) in [("--flagged", flagged != nil), ("--moc-order", mocOrder != nil)] where isGiven {
      if moc == nil { throw StoreError(.usage, name, "is for coverage maps; give --moc FILE.fits or FILE.json") }
    }
    let packageOnly = (pairs ? ["--pairs"] : []) + qserv.given
    if let option = packageOnly.first, folder == nil || moc != nil || (table.format ?? .rsp) != .rsp {
      throw StoreError(.usage, option, "is for packages; give --to DIR, without --format or with --format rsp")
    }
    if let moc { return try writeMOC(moc, process) }
    switch (table.out, folder) {
    case (let out?, nil): try writeTable(out, process)
    case (nil, let folder?): try table.format == .hats ? writeHats(folder, process) : writePackage(folder, process)
    case (nil, nil):
      throw StoreError(
        .usage, "export",
        "is not told where to write; give --out FILE for one table, for example --out matches.parquet, or --to DIR for a package"
      )
    default: throw StoreError(.usage, "--out", "writes one table, --to a package; give one of them")
    }
  }

  // MARK: One table

  private func writeTable(_ out: String, _ process: CommandProcess) throws {
    if let format = table.format, format == .rsp || format == .hats {
      throw StoreError(.usage, "--format", "\(format.rawValue) is a folder of files; give --to DIR")
    }
    let others = [("--extra-a", extraA != nil), ("--extra-b", extraB != nil), ("--per-pixel", perPixel != nil)]
    for (name, isGiven) in others where isGiven {
      throw StoreError(.usage, name, "is for packages (--to DIR); with --out, --columns names the columns")
    }
    let format = try table.tableFormat(of: out)
    let options = try table.formatOptions(format, header: header)
    try OwnFiles(force: force, command: "export").requireReplaceable(out) { _ in false }
    let export = try TableExport(
      database: global.database(), a: a, b: b, run: run, choice: table.choice, columns: table.columnNames ?? ["*"])
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let written = try export.write(
      to: out, format, options, threads: threads ?? WorkerThreads.available,
      cancellation: process.signals.cancellation
    ) { done, all in progress.show { "export: \(done) of \(all) parts" } }
    progress.clear()
    let outcome = TableOutcome(path: out, written: written)
    if facts.json { return try process.output.line(JSONValue.list([outcome.json]).pretty) }
    if global.quiet { return }
    for line in outcome.notes + [outcome.line] { try process.output.line(line) }
  }

  // MARK: A coverage map

  private func writeMOC(_ path: String, _ process: CommandProcess) throws {
    let others =
      table.given
      + [
        ("--out", table.out != nil), ("--to", folder != nil), ("--format", table.format != nil),
        ("--run", run != nil && flagged == nil), ("--moc-order", mocOrder != nil && flagged == nil),
        ("--header", header != nil), ("--extra-a", extraA != nil), ("--extra-b", extraB != nil),
        ("--per-pixel", perPixel != nil),
      ].filter(\.1).map(\.0)
    if let option = others.first {
      throw StoreError(.usage, option, "is not for coverage maps; leave it out beside --moc, or export apart")
    }
    guard let format = CoverageExport.Format.of(path) else {
      throw StoreError(
        .usage, path.isEmpty ? "--moc" : path, "has a name that says no format; name it *.fits or *.json")
    }
    try OwnFiles(force: force, command: "export").requireReplaceable(path) { _ in false }
    let export = try coverage(process)
    try export.write(to: path, format)
    let area = export.areaDegrees2
    if facts.json {
      return try process.output.line(
        JSONValue.object([("path", .text(path)), ("area_deg2", .real(area))]).pretty)
    }
    if !global.quiet {
      try process.output.line("\(path): \(export.description), \(Format.short(area)) deg².")
    }
  }

  private func coverage(_ process: CommandProcess) throws -> CoverageExport {
    guard let flagged else { return try CoverageExport(database: global.database(), a: a, b: b) }
    let flags = try MatchFlags(names: flagged, subject: "--flagged")
    return try CoverageExport(
      database: global.database(), a: a, b: b, run: run, flagged: flags, order: mocOrder ?? FlaggedCells.usualOrder,
      cancellation: process.signals.cancellation)
  }

  // MARK: A HATS catalogue

  private func writeHats(_ folder: String, _ process: CommandProcess) throws {
    if folder.isEmpty { throw StoreError(.usage, "--to", "is empty; give a folder, for example --to gaia_x_catwise") }
    let others = [
      ("--extra-a", extraA != nil), ("--extra-b", extraB != nil), ("--per-pixel", perPixel != nil),
      ("--header", header != nil), ("--null", table.null != nil),
    ]
    for (name, isGiven) in others where isGiven {
      throw StoreError(.usage, name, "is not for HATS catalogues; --columns names the columns, --pixel-rows divides")
    }
    let export = try HatsExport(
      database: global.database(), a: a, b: b, run: run, kind: joined ? .joined : .association,
      choice: table.choice, columns: table.columnNames)
    var options = HatsExport.Options()
    if let pixelRows { options.partitionRows = pixelRows }
    options.threads = threads ?? WorkerThreads.available
    options.replacesOthers = force
    options.marginArcsec = margin
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let written = try export.write(to: folder, options, cancellation: process.signals.cancellation) { done, all in
      progress.show { "export: \(100 * done / max(1, all)) %" }
    }
    progress.clear()
    if facts.json {
      return try process.output.line(
        JSONValue.object([
          ("folder", .text(folder)), ("name", .text(written.name)), ("rows", .integer(written.rows)),
          ("partitions", .integer(Int64(written.partitions))), ("columns", .integer(Int64(written.columns))),
          ("bytes", .integer(written.bytes)), ("margin_rows", margin == nil ? .null : .integer(written.marginRows)),
        ]).pretty)
    }
    if global.quiet { return }
    try process.output.line(
      "\(folder): \(written.name), \(Format.count(written.rows, "row")) of \(Format.count(Int64(written.columns), "column")) in "
        + "\(Format.count(Int64(written.partitions), "partition")), \(Format.bytes(written.bytes))"
        + (margin == nil ? "." : "; \(Format.count(written.marginRows, "row")) in its margin."))
  }

  // MARK: A package

  private func writePackage(_ folder: String, _ process: CommandProcess) throws {
    if let format = table.format, format != .rsp {
      throw StoreError(.usage, "--format", "\(format.rawValue) is one table; give --out FILE")
    }
    if let option = table.given.first {
      throw StoreError(.usage, option, "is for one table; give --out FILE in place of --to")
    }
    if folder.isEmpty { throw StoreError(.usage, "--to", "is empty; give a folder, for example --to out/") }
    for (name, isGiven) in [("--header", header == true), ("--per-pixel", perPixel != nil)] where isGiven && qserv.qserv
    {
      throw StoreError(.usage, name, "is not for Qserv, which divides tables in its own way and loads rows alone")
    }
    let export = try MatchExport(
      database: global.database(), a: a, b: b, run: run, extraA: Self.names(extraA), extraB: Self.names(extraB))
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    var options = MatchExport.Options(
      header: header ?? false, pixelOrder: perPixel, threads: threads ?? WorkerThreads.available, replacesOthers: force)
    options.hasPairs = pairs
    options.qserv = try qserv.qserv(a, b)
    let files = try export.write(to: folder, options, cancellation: process.signals.cancellation) {
      table, done, all in
      progress.show { "export: \(table), \(done) of \(all) chunks" }
    }
    progress.clear()
    try report(files, in: folder, process.output)
  }

  private static func names(_ list: String?) -> [String] {
    list?.split(separator: ",").map { String($0.trimmingPrefix(while: { $0 == " " })) } ?? []
  }

  private func report(_ files: [MatchExport.File], in folder: String, _ output: StandardOutput) throws {
    let path = { (file: MatchExport.File) in (folder.hasSuffix("/") ? folder : folder + "/") + file.name }
    if facts.json { return try output.line(json(files, path).pretty) }
    if global.quiet { return }
    var table = TextTable([("file", .left), ("rows", .right), ("size", .right)])
    for file in Self.foldersSummed(files) {
      let isTable = file.fingerprint.isEmpty || file.isOfRows
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

  private func json(_ files: [MatchExport.File], _ path: (MatchExport.File) -> String) -> JSONValue {
    .list(
      files.map { file in
        .object([
          ("file", .text(path(file))), ("rows", file.isOfRows ? .integer(file.rows) : .null),
          ("bytes", .integer(file.bytes)), ("xxh3_128", .text(file.fingerprint)),
        ])
      })
  }
}

extension MatchExport.File {
  /// Whether it holds rows of a table, and no description.
  fileprivate var isOfRows: Bool { name.hasSuffix(".csv") || name.hasSuffix(".txt") }
}
