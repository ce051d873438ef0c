import ArgumentParser
import CatalogStore
import Indexing
import MatchRun

/// `xmdb simulate-schedule`.
struct SimulateScheduleCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate-schedule",
    abstract: "Show how a match would go on many processes, without doing it.",
    discussion: """
      Hands out the chunks of a plan, or of an imagined sky, as a run does, with the times of the cost model and what \
      messages cost, and prints how long it would take, how well the processes are used and how busy the manager is. Disks and \
      networks are taken to keep up.

      SKIES
        report  the 1,558 fields of 25 deg² of the report's Gaia × CatWISE match, 3.7·10⁹ sources
        lsst    30·10⁹ sources in 18,000 deg² beside 10⁹ of another survey

      EXAMPLES
        xmdb simulate-schedule --sky report
        xmdb simulate-schedule --sky report --whole-fields --processes 10,100
        xmdb simulate-schedule gaia catwise --processes 1,64 --threads 8
      """)

  @Argument(help: "The first catalogue of the database; none with --sky.") var a: String?
  @Argument(help: "The second catalogue.") var b: String?
  @Option(help: ArgumentHelp("An imagined sky: report or lsst.", valueName: "sky")) var sky: String?
  @Option(help: ArgumentHelp("Numbers of processes (default: 1,10,100,1000,10000).", valueName: "list")) var processes:
    String?
  @Option(help: ArgumentHelp("Threads of each process.", valueName: "n")) var threads = 1
  @Option(
    help: ArgumentHelp(
      "Sources of both catalogues in a chunk, at most, of an imagined sky (default: as a plan cuts).", valueName: "n"))
  var sourcesPerChunk: Double?
  @Flag(help: "Make each field of an imagined sky one chunk, as the report does.") var wholeFields = false
  @Option(
    help: ArgumentHelp("The largest separation at which pairs are sought, of an imagined sky.", valueName: "arcsec"))
  var reach = 10.0
  @Option(help: ArgumentHelp("Typical 1-sigma error of a pair, of an imagined sky.", valueName: "arcsec"))
  var sigma = 0.3
  @Option(help: ArgumentHelp("Time of the manager for a piece, besides handing it out.", valueName: "us"))
  var messageUs = 100.0
  @Option(help: ArgumentHelp("Time until a message is looked at.", valueName: "us")) var latencyUs = 2500.0
  @Option(help: ArgumentHelp("Time for the densities of a region.", valueName: "ms")) var regionMs = 20.0
  @Option(
    help: ArgumentHelp(
      "Speed of a thread, in units of the machine that the cost model was measured on.", valueName: "x"))
  var speed = 1.0
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (sky != nil) != (a != nil && b != nil), sky == nil || a == nil else {
      throw ValidationError("simulate-schedule takes two catalogues, or --sky report or --sky lsst.")
    }
    let positive = [
      ("--threads", Double(threads), 1.0), ("--sources-per-chunk", sourcesPerChunk ?? 1000, 1000),
      ("--reach", reach, 0.001),
      ("--sigma", sigma, 0.001), ("--message-us", messageUs, 0), ("--latency-us", latencyUs, 0),
      ("--region-ms", regionMs, 0), ("--speed", speed, 0.001),
    ]
    for (name, value, least) in positive where !(value >= least && value < 1e9) {
      throw ValidationError("\(name) is \(value); allowed: \(Format.significant(least, 3)) or more.")
    }
  }

  func run(in process: CommandProcess) throws {
    let counts = try processCounts()
    let work = try work()
    var costs = ScheduleSimulation.Costs()
    (costs.manager, costs.latency) = (messageUs * 1e-6, latencyUs * 1e-6)
    var results: [(processes: Int, result: ScheduleSimulation.Result)] = []
    for processes in counts {
      let simulation = ScheduleSimulation(work, processes: processes, threads: threads, costs: costs)
      results.append((processes, try simulation.run(cancellation: process.signals.cancellation)))
    }
    let report = ScheduleReport(work: work, results: results)
    if facts.json { return try process.output.line(report.json.pretty) }
    for line in report.lines { try process.output.line(line) }
  }

  private func processCounts() throws -> [Int] {
    let text = processes ?? "1,10,100,1000,10000"
    let counts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard !counts.isEmpty, counts.allSatisfy({ (1...1_000_000).contains($0) }) else {
      throw StoreError(
        .usage, "--processes", "is '\(text)'; allowed: whole numbers from 1 to 1000000, such as 10,100,1000")
    }
    guard let most = counts.max(), most <= Self.mostThreads / threads else {
      throw StoreError(
        .usage, "--threads",
        "is \(threads) for each of up to \(counts.max() ?? 0) processes; allowed: \(Self.mostThreads) together")
    }
    return counts
  }

  /// More threads than this no simulation holds.
  private static let mostThreads = 10_000_000
  private static let mostChunks = 10_000_000.0

  private func work() throws -> ScheduleSimulation.Work {
    if let a, let b {
      return try MatchPlan(database: global.database(), a: a, b: b).work(regionSeconds: regionMs * 1e-3)
    }
    let skies = ["report": ImaginedSky.report, "lsst": ImaginedSky.lsst]
    guard let fields = skies[sky ?? ""] else {
      throw StoreError(.usage, "--sky", "is '\(sky ?? "")'; allowed: report, lsst")
    }
    if let sourcesPerChunk, fields.sources / sourcesPerChunk > Self.mostChunks {
      throw StoreError(
        .usage, "--sources-per-chunk",
        "is \(sourcesPerChunk), which makes more than \(Int(Self.mostChunks)) chunks of this sky; give more")
    }
    var errors = ImaginedSky.Errors()
    (errors.reach, errors.sigmaArcsec) = (.arcseconds(reach), sigma)
    return fields.work(
      sourcesPerChunk: wholeFields ? nil : sourcesPerChunk ?? fields.sourcesPerChunk, errors: errors,
      costs: CostModel(speed: speed),
      regionSeconds: regionMs * 1e-3)
  }
}
