import ArgumentParser
import CatalogStore
import MPIProcesses
import Match
import MatchRun

/// `xmdb correct`.
struct CorrectCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "correct",
    abstract: "Learn the errors of a catalogue's positions from a better catalogue.",
    discussion: """
      Many catalogues quote errors that are too small. From the separations to a better catalogue follow m and n of \
      sigma = sqrt((m sigma_quoted)^2 + n^2), sightline by sightline: a sightline is a HEALPix pixel as fine as the counts \
      allow. Chance pairs, the errors of the better catalogue, motions and the pull of hidden neighbours are \
      accounted for. What is found is stored with the catalogue, shown by xm_corrections in SQL, and applied by every later \
      match of it; `xmdb match --no-corrections` takes errors as they are quoted. Corrections against another reference, or with \
      other options, take the place of these.

      A run that was stopped goes on where it was when the same command is given again. Under mpirun its processes share the \
      sightlines. The result does not depend on --threads and processes.

      EXAMPLES
        xmdb correct catwise --against gaia
        xmdb correct catwise --against gaia --order 4 --linear
        xmdb correct catwise --against gaia --by nvisits --ranges 2,5,10
        xmdb correct catwise --against gaia --plan
        xmdb correct catwise --forget
      """)

  @Argument(help: "The catalogue whose errors are learned.") var catalogue: String
  @Option(help: ArgumentHelp("The better catalogue.", valueName: "catalogue")) var against: String?
  @Option(
    help: ArgumentHelp("The HEALPix order of all sightlines (default: as fine as the counts allow).", valueName: "k"))
  var order: Int?
  @Flag(help: "Fit sigma = m sigma_quoted + n instead.") var linear = false
  @Flag(help: "Fit separations counted in slices of the quoted error, not single pairs: for comparison.")
  var binned = false
  @Option(
    help: ArgumentHelp(
      "A column of the catalogue on which m and n may depend: numbers in ranges, or texts.", valueName: "column"))
  var by: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Borders between the ranges of --by, ascending (default: up to 8 ranges of as many sources each).",
      valueName: "numbers"))
  var ranges: String?
  @Option(
    help: ArgumentHelp(
      "Errors of the better catalogue: 'stored' (as its own corrections say, if it has some), 'quoted', or its own m and n such as 1.3,0.002.",
      valueName: "errors"))
  var referenceErrors = "stored"
  @Option(help: AnswerHelp.epoch) var epoch: String?
  @Option(help: AnswerHelp.psf(of: "the catalogue")) var psf: String?
  @Option(
    help: ArgumentHelp(
      "Stars among which its hidden neighbours are counted, in place of the model of the Galaxy: a list of TRILEGAL, a folder of them, or a table by HEALPix pixel (see docs/counts.md).",
      valueName: "file"))
  var counts: String?
  @OptionGroup var dust: ExtinctionOptions
  @Flag(help: "Leave hidden neighbours out: the same as --psf none.") var noCrowding = false
  @Flag(help: "Compare positions as they are given, although the frames of the catalogues differ.") var noFrame = false
  @Flag(help: "Take sources of unknown motion to be where they were, although the epochs differ.")
  var noUnknownMotions = false
  @Flag(help: "Remove the corrections of the catalogue.") var forget = false
  @OptionGroup var work: WorkOptions
  @OptionGroup var processes: ListenOptions
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if forget == (against != nil) {
      throw ValidationError("correct takes --against CATALOGUE, or --forget; given: \(forget ? "both" : "neither").")
    }
  }

  /// Numbers between commas.
  private static func numbers(_ text: String, _ option: String) throws -> [Double] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0.trimmingPrefix { $0 == " " }) }
    guard numbers.count == parts.count else {
      throw StoreError(.usage, option, "is '\(text)'; allowed: numbers with commas between them, for example 2,5,10")
    }
    return numbers
  }

  private func options() throws -> CorrectionConfiguration {
    var options = CorrectionConfiguration()
    options.order = order
    if linear { options.relation = .linear }
    if binned { options.fit = .binned }
    options.covariate = by
    if let ranges { options.borders = try Self.numbers(ranges, "--ranges") }
    switch referenceErrors {
    case "stored": options.reference = .stored
    case "quoted": options.reference = .quoted
    default:
      let given = try Self.numbers(referenceErrors, "--reference-errors")
      guard given.count == 2 else {
        throw StoreError(
          .usage, "--reference-errors",
          "is '\(referenceErrors)'; allowed: stored, quoted, or m and n such as 1.3,0.002")
      }
      options.reference = .corrected(factor: given[0], floorArcsec: given[1])
    }
    if let epoch { options.epoch = try MatchConfiguration.Epoch(text: epoch, subject: "--epoch") }
    if let psf { options.psf = PSFSetting(text: psf) }
    if let counts { options.counts = .file(counts) }
    options.extinction = try dust.setting(options.extinction)
    if noCrowding { options.psf = .none }
    if noUnknownMotions { options.unknownMotions = .ignored }
    if noFrame { options.frame = .asGiven }
    return options
  }

  func run(in process: CommandProcess) throws {
    guard let against else { return try forgetCorrections(process) }
    try ProcessSession(process).run(processes, quiet: global.quiet) { transport, localProcesses in
      let settings = try WorkSettings(work, project: nil, localProcesses: localProcesses)
      let crew = Crew(
        transport: transport, threads: settings.threads, scratch: settings.scratch,
        cancellation: process.signals.cancellation)
      if transport.rank > 0 {
        try crew.serve()
        return
      }
      defer { try? crew.dismiss() }
      let database = try global.database()
      var configuration = try options()
      configuration.extinction = try configuration.extinction.reading(process.signals.cancellation)
      configuration.counts = try configuration.counts?.reading(
        of: catalogue, psf: configuration.psf, database.registry(), process.signals.cancellation)
      let session = CorrectionSession(
        database: database, settings: settings, options: work, facts: facts, quiet: global.quiet,
        process: process)
      try session.run(catalogue, against: against, configuration, crew: crew)
    }
  }

  private func forgetCorrections(_ process: CommandProcess) throws {
    let database = try global.database()
    _ = try database.registry().catalogue(catalogue)
    let lock = try database.lockForWriting()
    let count = try database.writableRegistry().forgetCorrections(of: catalogue)
    try database.removeLeftovers(holding: lock)
    if facts.json {
      try process.output.line(
        JSONValue.object([("catalogue", .text(catalogue)), ("forgotten", .integer(Int64(count)))]).pretty)
    } else if !global.quiet {
      try process.output.line(
        count > 0 ? "The corrections of \(catalogue) are removed." : "\(catalogue) has no corrections.")
    }
  }
}
