import ArgumentParser
import CatalogStore
import MatchRun

/// `xmdb match`.
struct MatchCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "match",
    abstract: "Match two catalogues and store the result, or two files into a third.",
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
          corrections: stored              # none: --no-corrections
          candidate_fraction: 0.9999       # --f-max
          largest_separation_arcsec: 60.0  # --max-separation
          negligible_probability: 0.0001   # pairs that cannot reach it take no part; 0: all do
          largest_candidates: 1000         # a source with more is not paired, but flagged
          largest_island_pairs: 1000000    # likewise the sources of a larger island
          method: mixture                  # for comparison: survivors, as the report measures
        With method: survivors, also
          survivors: repaired              # report: all of the report's choices, those at the right of the lines below
          estimator: binomial              # chi_squared
          columns: kept                    # normalised
          direction: both                  # from_a
          field_band: pair                 # first
          bins: full                       # report

      TWO FILES
        With --out, A and B are files of tables, and no database is named: one is made for the time of the command, beside the \
      file, or in the folder of --scratch or $TMPDIR. The formats of A and B are recognised by how they begin, that of the output by its \
      name (.parquet, .fits, .vot, .csv, .arrow; but for Parquet and Arrow also with .gz, .zst, .bz2, .lz4). It has all columns of both, _1 and _2 behind names that both have, then match_p, \
      pair_p, separation_arcsec, eta, xi and flags. --find and --join are STILTS' words: best counterparts, all candidates, or a row for each source of A; \
      --join 1or2 keeps sources of either file without a pair, 1not2 those of A alone. What was taken for what is said on standard error; \
      --map1, --map2, --epoch1 and --epoch2 correct it (see `xmdb ingest --help`).

      EXAMPLES
        xmdb match my1.fits my2.vot --out both.parquet
        xmdb match my1.csv my2.fits --out both.fits --join 1or2 --map1 sigma=0.1:arcsec
        xmdb match gaia catwise
        xmdb match gaia catwise --epoch 2016.0 --threads 8
        xmdb match gaia catwise --correct
        xmdb match gaia catwise --plan
        xmdb match gaia catwise --config run.yaml --redo
      """)

  @Argument(help: "The first catalogue; with --out, a file.") var a: String
  @Argument(help: "The second catalogue; with --out, a file.") var b: String
  @OptionGroup var table: TableOptions
  @OptionGroup var files: FileOptions
  @OptionGroup var profiles: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let started = Program.seconds()
    if let out = table.out {
      let match = FileMatch(
        paths: (a, b), table: table, files: files, profiles: profiles, answer: answer, work: work, facts: facts,
        global: global,
        process: process, started: started)
      return try match.run(out: out)
    }
    let others = (table.format == nil ? [] : ["--format"]) + (profiles.profiles == nil ? [] : ["--profiles"])
    if let option = (table.given + files.given + others).first {
      throw StoreError(
        .usage, option,
        "is for two files: xmdb match FILE1 FILE2 --out FILE3. A match of catalogues is written by `xmdb export`")
    }
    try matchCatalogues(started, process)
  }

  private func matchCatalogues(_ started: Double, _ process: CommandProcess) throws {
    let settings = try WorkSettings(work, project: nil)
    do {
      let database = try global.database()
      let pair = ProjectFile.Pair(a: a, b: b, configuration: try answer.configuration())
      let session = MatchSession(
        database: database, pairs: [try pair.readingSky(database.registry(), process.signals.cancellation)],
        settings: settings, options: work, facts: facts, quiet: global.quiet, correctsFirst: answer.correct,
        started: started, process: process)
      let crew = Crew(
        threads: settings.threads, scratch: settings.scratch, cancellation: process.signals.cancellation)
      defer { try? crew.dismiss() }
      try session.run(crew: crew, asList: false)
    } catch let error as StoreError where error.code == .usage && [a, b].allSatisfy(FileSystem.isRegularFile) {
      throw StoreError(
        .usage, a,
        "and \(b) are files; to match two files, give --out FILE, for example --out matches.parquet. (\(error))")
    }
  }
}
