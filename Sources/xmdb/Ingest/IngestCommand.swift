import ArgumentParser
import CatalogStore
import Formats
import Ingest

/// `xmdb ingest`.
struct IngestCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Read files of tables into the database as one catalogue.",
    discussion: """
      Reads Parquet, HATS, FITS, VOTable, CSV, ECSV, text of VizieR, Arrow and SQLite, also compressed; a file is recognised by how it begins. \
      A catalogue file of macauff's (YAML) stands for the chunks that it names. FILE[TABLE] names one of the tables of a file. Columns are recognised by UCD, unit and name; --dry-run shows what would be taken for what, and why. Every column is \
      kept. Rows that cannot be used are counted and kept aside, with the reason. Ingesting the same files with the same \
      options again changes nothing.

      ROLES
        id  ra  dec  sigma  sigma_ra  sigma_dec  corr_ra_dec  sigma_major
        sigma_minor  sigma_pa  pm_ra  pm_dec  sigma_pm_ra  sigma_pm_dec
        corr_pm  parallax  epoch  mag:BAND  mag_error:BAND  snr:BAND  best_band
        halo
        A number in place of a column holds for all rows. docs/ingest.md has more.

      EXAMPLES
        xmdb ingest gaia.parquet
        xmdb ingest survey/ --as survey --map id=objectId --epoch 2015.4
        xmdb ingest survey.parquet --map sigma=pos_err:arcsec
        xmdb ingest stars.parquet --map sigma=0.05:arcsec --map mag:V=vmag
        xmdb ingest object.parquet --exclude 'r_*' --exclude 'i_*'
        xmdb ingest stars.fits.gz 'observed.vot[2]' --as stars
        xmdb ingest clusters.csv --frame galactic --map sigma=30:arcsec
        xmdb ingest unknown.csv --dry-run
        xmdb ingest deep7.fits --profiles ours.yaml
        xmdb ingest macauff/cat_a.yaml --as gaia
        gunzip -c stars.csv.gz | xmdb ingest - --as stars --format csv
      """)

  @Argument(help: ArgumentHelp("Files of tables, and folders of them; - for standard input.", valueName: "file or dir"))
  var paths: [String]
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("The catalogue's name (default: that of the first file).", valueName: "name"))
  var name: String?
  @Option(
    name: .customLong("map"), parsing: .singleValue,
    help: ArgumentHelp("Say which column or number plays a role, and in which unit.", valueName: "role=column[:unit]"))
  var mappings: [String] = []
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Leave out a column, such as one of lists, or all that fit a pattern: 'r_*'.", valueName: "column"))
  var exclude: [String] = []
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Take only this column, or those that fit a pattern; may be repeated.", valueName: "column"))
  var only: [String] = []
  @Option(help: ArgumentHelp("The epoch of all positions, a Julian year.", valueName: "year")) var epoch: Double?
  @Option(
    help: ArgumentHelp(
      "The frame of the positions, if the file does not say it: icrs, fk5[:J1975], fk4, galactic, supergalactic, ecliptic[:J2000].",
      valueName: "frame"))
  var frame: String?
  @Option(help: ArgumentHelp("The size at which a shard is divided, MiB.", valueName: "n")) var shardMB = 64.0
  @Option(help: ArgumentHelp("Shards written at a time (default: one per processor).", valueName: "n")) var threads:
    Int?
  @Option(
    help: ArgumentHelp(
      "With -: the format that standard input must have: parquet, fits, votable, arrow, sqlite, ecsv, vizier, csv.",
      valueName: "format"))
  var format: String?
  @Option(
    name: .customLong("spool-gb"),
    help: ArgumentHelp(
      "With -: the most that a pipe may take in TMPDIR while it is read, GiB (default: 16).", valueName: "n"))
  var spoolGB: Double?
  @Flag(help: "Make a new generation of a catalogue that is there.") var replace = false
  @Flag(help: "Show what would be taken for what, and do nothing.") var dryRun = false
  @OptionGroup var profiles: ProfileOptions
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads); allowed: 1 or more. Leave it out to use every processor.")
    }
    if !(0.02...1_000_000).contains(shardMB) {
      throw ValidationError("--shard-mb is \(shardMB); allowed: 0.02 to 1000000. The default is 64.")
    }
    if let spoolGB, !(0.000001...1_000_000).contains(spoolGB) {
      throw ValidationError("--spool-gb is \(spoolGB); allowed: 0.000001 to 1000000. The default is 16.")
    }
    if !paths.contains("-"), format != nil || spoolGB != nil {
      throw ValidationError(
        "\(format != nil ? "--format" : "--spool-gb") is for standard input; give - in place of files, or leave it out."
      )
    }
    if paths.contains("-"), paths.count > 1 {
      throw ValidationError("- is standard input and comes alone; a file of that name is ./-")
    }
    if paths.contains("-"), name == nil {
      throw ValidationError("standard input has no name that the catalogue could get; give one with --as NAME.")
    }
  }

  func run(in process: CommandProcess) throws {
    guard paths == ["-"] else { return try run(try options(), process) }
    let limit = (spoolGB ?? StandardInputFile.usualLimitGiB) * 1_073_741_824
    let input = try StandardInputFile(limitBytes: Int64(limit), signals: process.signals)
    try input.naming {
      if let format { try TableFormat.require(format, of: input.path) }
      var options = try options()
      options.paths = [input.path]
      options.shownPaths = [input.path: StandardInputFile.name]
      try run(options, process)
    }
  }

  private func run(_ options: IngestOptions, _ process: CommandProcess) throws {
    let start = Program.seconds()
    let plan = try IngestPlan(options, cancellation: process.signals.cancellation)
    if dryRun { return try preview(plan, process.output) }
    for warning in plan.warnings { standardError("Warning: \(warning)\n") }
    try plan.requireComplete()
    let outcome = try ingest(plan, process)
    let report = IngestReport(plan: plan, outcome: outcome, seconds: Program.seconds() - start)
    if facts.json {
      try process.output.line(report.json.pretty)
    } else if !global.quiet {
      for line in report.lines { try process.output.line(line) }
    }
  }

  private func options() throws -> IngestOptions {
    var options = IngestOptions(paths: paths)
    options.name = name
    options.mappings = mappings
    options.excluding = exclude
    options.only = only
    options.epochYears = epoch
    options.frame = try frame.map { try SkyFrame(option: $0) }
    options.profiles = try profiles.known(global.databasePath())
    options.shardBytes = Int64(shardMB * 1_048_576)
    options.replace = replace
    options.threads = threads ?? WorkerThreads.available
    return options
  }

  /// What is missing is said after everything else has been shown.
  private func preview(_ plan: IngestPlan, _ output: StandardOutput) throws {
    let report = IngestPreview(plan: plan)
    if facts.json { try output.line(report.json.pretty) } else { for line in report.lines { try output.line(line) } }
    try plan.requireComplete()
  }

  private func ingest(_ plan: IngestPlan, _ process: CommandProcess) throws -> IngestDriver.Outcome {
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let database = try global.databaseOrNew()
    let driver = IngestDriver(plan: plan, cancellation: process.signals.cancellation)
    return try driver.run(into: database) { step in
      progress.show { "ingest \(plan.name): \(Self.text(step))" }
    }
  }

  /// What an ingest is doing, in words.
  static func text(_ step: IngestDriver.Progress) -> String {
    switch step {
    case .fingerprinting(let file): "reading \(file) once for its fingerprint"
    case .reading(let rows, let all): "\(Format.count(rows)) of \(Format.count(all)) rows read"
    case .writing(let shards, let all): "\(shards) of \(all) shards written"
    }
  }
}
