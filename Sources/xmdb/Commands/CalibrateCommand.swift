import ArgumentParser
import CatalogStore
import MatchRun

/// `xmdb calibrate`.
struct CalibrateCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Tell whether the probabilities of a match can be trusted.",
    discussion: """
      Of the pairs given P = 0.9, are nine in ten real? Tables of reliability, of what a threshold in P gives, and of both \
      by magnitude, density, quoted error and place, for a finished run: that of a number, or the newest of two catalogues.

      Probabilities are held against the separations of the candidate pairs: chance pairs stand at any separation, so that \
      those farther out tell how many of the near ones are false. With a column that is equal for counterparts in both \
      catalogues (--truth; xmdb simulate writes `truth`) the real pairs are counted, too. With --shifts, b is shifted over \
      the sky in several directions, and every pair found then is a chance pair. docs/calibration.md says how to read the \
      tables and how far to believe them.

      Of more than two million sources separations are looked at in some pieces of sky, chosen by pixel. In memory: pieces of \
      60,000 sources, one for each thread; with --truth or --shifts 1 byte for every source of a, with --truth 9 bytes for \
      every source (17 while they are compared).

      EXAMPLES
        xmdb calibrate 3
        xmdb calibrate gaia catwise --shifts 16 --to tables/
        xmdb calibrate a b --truth object_id --order 5
      """)

  @Argument(help: ArgumentHelp("The number of a run, or two catalogues.", valueName: "run")) var subject: [String]
  @Option(
    help: ArgumentHelp(
      "A column of both catalogues, equal for counterparts (default: 'truth', where both have it).", valueName: "column"
    ))
  var truth: String?
  @Option(
    help: ArgumentHelp(
      "Estimate the false pairs from so many shifts of b, too, for example 8.",
      valueName: "n"))
  var shifts: Int?
  @Option(
    help: ArgumentHelp(
      "How far b is shifted (default: four times the reach of a candidate pair, 10 at least).", valueName: "arcsec"))
  var distance: Double?
  @Option(
    help: ArgumentHelp(
      "The HEALPix order of the table by place (default: the finest with at most 48 pixels).", valueName: "k"))
  var order: Int?
  @Option(
    name: .customLong("to"), help: ArgumentHelp("Write all tables as CSV into a folder, too.", valueName: "dir"))
  var folder: String?
  @Option(help: ArgumentHelp("Threads to use (default: one per processor).", valueName: "n")) var threads: Int?
  @Flag(help: "Replace files of the tables' names that calibrate has not written, too.") var force = false
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    let isRun = subject.count == 1 && Int64(subject[0]) != nil
    guard isRun || subject.count == 2 else {
      throw ValidationError(
        "calibrate takes the number of a run, or two catalogues; given: \(subject.joined(separator: " ")). "
          + "`xmdb runs` lists the runs.")
    }
    if let shifts, !(1...360).contains(shifts) {
      throw ValidationError("--shifts is \(shifts); allowed: 1 to 360, for example 8.")
    }
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads); allowed: 1 or more. Leave it out to use every processor.")
    }
    if folder == "" { throw ValidationError("--to is empty; give a folder, for example --to tables/.") }
  }

  func run(in process: CommandProcess) throws {
    let run = try finishedRun()
    let options = options(for: run)
    let calibration = try Calibration(run, options, cancellation: process.signals.cancellation)
    let answers = try answers(of: calibration, process)
    let report = CalibrationReport(
      run: run.info, options: options, distanceArcsec: calibration.distanceArcsec, answers: answers)
    if let folder { try report.write(to: folder, OwnFiles(force: force, command: "calibrate")) }
    if facts.json {
      try process.output.line(report.json.pretty)
    } else {
      for line in report.lines { try process.output.line(line) }
    }
  }

  private func finishedRun() throws -> FinishedRun {
    let database = try global.database()
    if subject.count == 1, let number = Int64(subject[0]) { return try FinishedRun(database: database, number: number) }
    return try FinishedRun(database: database, a: subject[0], b: subject[1])
  }

  private func options(for run: FinishedRun) -> Calibration.Options {
    var options = Calibration.Options()
    let usual = "truth"
    options.truth = truth ?? (Calibration.hasColumn(usual, run) ? usual : nil)
    options.shifts = shifts ?? 0
    options.distanceArcsec = distance
    options.order = order
    options.threads = threads ?? WorkerThreads.available
    return options
  }

  private func answers(of calibration: Calibration, _ process: CommandProcess) throws -> [Calibration.Answer] {
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let chunks = calibration.run.plan.chunks.count
    do {
      return try calibration.answers { stage in
        progress.show {
          switch stage {
          case .reading: "calibrate: reading the catalogues"
          case .separations(let done, let pieces):
            "calibrate: looking at separations, \(done) of \(pieces) pieces of sky"
          case .results(let done): "calibrate: reading results, \(done) of \(chunks) chunks"
          case .shifts(let done): "calibrate: looking for chance pairs, \(done) of \(chunks) chunks"
          }
        }
      }
    } catch let error as StoreError where error.code == .interrupted {
      throw StoreError(.interrupted, "calibrate", "interrupted; nothing was written")
    }
  }
}
