internal import Glibc

/// A process that writes to a database, as `writer.owner` names it.
struct Owner: Equatable {
  /// What is known about it from here.
  enum State { case mine, alive, dead, elsewhere }

  let host: String
  /// The machine's own number; empty where it has none.
  let machine: String
  /// Changes when the machine starts anew.
  let boot: String
  /// In which numbers of processes mean what they mean; empty when that cannot be told. Containers have their own.
  let namespace: String
  let pid: Int32
  /// When the process began, clock ticks since the machine started: numbers of processes come again, this does not.
  let started: String
  /// UTC, ISO 8601.
  let since: String
  let command: String

  /// This process, now.
  static func thisProcess() -> Owner {
    Owner(
      host: (Program.hostName ?? "?"), machine: kernelFile("/etc/machine-id"), boot: thisBoot(),
      namespace: thisNamespace(),
      pid: getpid(), started: start(of: getpid()) ?? "", since: Program.now(),
      command: CommandLine.arguments.joined(separator: " ").replacing("\n", with: " "))
  }

  /// One fact a line, for people too.
  var text: String {
    "host \(host)\nprocess \(pid)\nsince \(since)\ncommand \(command)\nboot \(boot)\nstarted \(started)\n"
      + "machine \(machine)\nnamespace \(namespace)\n"
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
    // Earlier versions did not write the last two: whoever cannot be placed is elsewhere.
    self.init(
      host: String(host), machine: String(facts["machine"] ?? ""), boot: String(boot),
      namespace: String(facts["namespace"] ?? ""), pid: pid, started: String(started), since: String(since),
      command: String(command))
  }

  /// Looks for the process.
  var state: State { state(seenFrom: .thisProcess(), start: Self.start) }

  /// What an observer knows: only where numbers of processes mean the same, those who started with the machine and are not
  /// there any more are known to be gone.
  /// - Parameter start: When a process of a number began; nil when there is none.
  func state(seenFrom observer: Owner, start: (Int32) -> String?) -> State {
    guard host == observer.host else { return .elsewhere }
    if boot != observer.boot { return isBeforeRestart(of: observer) ? .dead : .elsewhere }
    guard !boot.isEmpty, !namespace.isEmpty, namespace == observer.namespace else { return .elsewhere }
    guard start(pid) == started else { return .dead }
    return pid == observer.pid ? .mine : .alive
  }

  /// Two machines, or containers on them, may have one name. Outside of containers the machine's own number tells.
  private func isBeforeRestart(of observer: Owner) -> Bool {
    !boot.isEmpty && !machine.isEmpty && machine == observer.machine
      && namespace == Self.outermost && observer.namespace == Self.outermost
  }

  /// The namespace of a machine's own processes has the same number in every Linux (include/linux/proc_ns.h).
  private static let outermost = "pid:[4026531836]"

  /// Tells this machine, as long as it runs, from others: for names that must not clash.
  static var thisMachine: UInt32 {
    let boot = Array(thisBoot().utf8)
    return UInt32(truncatingIfNeeded: boot.withUnsafeBytes { Fingerprint.hash64($0) })
  }

  private static func thisBoot() -> String { kernelFile("/proc/sys/kernel/random/boot_id") }

  /// Where the link points to; empty when it cannot be read.
  private static func thisNamespace() -> String {
    var target = [CChar](repeating: 0, count: 256)
    let length = readlink("/proc/self/ns/pid", &target, target.count - 1)
    return String(decoding: target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The first line of a small file; empty when there is none.
  private static func kernelFile(_ path: String) -> String {
    (try? FileSystem.text(ofKernelFile: path))?.split(separator: "\n").first.map(String.init) ?? ""
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
