import ArgumentParser
import CatalogStore

/// `xmdb runs`.
struct RunsCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs, newest first.",
    discussion: """
      A run that was stopped is listed as unfinished; the same command goes on with it, and `xmdb status` says more about \
      it. The corrections of a catalogue's errors are runs, too: `xmdb correct`. Core time is the processor time that went into pairing.

      EXAMPLES
        xmdb runs
        xmdb runs --json
      """)

  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let registry = try global.database().registry()
    let runs = try registry.allRuns()
    if facts.json {
      try process.output.line(JSONValue.list(try runs.map { try json($0, registry) }).pretty)
    } else if runs.isEmpty {
      try process.output.line("No runs yet; `xmdb match A B` makes one.")
    } else {
      for line in try table(runs, registry).lines { try process.output.line(line) }
    }
  }

  private func table(_ runs: [RunInfo], _ registry: Registry) throws -> TextTable {
    var table = TextTable([
      ("run", .right), ("kind", .left), ("a", .left), ("b", .left), ("state", .left), ("started", .left),
      ("chunks", .right),
      ("set aside", .right), ("core time", .right), ("sources/s", .right), ("matches", .right),
      ("nonmatches a", .right), ("nonmatches b", .right), ("pairs", .right), ("epoch", .left),
    ])
    for run in runs { table.add(try cells(run, registry)) }
    return table
  }

  private func cells(_ run: RunInfo, _ registry: Registry) throws -> [String] {
    let isFinished = run.finished != nil
    let (done, chunks) = try registry.chunkCounts(of: run.id)
    let work = try registry.work(of: run.id)
    let state = [
      String(run.id), run.kind.rawValue, run.catalogueA, run.catalogueB, isFinished ? "finished" : "unfinished",
      run.started,
      (isFinished ? "" : "\(Format.count(Int64(done))) of ") + Format.count(Int64(chunks)),
      isFinished ? "" : Format.count(Int64(try registry.problems(of: run.id).count)),
      work.map { Format.seconds($0.seconds) } ?? "", work?.sourcesPerSecond.map(Format.short) ?? "",
    ]
    let counts = [run.totals.matches, run.totals.nonmatchesA, run.totals.nonmatchesB, run.totals.pairs]
    return state + counts.map { isFinished && run.kind == .match ? Format.count($0) : "" } + [epoch(run)]
  }

  /// The configured epoch, from the recorded YAML.
  private func epoch(_ run: RunInfo) -> String {
    let line = run.configuration.split(separator: "\n").first { $0.hasPrefix("epoch: ") }
    return line.map { String($0.dropFirst("epoch: ".count)) } ?? ""
  }

  private func json(_ run: RunInfo, _ registry: Registry) throws -> JSONValue {
    let work = try registry.work(of: run.id)
    let (done, chunks) = try registry.chunkCounts(of: run.id)
    var members: [(String, JSONValue)] = [
      ("run", .integer(run.id)), ("kind", .text(run.kind.rawValue)), ("a", .text(run.catalogueA)),
      ("b", .text(run.catalogueB)),
      ("started", .text(run.started)), ("finished", .text(run.finished)), ("fingerprint", .text(run.fingerprint)),
      ("configuration", .text(run.configuration)), ("chunks", .integer(Int64(chunks))),
      ("chunks_finished", .integer(Int64(done))), ("chunks_reused", .integer(Int64(done - (work?.chunks ?? 0)))),
      ("set_aside", .list(try registry.problems(of: run.id).map(MatchReport.json))),
      ("bytes", .integer(try registry.bytes(of: run.id))), ("pairing_cpu_s", .real(work?.seconds)),
      ("pairing_sources_per_cpu_s", .real(work?.sourcesPerSecond)), ("peak_bytes", .integer(work?.peakBytes)),
    ]
    if run.finished != nil, run.kind == .match { members += JSONValue.members(run.totals) }
    return .object(members)
  }
}

extension JSONValue {
  /// The row counts of a run.
  static func members(_ totals: RunTotals) -> [(String, JSONValue)] {
    [
      ("matches", .integer(totals.matches)), ("nonmatches_a", .integer(totals.nonmatchesA)),
      ("nonmatches_b", .integer(totals.nonmatchesB)), ("pairs", .integer(totals.pairs)),
      ("islands", .integer(totals.islands)), ("negligible_pairs", .integer(totals.negligiblePairs)),
      ("negligible_p", .real(totals.negligibleProbability)),
    ]
  }
}
