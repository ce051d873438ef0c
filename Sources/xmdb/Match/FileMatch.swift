import CatalogStore
import Delivery
import Formats
import Ingest
import MatchRun

/// The whole match of two files in one command: a database that nobody sees is made, and goes when the table is written, whatever
/// ends the command.
struct FileMatch {
  let paths: (first: String, second: String)
  let table: TableOptions
  let files: FileOptions
  let profiles: ProfileOptions
  let answer: AnswerOptions
  let work: WorkOptions
  let facts: FactsOptions
  let global: GlobalOptions
  let process: CommandProcess
  /// When the process began, `Program.seconds()`.
  let started: Double

  /// - Parameter out: The file to write.
  func run(out: String) throws {
    do { try match(to: out) } catch let error as StoreError where error.code == .interrupted {
      throw StoreError(.interrupted, "match", "interrupted; nothing of it is kept, and the same command begins again")
    }
  }

  private func match(to out: String) throws {
    try requireSense()
    let format = try table.tableFormat(of: out)
    let options = try table.formatOptions(format, header: nil)
    let choice = try table.choice
    try OwnFiles(force: files.force, command: "match").requireReplaceable(out) { _ in false }
    let settings = try WorkSettings(work, project: nil)
    let plans = try ingestPlans()
    let folder = try temporaryFolder(out)
    try withExtendedLifetime(folder) {
      let database = try SkyDatabase.openOrCreate(at: folder.path, locks: global.lockMode())
      let columns = table.columnNames ?? TableExport.columnsOfBoth(choice)
      let ingests = try plans.map { try ingest($0, database, settings) }
      let report = try match(plans, database, settings)
      let export = try TableExport(
        database: database, a: plans[0].name, b: plans[1].name, choice: choice, columns: columns)
      let progress = Progress(quiet: global.quiet)
      defer { progress.clear() }
      let written = try export.write(
        to: out, format, options, threads: settings.threads, cancellation: process.signals.cancellation
      ) { done, all in progress.show { "writing \(out): \(done) of \(all) parts" } }
      progress.clear()
      try say(ingests, report, TableOutcome(path: out, written: written))
    }
  }

  /// Refuses options of a match in a database.
  private func requireSense() throws {
    let others: [(String, Bool)] = [
      ("--db", global.databaseFolder != nil), ("--plan", work.plan), ("--redo", work.redo),
    ]
    for (name, isGiven) in others where isGiven {
      throw StoreError(
        .usage, name,
        "is for catalogues of a database; with --out two files are matched, and no database is kept. Leave one of them out"
      )
    }
    for path in [paths.first, paths.second] where !FileSystem.exists(path) && !path.hasSuffix("]") {
      throw StoreError(
        .usage, path,
        "there is no such file; with --out two files are matched. A match of catalogues is written by `xmdb export A B --out FILE`"
      )
    }
  }

  /// On a disk of this machine, if one is named; else beside the file.
  private func temporaryFolder(_ out: String) throws -> DraftFolder {
    let folder =
      work.scratch ?? environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? FileSystem.parent(out)
    Draft.removeLeftovers(in: folder)
    return try DraftFolder(in: folder)
  }

  // MARK: Steps

  private func ingestPlans() throws -> [IngestPlan] {
    let names = CatalogueName.suggested(by: [paths.first, paths.second])
    let known = try profiles.known(nil)
    return [
      try plan(paths.first, names[0], files.map1, files.epoch1, files.frame1, known, 1),
      try plan(paths.second, names[1], files.map2, files.epoch2, files.frame2, known, 2),
    ]
  }

  private func plan(
    _ path: String, _ name: String, _ mappings: [String], _ epoch: Double?, _ frame: String?,
    _ known: SurveyProfiles, _ number: Int
  ) throws -> IngestPlan {
    var options = IngestOptions(paths: [path])
    options.name = name
    options.mappings = mappings
    options.epochYears = epoch
    options.profiles = known
    // Nobody has said that all columns are to be kept.
    options.leavesOutLists = true
    options.threads = work.threads ?? WorkerThreads.available
    do {
      options.frame = try frame.map { try SkyFrame(option: $0) }
      let plan = try IngestPlan(options, cancellation: process.signals.cancellation)
      for warning in plan.warnings where !global.quiet { standardError("Warning: \(path): \(own(warning, number))\n") }
      try plan.requireComplete()
      return plan
    } catch let error as IngestError {
      throw IngestError(error.code, subject: own(error.subject, number), own(error.message, number))
    }
  }

  /// A message of `ingest` in the options of this command.
  private func own(_ message: String, _ number: Int) -> String {
    message.replacing(#/(--(?:map|epoch|frame))\b/#) { "\($0.output.1)\(number)" }
  }

  private func ingest(_ plan: IngestPlan, _ database: SkyDatabase, _ settings: WorkSettings) throws -> IngestReport {
    let start = Program.seconds()
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let driver = IngestDriver(plan: plan, cancellation: process.signals.cancellation)
    let outcome = try driver.run(into: database) { step in
      progress.show { "reading \(plan.name): \(IngestCommand.text(step))" }
    }
    return IngestReport(plan: plan, outcome: outcome, seconds: Program.seconds() - start)
  }

  private func match(_ plans: [IngestPlan], _ database: SkyDatabase, _ settings: WorkSettings) throws -> MatchReport {
    let pair = ProjectFile.Pair(a: plans[0].name, b: plans[1].name, configuration: try answer.configuration())
    let session = MatchSession(
      database: database, pairs: [try pair.readingSky(database.registry(), process.signals.cancellation)],
      settings: settings, options: work, facts: facts, quiet: global.quiet,
      started: started, process: process)
    let crew = Crew(
      threads: settings.threads, scratch: settings.scratch, cancellation: process.signals.cancellation)
    defer { try? crew.dismiss() }
    if answer.correct {
      try session.correct(crew: crew) { report in
        if !global.quiet { for line in report.answer.lines { standardError(line + "\n") } }
      }
    }
    let reports = try session.reports(of: session.plans(), crew: crew)
    if let left = WorkLeft(reports, pairsLeft: 0) {
      for line in reports.flatMap(\.lines) { standardError(line + "\n") }
      throw left
    }
    return reports[0]
  }

  // MARK: What has been done

  /// The summary is no part of the answer: it goes to standard error. JSON is asked for, and goes to standard output.
  private func say(_ ingests: [IngestReport], _ report: MatchReport, _ outcome: TableOutcome) throws {
    if facts.json {
      let value = JSONValue.object([
        ("inputs", .list(ingests.map(\.json))), ("match", report.json), ("output", try outcome.json),
      ])
      return try process.output.line(value.pretty)
    }
    if global.quiet { return }
    let lines =
      ingests.flatMap(\.summary) + report.summary + outcome.notes + [
        "\(outcome.line); \(Format.seconds(Program.seconds() - started)) in all."
      ]
    for line in lines { standardError(line + "\n") }
  }
}
