internal import Glibc

/// A process that writes to a database, as `writer.owner` names it.
struct Owner: Equatable {
  /// What is known about it from here.
  enum State { case mine, alive, dead, elsewhere }

  let host: String
  /// Changes when the machine starts anew.
  let boot: String
  let pid: Int32
  /// When the process began, clock ticks since the machine started: numbers of processes come again, this does not.
  let started: String
  /// UTC, ISO 8601.
  let since: String
  let command: String

  /// This process, now.
  static func thisProcess() -> Owner {
    Owner(
      host: thisHost(), boot: thisBoot(), pid: getpid(), started: start(of: getpid()) ?? "", since: Program.now(),
      command: CommandLine.arguments.joined(separator: " ").replacing("\n", with: " "))
  }

  /// One fact a line, for people too.
  var text: String {
    "host \(host)\nprocess \(pid)\nsince \(since)\ncommand \(command)\nboot \(boot)\nstarted \(started)\n"
  }
}

extension Owner {
  /// Reads `text`; nil when it is not complete, as when its writer has only begun or the disk was full.
  init?(text: String) {
    var facts: [Substring: Substring] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { facts[parts[0]] = parts[1] }
    }
    guard let host = facts["host"], let pid = facts["process"].flatMap({ Int32($0) }), let since = facts["since"],
      let command = facts["command"], let boot = facts["boot"], let started = facts["started"]
    else { return nil }
    self.init(
      host: String(host), boot: String(boot), pid: pid, started: String(started), since: String(since),
      command: String(command))
  }

  /// Looks for the process, which can only be done on its own machine.
  var state: State {
    guard host == Self.thisHost() else { return .elsewhere }
    guard boot == Self.thisBoot(), Self.start(of: pid) == started else { return .dead }
    return pid == getpid() ? .mine : .alive
  }

  private static func thisHost() -> String {
    var name = [CChar](repeating: 0, count: 256)
    return gethostname(&name, name.count - 1) == 0
      ? name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) } : "?"
  }

  private static func thisBoot() -> String {
    (try? FileSystem.text(ofKernelFile: "/proc/sys/kernel/random/boot_id"))?.split(separator: "\n").first.map(
      String.init) ?? ""
  }

  /// Field 22 of /proc/PID/stat (proc(5)); nil when there is no such process. The name before it may hold anything.
  private static func start(of pid: Int32) -> String? {
    guard let text = try? FileSystem.text(ofKernelFile: "/proc/\(pid)/stat"), let name = text.lastIndex(of: ")") else {
      return nil
    }
    let fields = text[name...].split(separator: " ")
    // Field 2, the name, is element 0 here. A process that has ended but is not yet waited for is none.
    return fields.count > 20 && fields[1] != "Z" ? String(fields[20]) : nil
  }
}
