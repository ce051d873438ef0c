import ArgumentParser
import CatalogStore
import Glibc

/// `xmdb supervise`.
struct SuperviseCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "supervise",
    abstract: "Run a command, and start it again when it crashes.",
    discussion: """
      For runs over many processes: when one is killed, mpirun ends them all with status 128 and the signal's number. The same
      command goes on from there, and this gives it. A command that ends by itself, with whatever status below 128, or that
      was asked to stop by SIGINT, SIGTERM or SIGUSR1 is not started again. These signals are handed on to it. Its
      standard input is empty. Ends with the command's status.

      EXAMPLES
        xmdb supervise --restart 5 -- mpirun -n 8 xmdb match-all
        xmdb supervise -- xmdb match gaia catwise
      """)

  @Option(help: ArgumentHelp("Starts the command again at most so many times.", valueName: "count"))
  var restart = 3
  @OptionGroup var global: GlobalOptions
  @Argument(parsing: .postTerminator, help: "After --: a program and its arguments.") var command: [String]

  func validate() throws {
    if restart < 0 { throw ValidationError("--restart is \(restart); give 0 or more") }
    if command.isEmpty {
      throw ValidationError("a command is missing; give it after --, as in: -- mpirun xmdb match-all")
    }
  }

  func run(in process: CommandProcess) throws {
    let supervisor = Supervisor(command: command, policy: RestartPolicy(limit: restart)) { text in
      if !global.quiet { standardError("xmdb supervise: \(text)\n") }
    }
    let status = try process.signals.relaying(to: supervisor.hear, supervisor.run)
    if status != 0 { throw OtherStatus(ExitStatus(rawValue: status)) }
  }
}

/// Runs a command until it ends in an orderly way, is asked to stop, or has crashed too often.
private final class Supervisor: Sendable {
  private struct State {
    var child: ChildProcess?
    /// The last signal that asked us to stop.
    var request: Int32?
  }

  private let command: [String]
  private let policy: RestartPolicy
  private let say: @Sendable (String) -> Void
  private let state = Guarded(State())

  init(command: [String], policy: RestartPolicy, say: @escaping @Sendable (String) -> Void) {
    self.command = command
    self.policy = policy
    self.say = say
  }

  /// Hands a signal on; no restart follows it.
  @Sendable func hear(_ signal: Int32) {
    state.withLock { state in
      state.request = signal
      state.child?.send(signal)
    }
  }

  private var request: Int32? { state.withLock { $0.request } }

  /// - Returns: The exit status of the last start, or that of the request that came before it.
  @Sendable func run() throws -> Int32 {
    var restarts = 0
    while true {
      if let request { return 128 + request }
      let start = Program.seconds()
      let ending = try runOnce()
      guard let signal = policy.crash(ending), request == nil else { return ending.status }
      let what =
        "signal \(signal) (\(String(cString: strsignal(signal)))) ended \(command[0]) after"
        + " \(Int(Program.seconds() - start)) s"
      if restarts == policy.limit { return giveUp(what, ending) }
      restarts += 1
      let pause = policy.pause(before: restarts)
      say("\(what); starting it again in \(Int(pause)) s, restart \(restarts) of \(policy.limit)")
      sleep(pause)
    }
  }

  /// The child is known to `hear` before a signal can be missed.
  private func runOnce() throws -> ChildProcess.Ending {
    let child = try state.withLock { state in
      let child = try ChildProcess(command)
      state.child = child
      return child
    }
    defer { state.withLock { $0.child = nil } }
    return child.wait()
  }

  private func giveUp(_ what: String, _ ending: ChildProcess.Ending) -> Int32 {
    say(policy.limit == 0 ? what : "\(what); all \(policy.limit) restarts are used up")
    return ending.status
  }

  /// Sleeps until the time is over or somebody asks to stop.
  private func sleep(_ seconds: Double) {
    let end = Program.seconds() + seconds
    while request == nil && Program.seconds() < end { usleep(20_000) }
  }
}
