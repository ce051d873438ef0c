import CatalogStore

/// What this process may use of the machine it runs on.
struct Machine {
  /// Processors that this process may run on.
  let processors: Int
  /// Processors of the machine.
  let allProcessors: Int
  /// Memory that the machine, or the batch job, has, bytes.
  let memoryBytes: Int64

  /// The part of the memory that a match plans with, all processes of the machine together: the rest is for the operating
  /// system and its page cache.
  static let memoryShare = 0.6

  /// As the kernel says. What it does not say is taken from the machine as a whole.
  init() {
    allProcessors = WorkerThreads.available
    processors = Self.allowedProcessors(Self.text("/proc/self/status")) ?? allProcessors
    let installed = Self.installedMemory(Self.text("/proc/meminfo"))
    memoryBytes = min(installed ?? .max, Self.groupLimit(Self.text("/proc/self/cgroup"), text: Self.text) ?? .max)
  }

  init(processors: Int, allProcessors: Int, memoryBytes: Int64) {
    (self.processors, self.allProcessors, self.memoryBytes) = (processors, allProcessors, memoryBytes)
  }

  private static func text(_ path: String) -> String { (try? FileSystem.text(ofKernelFile: path)) ?? "" }

  /// Threads for one of several processes on this machine: the processors that the launcher has bound it to, else its share.
  func threads(localProcesses: Int) -> Int {
    let isBound = processors < allProcessors
    return max(1, isBound ? processors : processors / max(1, localProcesses))
  }

  /// The share of the memory for one of several processes on this machine, bytes.
  func memory(localProcesses: Int) -> Int64 {
    Int64(Double(memoryBytes) * Self.memoryShare) / Int64(max(1, localProcesses))
  }

  /// The number of processors in the line `Cpus_allowed: ff,ffffffff` of a status file.
  static func allowedProcessors(_ status: String) -> Int? {
    guard let mask = field("Cpus_allowed", of: status) else { return nil }
    let count = mask.reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
    return count > 0 ? count : nil
  }

  /// The memory of the machine, bytes.
  static func installedMemory(_ meminfo: String) -> Int64? {
    field("MemTotal", of: meminfo).flatMap { Int64($0.split(separator: " ").first ?? "") }.map { $0 * 1024 }
  }

  private static func field(_ name: String, of text: String) -> String? {
    for line in text.split(separator: "\n") where line.hasPrefix(name + ":") {
      return line.dropFirst(name.count + 1).trimmingPrefix { $0 == " " || $0 == "\t" }.description
    }
    return nil
  }

  /// The least limit of the control groups that this process is in, bytes; batch systems set one for a job.
  /// - Parameter text: Reads a file; empty when there is none.
  static func groupLimit(_ groups: String, text: (String) -> String) -> Int64? {
    var limits: [Int64] = []
    for line in groups.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isUnified = parts[0] == "0" && parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("memory") else { continue }
      let (root, file) =
        isUnified ? ("/sys/fs/cgroup", "memory.max") : ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
      var folder = String(parts[2])
      while true {
        let limit = text(root + (folder == "/" ? "" : folder) + "/" + file).filter { !$0.isWhitespace }
        if let bytes = Int64(limit), bytes > 0 { limits.append(bytes) }
        if folder == "/" || folder.isEmpty { break }
        folder = FileSystem.parent(folder)
      }
    }
    return limits.min()
  }
}
