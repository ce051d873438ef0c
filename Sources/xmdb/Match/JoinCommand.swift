import ArgumentParser
import CatalogStore
import MatchRun
import SocketProcesses

/// `xmdb join`.
struct JoinCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Take part in a run that another process has begun with --listen.",
    discussion: """
      `xmdb match-all A B --listen HOST` (and `xmdb correct`) lets other processes help, on this machine or on others that see the \
      database under the same path: each is a `xmdb join`. They come when they like, also in the middle of a run, and may be \
      stopped or killed: what one of them had is done by others. The answer is the same to the byte. No MPI is needed.

      How to join is in the folder of the run, in a file that only the user who started it can read. Whoever cannot read it is \
      not let in.

      EXAMPLES
        xmdb join --threads 8 --wait 600
        xmdb match-all gaia catwise --listen node1 & ssh node2 xmdb join --db /shared/sky.xmdb

      EXIT STATUS
        0 the run needs no help any more · 1 there was none to join, or its first process was lost · 2 it is of another \
      version · 130, 143 stopped by a signal; the run goes on without this process
      """)

  @Option(
    help: ArgumentHelp("Threads of this process (default: one per processor that it may use).", valueName: "n"))
  var threads: Int?
  @Option(
    help: ArgumentHelp(
      "Build result files in a folder of this machine before they are copied into the database.", valueName: "dir"))
  var scratch: String?
  @Option(help: ArgumentHelp("Wait so long for a run to join.", valueName: "seconds"))
  var wait = 60.0
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  /// Seconds: a week.
  private static let longestWait = 604_800.0

  func validate() throws {
    if let threads, !(1...4096).contains(threads) {
      throw ValidationError("--threads is \(threads); allowed: 1 to 4096. Leave it out to use every processor.")
    }
    guard (0...Self.longestWait).contains(wait) else {
      throw ValidationError("--wait is \(wait); allowed: 0 to \(Int(Self.longestWait)) seconds, for example 600.")
    }
  }

  func run(in process: CommandProcess) throws {
    let threads = threads ?? Machine().threads(localProcesses: 1)
    let scratch = try scratch.map(WorkSettings.folder)
    ProcessSetup.shareHeaps(threads: threads)
    let path = try global.databasePath()
    let search = RunSearch(database: path, cancellation: process.signals.cancellation)
    let transport = try search.join(waiting: wait)
    defer { transport.finish() }
    let crew = Crew(
      transport: transport, threads: threads, scratch: scratch, cancellation: process.signals.cancellation)
    let pieces = try crew.serve()
    if facts.json {
      let told = JSONValue.object([("process", .integer(Int64(transport.rank))), ("pieces", .integer(Int64(pieces)))])
      try process.output.line(told.pretty)
    } else if !global.quiet {
      try process.output.line("Process \(transport.rank) of \(path) has done \(Format.count(Int64(pieces), "piece")).")
    }
  }
}
