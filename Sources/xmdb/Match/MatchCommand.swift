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
          negligible_probability: 0.0001   # pairs that cannot reach it take no part; 0: all do
          largest_candidates: 1000         # a source with more is not paired, but flagged
          largest_island_pairs: 1000000    # likewise the sources of a larger island
          method: mixture                  # for comparison: pairs, zones against mean densities; survivors, as the report measures
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
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let started = Program.seconds()
    let settings = try WorkSettings(work, project: nil)
    let session = MatchSession(
      database: try global.database(), pairs: [.init(a: a, b: b, configuration: try answer.configuration())],
      settings: settings, options: work, facts: facts, quiet: global.quiet, started: started, process: process)
    let crew = Crew(
      threads: settings.threads, scratch: settings.scratch, cancellation: process.signals.cancellation)
    defer { try? crew.dismiss() }
    try session.run(crew: crew, asList: false)
  }
}
