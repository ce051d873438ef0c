import ArgumentParser
import CatalogStore
import MatchRun

/// `xmdb match`.
struct MatchCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "match",
    abstract: "Match two catalogues and store the result.",
    discussion: """
      Finds, for every source of either catalogue, its counterpart in the other with a probability, or that it has none. \
      The stored run is read by xmatch, xm_nonmatches and xm_pairs in SQL, and by `xmdb export`. A run that was stopped \
      goes on where it was when the same command is given again; a finished one is reported, not repeated. The result \
      does not depend on --threads.

      Positions, their errors, motions, magnitudes and the densities of the two catalogues decide. How dense counterparts \
      are, and which magnitudes they have, is measured first, from all candidate pairs of each region of the sky. \
      --no-photometry leaves magnitudes out, --no-priors takes densities from counts instead; each works without the other. \
      The answer without magnitudes is given beside the other one in any case (columns ..._without_photometry).

      CONFIGURATION
        --config takes a YAML file; options win over it. Its keys and their defaults:
          photometry: true                 # false: --no-photometry
          priors: measured                 # counts: --no-priors
          region_sources: 25000            # sources of either catalogue that a region holds at least
          epoch: auto                      # --epoch
          candidate_fraction: 0.9999       # --f-max
          largest_separation_arcsec: 60.0  # --max-separation
          method: pairs                    # survivors: the report's own way to measure, for comparison
        With method: survivors, also
          survivors: repaired              # report: all of the report's choices, those at the right of the lines below
          estimator: binomial              # chi_squared
          columns: kept                    # normalised
          direction: both                  # from_a
          field_band: pair                 # first
          bins: full                       # report

      EXAMPLES
        xmdb match gaia catwise
        xmdb match gaia catwise --epoch 2016.0 --threads 8
        xmdb match gaia catwise --plan
        xmdb match gaia catwise --config run.yaml --redo
      """)

  @Argument(help: "The first catalogue.") var a: String
  @Argument(help: "The second catalogue.") var b: String
  @Option(
    help: ArgumentHelp(
      "The epoch at which positions are compared: a Julian year, 'auto' (where most can be moved) or 'none' (as given).",
      valueName: "epoch"))
  var epoch: String?
  @Option(
    help: ArgumentHelp(
      "A pair is a candidate while a true counterpart lies closer with a probability below this.", valueName: "fraction"
    ))
  var fMax: Double?
  @Option(help: ArgumentHelp("Seek no candidates beyond this separation.", valueName: "arcsec"))
  var maxSeparation: Double?
  @Option(help: ArgumentHelp("Read the configuration from a YAML file.", valueName: "file")) var config: String?
  @Option(help: ArgumentHelp("Threads to use (default: one per processor).", valueName: "n")) var threads: Int?
  @Flag(help: "Leave magnitudes out.") var noPhotometry = false
  @Flag(help: "Do not measure the density of counterparts; take half the smaller density.") var noPriors = false
  @Flag(help: "Run again although this run is there.") var redo = false
  @Flag(help: "Show what would be done, and do nothing.") var plan = false
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads); allowed: 1 or more. Leave it out to use every processor.")
    }
  }

  func run(in process: CommandProcess) throws {
    let start = Program.seconds()
    let plan = try MatchPlan(database: global.database(), a: a, b: b, configuration: configuration())
    if self.plan { return try PlanReport(plan: plan).print(asJSON: facts.json, to: process.output) }
    let outcome = try match(plan, process)
    let report = MatchReport(plan: plan, outcome: outcome, seconds: Program.seconds() - start)
    if facts.json {
      try process.output.line(report.json.pretty)
    } else if !global.quiet {
      for line in report.lines { try process.output.line(line) }
    }
  }

  private func configuration() throws -> MatchConfiguration {
    var configuration = try config.map { try MatchConfiguration(file: $0) } ?? MatchConfiguration()
    if let epoch { configuration.epoch = try MatchConfiguration.Epoch(text: epoch, subject: "--epoch") }
    if let fMax { configuration.candidateFraction = fMax }
    if let maxSeparation { configuration.largestSeparationArcsec = maxSeparation }
    if noPhotometry { configuration.photometry = false }
    if noPriors { configuration.priors = .counts }
    return configuration
  }

  private func match(_ plan: MatchPlan, _ process: CommandProcess) throws -> MatchDriver.Outcome {
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let driver = MatchDriver(
      plan: plan, threads: threads ?? WorkerThreads.available, cancellation: process.signals.cancellation)
    return try driver.run(redo: redo) { report in
      progress.show {
        switch report.stage {
        case .counting: "match: counting pairs, \(report.done) of \(report.total) units"
        case .estimating: "match: measuring densities, \(report.done) of \(report.total) regions"
        case .matching:
          "match: \(report.done) of \(report.total) units, \(Format.count(report.totals.matches)) matches"
        }
      }
    }
  }
}
