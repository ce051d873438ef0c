import ArgumentParser
import CatalogStore
import MatchRun

/// Options of `match` and `match-all` that shape the answer.
struct AnswerOptions: ParsableArguments {
  @Option(help: AnswerHelp.epoch) var epoch: String?
  @Option(
    help: ArgumentHelp(
      "A pair is a candidate while a true counterpart lies closer with a probability below this.", valueName: "fraction"
    ))
  var fMax: Double?
  @Option(help: ArgumentHelp("Seek no candidates beyond this separation.", valueName: "arcsec"))
  var maxSeparation: Double?
  @Option(help: ArgumentHelp("Read the configuration from a YAML file.", valueName: "file")) var config: String?
  @Flag(help: "Leave magnitudes out.") var noPhotometry = false
  @Flag(help: "Compare positions as they are given, although the frames of the catalogues differ.") var noFrame = false
  @Option(help: AnswerHelp.psf(of: "the first catalogue")) var psfA: String?
  @Option(help: ArgumentHelp("Likewise of the second.", valueName: "psf")) var psfB: String?
  @Flag(help: "Leave hidden neighbours out: the same as --psf-a none --psf-b none.") var noCrowding = false
  @OptionGroup var dust: ExtinctionOptions
  @Option(
    help: ArgumentHelp(
      "Stars among which hidden neighbours of the first catalogue are counted, in place of the model of the Galaxy: a list of TRILEGAL, a folder of them, or a table by HEALPix pixel (see docs/counts.md).",
      valueName: "file"))
  var countsA: String?
  @Option(help: ArgumentHelp("Likewise of the second.", valueName: "file")) var countsB: String?
  @Flag(help: "Take sources of unknown motion to be where they were, although the epochs of the catalogues differ.")
  var noUnknownMotions = false
  @Flag(help: "Do not measure the density of counterparts; take half the smaller density.") var noPriors = false
  @Flag(help: "Take errors as they are quoted, although the catalogues have corrections (see `xmdb correct`).")
  var noCorrections = false
  @Flag(help: "First learn the errors of the second catalogue from the first, unless it has corrections.")
  var correct = false

  func validate() throws {
    if correct && noCorrections { throw ValidationError("--correct and --no-corrections contradict each other.") }
  }

  /// A configuration with these options in place of its own.
  /// - Parameter base: What holds where neither the file of `--config` nor an option says anything.
  func configuration(_ base: MatchConfiguration = MatchConfiguration()) throws -> MatchConfiguration {
    var configuration = base
    if let config { try configuration.read(YAMLFile(config, MatchConfiguration.fileUse)) }
    if let epoch { configuration.epoch = try MatchConfiguration.Epoch(text: epoch, subject: "--epoch") }
    if let fMax { configuration.candidateFraction = fMax }
    if let maxSeparation { configuration.largestSeparationArcsec = maxSeparation }
    if noPhotometry { configuration.photometry = false }
    if noPriors { configuration.priors = .counts }
    if let psfA { configuration.psfOfA = PSFSetting(text: psfA) }
    if let psfB { configuration.psfOfB = PSFSetting(text: psfB) }
    if noCrowding { (configuration.psfOfA, configuration.psfOfB) = (.none, .none) }
    configuration.extinction = try dust.setting(configuration.extinction)
    if let countsA { configuration.countsOfA = .file(countsA) }
    if let countsB { configuration.countsOfB = .file(countsB) }
    if noUnknownMotions { configuration.unknownMotions = .ignored }
    if noFrame { configuration.frame = .asGiven }
    if noCorrections { configuration.corrections = .none }
    return configuration
  }
}

/// Options of `match` and `match-all` that say how the work is done.
struct WorkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Threads of each process (default: one per processor that it may use).", valueName: "n"))
  var threads: Int?
  @Option(
    help: ArgumentHelp(
      "Memory of each process, such as 16GB; chunks are cut to fit (default: 60 % of the machine's, shared by its processes).",
      valueName: "size"))
  var memory: String?
  @Option(
    help: ArgumentHelp(
      "Build result files in a folder of this machine before they are copied into the database.", valueName: "dir"))
  var scratch: String?
  @Option(help: ArgumentHelp("Attempts before a piece of work is set aside (default: 3).", valueName: "n"))
  var attempts: Int?
  @Flag(help: "Run again from the beginning although this run is there; leave it out to go on with an unfinished one.")
  var redo = false
  @Flag(help: "Show what would be done, and do nothing.") var plan = false
  @Option(help: ArgumentHelp("Append a log to a file.", valueName: "file")) var log: String?
  @Option(
    help: ArgumentHelp(
      "What is logged: debug (every piece of work), info, warning or error (default: info).", valueName: "level"))
  var logLevel: String?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads); allowed: 1 or more. Leave it out to use every processor.")
    }
    if let attempts, !(1...100).contains(attempts) {
      throw ValidationError("--attempts is \(attempts); allowed: 1 to 100, for example 3.")
    }
  }
}
