import ArgumentParser
import CatalogStore

/// `xmdb runs`.
struct RunsCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the match runs, newest first.",
    discussion: """
      A run that was stopped is listed as unfinished; the same `xmdb match` goes on with it.

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
      for line in table(runs).lines { try process.output.line(line) }
    }
  }

  private func table(_ runs: [RunInfo]) -> TextTable {
    var table = TextTable([
      ("run", .right), ("a", .left), ("b", .left), ("state", .left), ("started", .left), ("matches", .right),
      ("nonmatches a", .right), ("nonmatches b", .right), ("pairs", .right), ("epoch", .left),
    ])
    for run in runs {
      let totals = run.totals
      let counts = [totals.matches, totals.nonmatchesA, totals.nonmatchesB, totals.pairs]
      table.add(
        [String(run.id), run.catalogueA, run.catalogueB, run.finished == nil ? "unfinished" : "finished", run.started]
          + counts.map { run.finished == nil ? "" : Format.count($0) } + [epoch(run)])
    }
    return table
  }

  /// The configured epoch, from the recorded YAML.
  private func epoch(_ run: RunInfo) -> String {
    let line = run.configuration.split(separator: "\n").first { $0.hasPrefix("epoch: ") }
    return line.map { String($0.dropFirst("epoch: ".count)) } ?? ""
  }

  private func json(_ run: RunInfo, _ registry: Registry) throws -> JSONValue {
    let units = try registry.units(of: run.id)
    var members: [(String, JSONValue)] = [
      ("run", .integer(run.id)), ("a", .text(run.catalogueA)), ("b", .text(run.catalogueB)),
      ("started", .text(run.started)), ("finished", .text(run.finished)), ("fingerprint", .text(run.fingerprint)),
      ("configuration", .text(run.configuration)), ("units_finished", .integer(Int64(units.count))),
      ("bytes", .integer(units.reduce(0) { $0 + $1.bytes })),
    ]
    if run.finished != nil { members += JSONValue.members(run.totals) }
    return .object(members)
  }
}

extension JSONValue {
  /// The row counts of a run.
  static func members(_ totals: RunTotals) -> [(String, JSONValue)] {
    [
      ("matches", .integer(totals.matches)), ("nonmatches_a", .integer(totals.nonmatchesA)),
      ("nonmatches_b", .integer(totals.nonmatchesB)), ("pairs", .integer(totals.pairs)),
      ("islands", .integer(totals.islands)),
    ]
  }
}
