import ArgumentParser
import CatalogStore
import Delivery

/// `xmdb import-results`.
struct ImportResultsCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "import-results",
    abstract: "Read results back, find repeated and lost sources in them, and compare two of them.",
    discussion: """
      Checks and compares; nothing is written into the database. A result set is a package of `xmdb export --to`, also one for Qserv; one or more tables \
      of any format that is read, or a HATS catalogue, in which a row has the ids of a pair (a_id, b_id) or of a source alone; a run of the \
      database, by its number; the three YAML files of a run of macauff, whose chunks are read without the rows of halos; or with --matches, --nonmatches-a and --nonmatches-b files as macauff writes them. Files of a package must be those \
      that its manifest lists, to the byte.

      Every source must be there once, among pairs or alone. --catalogue-a and --catalogue-b name the catalogues of the database that the ids are of: \
      then sources that are lost, and ids that no source has, are found as well.

      --against compares with another set: pairs in both and in one alone, sources with another partner, and how much the probabilities \
      of the pairs in both differ, also by flag. pair_p is compared where both have it, else match_p.

      Exit status 0: every source once, the sets the same. 1: not so. Rows are sorted in a temporary file; memory does not grow with them.

      EXAMPLES
        xmdb import-results out/ --catalogue-a gaia --catalogue-b catwise
        xmdb import-results out/ --against 7
        xmdb import-results new.parquet --against old/ --tolerance 1e-6
        xmdb import-results joint.yaml gaia.yaml wise.yaml --catalogue-a gaia --catalogue-b wise
        xmdb import-results --matches m_*.csv --nonmatches-a gaia_n_*.csv --nonmatches-b wise_n_*.csv --id-a 1 --id-b 7 --probability 13
      """)

  @Argument(help: ArgumentHelp("A package, a run's number, tables, or macauff's three YAML files.", valueName: "set"))
  var sets: [String] = []
  @Option(help: ArgumentHelp("Compare with this package, run or table.", valueName: "set")) var against: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Files of pairs, in place of a set.", valueName: "file"))
  var matches: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("With --matches: files of sources of A alone.", valueName: "file"))
  var nonmatchesA: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("With --matches: files of sources of B alone.", valueName: "file"))
  var nonmatchesB: [String] = []
  @Option(
    help: ArgumentHelp(
      "The column of A's id in tables and files: a name, or a number from 1 in CSV without names (default: a_id).",
      valueName: "column"))
  var idA: String?
  @Option(help: ArgumentHelp("The column of B's id (default: b_id).", valueName: "column")) var idB: String?
  @Option(help: ArgumentHelp("The column of the probability (default: pair_p, match_p).", valueName: "column"))
  var probability: String?
  @Option(help: ArgumentHelp("The catalogue of the database that A's ids are of.", valueName: "name"))
  var catalogueA: String?
  @Option(help: ArgumentHelp("The catalogue of the database that B's ids are of.", valueName: "name"))
  var catalogueB: String?
  @Option(help: ArgumentHelp("The largest difference of P that is none (default: 0).", valueName: "p"))
  var tolerance = 0.0
  @Option(help: ArgumentHelp("Where the temporary file is made (default: $TMPDIR, else /tmp).", valueName: "dir"))
  var scratch: String?
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if sets.isEmpty && matches.isEmpty {
      throw ValidationError(
        "import-results is not told what to read; give a package, a run, a table, or --matches FILE.")
    }
    if !sets.isEmpty && !(matches + nonmatchesA + nonmatchesB).isEmpty {
      throw ValidationError("a set and --matches are two ways to say the same; give one of them.")
    }
    if !(tolerance >= 0 && tolerance <= 1) {
      throw ValidationError("--tolerance is \(tolerance); allowed: 0 to 1, for example 1e-6.")
    }
    if tolerance > 0 && against == nil {
      throw ValidationError("--tolerance is for two sets; give --against as well.")
    }
    let numbered = [idA, idB, probability].compactMap(\.self).filter { Int($0) != nil }.count
    if numbered > 0 && numbered < [idA, idB, probability].compactMap(\.self).count {
      throw ValidationError(
        "--id-a, --id-b and --probability are names or numbers, all of them; numbers are for CSV without names.")
    }
  }

  func run(in process: CommandProcess) throws {
    let columns = ResultColumns(a: idA, b: idB, probability: probability)
    var work = ResultImport(
      place(columns), scratch: scratch ?? environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp")
    work.other = against.map { ResultPlace($0, ResultColumns()) }
    (work.a, work.b, work.tolerance) = (catalogueA, catalogueB, tolerance)
    if catalogueA != nil || catalogueB != nil || [work.place, work.other].contains(where: { $0?.isRun == true }) {
      work.database = try global.database()
    }
    let outcome = try work.run(cancellation: process.signals.cancellation) { stop, work in
      try process.signals.stopping(with: stop, work)
    }
    let report = ResultReport(outcome: outcome, a: catalogueA, b: catalogueB, tolerance: tolerance)
    if facts.json {
      try process.output.line(report.json.pretty)
    } else if !global.quiet {
      for line in report.lines { try process.output.line(line) }
    }
    if !outcome.isSame { throw OtherStatus(.failed) }
  }

  private func place(_ columns: ResultColumns) -> ResultPlace {
    if sets.isEmpty { return .files(matches: matches, aloneA: nonmatchesA, aloneB: nonmatchesB, columns) }
    if let place = ResultPlace(macauff: sets) { return place }
    return sets.count == 1 ? ResultPlace(sets[0], columns) : .table(sets, columns)
  }
}

extension ResultPlace {
  fileprivate var isRun: Bool { if case .run = self { true } else { false } }
}
