import ArgumentParser
import CatalogStore

/// `xmdb verify`.
struct VerifyCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that the database is whole.",
    discussion: """
      Reads every file and compares its size and fingerprint with the registry, runs SQLite's integrity check, recounts \
      all rows, and checks their order, the two forms in which a catalogue is held, its coverage map, and that every \
      source is in exactly one result row of each run. Changes nothing. Damage is listed with what to do, status 3.

      EXAMPLES
        xmdb verify
        xmdb verify gaia
        xmdb verify 7
      """)

  @Argument(
    help: ArgumentHelp("A catalogue, or the number of a run; without it, everything.", valueName: "catalogue or run"))
  var subject: String?
  @Option(help: ArgumentHelp("Files read at a time (default: one per processor).", valueName: "n")) var threads: Int?
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads); allowed: 1 or more. Leave it out to use every processor.")
    }
  }

  func run(in process: CommandProcess) throws {
    let start = Program.seconds()
    let reports = try verify(process)
    let damages = reports.flatMap(\.damages)
    if facts.json {
      try process.output.line(Self.json(reports).pretty)
    } else {
      try print(reports, seconds: Program.seconds() - start, process.output)
    }
    if !damages.isEmpty { throw DamageFound() }
  }

  private func verify(_ process: CommandProcess) throws -> [VerificationReport] {
    let database = try global.database()
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let verifier = DatabaseVerifier(
      database: database, threads: threads ?? WorkerThreads.available, cancellation: process.signals.cancellation)
    func show(_ subject: String) -> @Sendable (Int, Int) -> Void {
      { done, all in progress.show { "verify \(subject): \(done) of \(all) files" } }
    }
    let registry = try database.registry()
    if let subject {
      if let number = Int64(subject) { return [try verifier.verify(run: number, progress: show("run \(number)"))] }
      return [try verifier.verify(catalogue: subject, progress: show(subject))]
    }
    var reports = [try verifier.verifyRegistry()]
    for name in try registry.listedNames() {
      reports.append(try verifier.verify(catalogue: name, progress: show(name)))
    }
    for run in try registry.runNumbers() {
      reports.append(try verifier.verify(run: run, progress: show("run \(run)")))
    }
    return reports
  }

  private func print(_ reports: [VerificationReport], seconds: Double, _ output: StandardOutput) throws {
    let damages = reports.flatMap(\.damages)
    if !global.quiet {
      var table = TextTable([("verified", .left), ("files", .right), ("rows", .right), ("result", .left)])
      for report in reports {
        table.add([
          report.subject, Format.count(Int64(report.files)), Format.count(report.rows),
          report.damages.isEmpty ? "ok" : "DAMAGED",
        ])
      }
      for line in table.lines { try output.line(line) }
      for report in reports { for note in report.notes { try output.line("Note: \(report.subject): \(note).") } }
    }
    for damage in damages { try output.line("Damage: \(damage)") }
    if !global.quiet && damages.isEmpty {
      try output.line("Everything is as it was written. \(Format.seconds(seconds)).")
    }
  }

  private static func json(_ reports: [VerificationReport]) -> JSONValue {
    .list(
      reports.map { report in
        .object([
          ("subject", .text(report.subject)), ("files", .integer(Int64(report.files))), ("rows", .integer(report.rows)),
          ("ok", .bool(report.damages.isEmpty)), ("damages", .list(report.damages.map(json))),
          ("notes", .texts(report.notes)),
        ])
      })
  }

  private static func json(_ damage: Damage) -> JSONValue {
    .object([
      ("subject", .text(damage.subject)), ("finding", .text(damage.finding)), ("remedy", .text(damage.remedy)),
    ])
  }
}
