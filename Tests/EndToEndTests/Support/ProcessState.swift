import Foundation

/// What the kernel tells of a process, so that a test acts at the moment it means and not after a time.
struct ProcessState {
  let pid: pid_t

  private func line(_ key: String, of file: String) -> Substring? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") else { return nil }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(key + ":") }?
      .dropFirst(key.count + 1)
  }

  /// Whether the program waits for a signal with a thread of its own: it blocks it everywhere else.
  func listens(to signal: Int32) -> Bool {
    let mask = line("SigBlk", of: "status").flatMap { UInt64($0.trimmingCharacters(in: .whitespaces), radix: 16) } ?? 0
    return mask >> UInt64(signal - 1) & 1 == 1
  }

  /// Whether its first thread waits for something.
  var isAsleep: Bool { line("State", of: "status")?.contains("S (sleeping)") ?? false }

  /// Processor time of all its threads, seconds.
  var processorSeconds: Double {
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat"),
      let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " "),
      fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
    else { return 0 }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}

extension RunningProgram {
  /// Waits until the program has worked for some seconds of processor time and would hear a signal.
  func isAtWork(_ seconds: Double = 0.2) -> Bool {
    let state = ProcessState(pid: pid)
    return eventually { state.listens(to: SIGTERM) && state.processorSeconds >= seconds }
  }

  /// Waits until the program waits for something and would hear a signal.
  func isWaiting() -> Bool {
    let state = ProcessState(pid: pid)
    return eventually { state.listens(to: SIGTERM) && state.isAsleep }
  }
}
