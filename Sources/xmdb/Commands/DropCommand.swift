import ArgumentParser
import CatalogStore
import Glibc

/// `xmdb drop`.
struct DropCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop",
    abstract: "Remove catalogues and runs, and give their space back.",
    discussion: """
      Removes catalogues by name and runs by number, all of them or none. A catalogue that runs have been made of is \
      refused, unless --with-runs says to remove these, too. On a terminal it asks first; without one it needs --yes. \
      Killed at any instant, everything is either there or gone; files that are left then are removed by the next command \
      that writes.

      EXAMPLES
        xmdb drop 7
        xmdb drop gaia_old --with-runs --dry-run
        xmdb drop gaia_old catwise_old 3 4 --yes
      """)

  @Argument(help: ArgumentHelp("Catalogues, and numbers of runs.", valueName: "catalogue or run")) var subjects:
    [String]
  @Flag(help: "Remove the runs of these catalogues, too.") var withRuns = false
  @Flag(help: "Show what would be removed, and do nothing.") var dryRun = false
  @Flag(help: "Do not ask.") var yes = false
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let database = try global.database()
    let plan = try DropPlan(subjects, withRuns: withRuns, try database.registry())
    if dryRun {
      if facts.json { return try process.output.line(plan.json(isDone: false).pretty) }
      return try process.output.line("Would remove \(plan.text).")
    }
    if !yes { try confirm(plan) }
    let lock = try database.lockForWriting()
    try database.writableRegistry().drop(catalogues: plan.catalogueNames, runs: plan.namedRuns, withRuns: withRuns)
    try database.removeLeftovers(holding: lock)
    if facts.json {
      try process.output.line(plan.json(isDone: true).pretty)
    } else if !global.quiet {
      try process.output.line("Removed \(plan.text).")
    }
  }

  private func confirm(_ plan: DropPlan) throws {
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      throw StoreError(
        .usage, "drop",
        "would remove \(plan.text), and there is no terminal to ask; add --yes, or --dry-run to look only")
    }
    standardError("Remove \(plan.text)? [y/N] ")
    guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
      standardError("Nothing was removed.\n")
      throw OtherStatus(.failed)
    }
  }
}

/// What a drop removes.
struct DropPlan {
  private let catalogues: [CatalogueInfo]
  private let runs: [(info: RunInfo, bytes: Int64)]
  /// Runs that were named, without those that go with a catalogue.
  let namedRuns: [Int64]

  var catalogueNames: [String] { catalogues.map(\.name) }

  /// - Throws: `StoreError.usage` for what is not there, and for catalogues that have runs that are to stay.
  init(_ subjects: [String], withRuns: Bool, _ registry: Registry) throws {
    var (names, numbers): ([String], [Int64]) = ([], [])
    for subject in subjects {
      if let number = Int64(subject) {
        if !numbers.contains(number) { numbers.append(number) }
      } else if !names.contains(subject) {
        names.append(subject)
      }
    }
    let all = try registry.allRuns()
    for number in numbers where !all.contains(where: { $0.id == number }) {
      let known = all.reversed().map { String($0.id) }.joined(separator: ", ")
      throw StoreError(.usage, "run \(number)", "is not there; there are: \(known.isEmpty ? "none" : known)")
    }
    catalogues = try names.map(registry.catalogue)
    for name in names {
      let left = try registry.runs(of: name).filter { !numbers.contains($0) }
      if !left.isEmpty && !withRuns { throw Registry.inUse(name, by: left) }
    }
    let gone = all.reversed().filter { run in
      numbers.contains(run.id) || names.contains(run.catalogueA) || names.contains(run.catalogueB)
    }
    runs = try gone.map { ($0, try registry.bytes(of: $0.id)) }
    namedRuns = numbers
  }

  private var bytes: Int64 { catalogues.reduce(0) { $0 + $1.bytes } + runs.reduce(0) { $0 + $1.bytes } }

  var text: String {
    let parts =
      catalogues.map { "catalogue \($0.name) (\(Format.count($0.rows)) sources)" }
      + runs.map { "run \($0.info.id) (\($0.info.catalogueA) and \($0.info.catalogueB))" }
    return parts.joined(separator: ", ") + ": \(Format.bytes(bytes))"
  }

  func json(isDone: Bool) -> JSONValue {
    .object([
      ("removed", .bool(isDone)),
      ("catalogues", .texts(catalogueNames)),
      ("runs", .list(runs.map { .integer($0.info.id) })),
      ("bytes", .integer(bytes)),
    ])
  }
}
