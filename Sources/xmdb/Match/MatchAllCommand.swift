import ArgumentParser
import CatalogStore
import MatchRun

/// `xmdb match-all`.
struct MatchAllCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "match-all",
    abstract: "Match all pairs of a project, on one machine or many.",
    discussion: """
      Alone it is one process, like `xmdb match`. Started by mpirun or srun, its processes share the work: rank 0 hands out \
      chunks, largest first, and works too. With --listen, processes started by `xmdb join` share it, without MPI. The answer is the same to the byte. Whatever ends it, the same command goes on \
      where it was; a chunk that fails is tried again elsewhere, then set aside, and the run goes on without it.

      PROJECT
        Without A and B, all pairs of the project file are matched: --project FILE, else ./xmdb.yaml, else project.yaml in \
      the database's folder. Options win over it. It has the keys of --config (see `xmdb match --help`), for all pairs or \
      for one, and
          pairs: [[gaia, catwise], [gaia, twomass]]     # or  - a: gaia
          threads: 8                                    #       b: catwise
          memory: 64GB                                  #       photometry: false
          walltime: 12:00:00
          stop_before: 00:10:00
          attempts: 3
          log: match.log
          log_level: info

      EXIT STATUS
        0 done · 1 something could not be done and is set aside · 3 the same, and all of it is damage · 75 stopped by itself \
      before the end of --walltime · 130, 143 stopped by a signal. After 1, 3, 75, 130 and 143 the same command goes on.

      EXAMPLES
        xmdb match-all
        xmdb match-all gaia catwise --memory 16GB --plan
        xmdb match-all gaia catwise --listen node1     # and on node2: xmdb join
        mpirun -n 64 xmdb match-all --project survey.yaml --log match.log
        srun xmdb match-all --walltime 12:00:00 --threads 8
      """)

  @Argument(help: "The first catalogue (default: all pairs of the project file).") var a: String?
  @Argument(help: "The second catalogue.") var b: String?
  @Option(help: ArgumentHelp("Read pairs and settings from a YAML file.", valueName: "file")) var project: String?
  @Option(
    help: ArgumentHelp("Time of the job; no work is handed out that would not end in it.", valueName: "hh:mm:ss"))
  var walltime: String?
  @Option(
    help: ArgumentHelp(
      "Hand out no more work this long before the end of --walltime (default: from the longest chunk).",
      valueName: "hh:mm:ss"))
  var stopBefore: String?
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var processes: ListenOptions
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if a != nil && b == nil {
      throw ValidationError("match-all takes two catalogues, or none for all pairs of the project file; given: \(a!).")
    }
  }

  func run(in process: CommandProcess) throws {
    let started = Program.seconds()
    try ProcessSession(process).run(processes, quiet: global.quiet) {
      try work($0, localProcesses: $1, started, process)
    }
  }

  /// Leads the crew, or serves in it.
  private func work(
    _ transport: any Transport, localProcesses: Int, _ started: Double, _ process: CommandProcess
  ) throws {
    let file = try projectFile()
    let settings = try WorkSettings(
      work, project: file, walltime: walltime, stopBefore: stopBefore, localProcesses: localProcesses)
    let crew = Crew(
      transport: transport, threads: settings.threads, scratch: settings.scratch,
      cancellation: process.signals.cancellation)
    if transport.rank > 0 {
      try crew.serve()
      return
    }
    defer { try? crew.dismiss() }
    let database = try global.database()
    let pairs = try pairs(file).map { try $0.readingSky(database.registry(), process.signals.cancellation) }
    let session = MatchSession(
      database: database, pairs: pairs, settings: settings, options: work, facts: facts,
      quiet: global.quiet, correctsFirst: answer.correct, started: started, process: process)
    try session.run(crew: crew, asList: true)
  }

  /// The file that was named, or the first of the usual ones; nil if there is none and none is needed.
  private func projectFile() throws -> ProjectFile? {
    if let project { return try ProjectFile(project) }
    let usual = ["xmdb.yaml", try global.databasePath() + "/project.yaml"]
    if let path = usual.first(where: FileSystem.exists) { return try ProjectFile(path) }
    if a != nil { return nil }
    throw StoreError(
      .usage, "match-all",
      "names no catalogues, and there is no project file: \(usual.joined(separator: ", ")); give two catalogues, or "
        + "--project FILE with `pairs: [[A, B]]`")
  }

  private func pairs(_ file: ProjectFile?) throws -> [ProjectFile.Pair] {
    guard let a, let b else {
      let pairs = file?.pairs ?? []
      if pairs.isEmpty { throw StoreError(.usage, file?.path ?? "", "has no pairs; add `pairs: [[A, B]]`") }
      return try pairs.map { .init(a: $0.a, b: $0.b, configuration: try answer.configuration($0.configuration)) }
    }
    let named = file?.pairs.first { $0.a == a && $0.b == b }?.configuration ?? file?.configuration
    return [.init(a: a, b: b, configuration: try answer.configuration(named ?? MatchConfiguration()))]
  }
}
