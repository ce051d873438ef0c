import CatalogStore
import Logging
import MatchRun

/// How the work of a match is done: what options and the project file say, and what follows from the machine.
struct WorkSettings {
  /// Threads of this process.
  let threads: Int
  /// Memory of one thread, bytes.
  let memoryPerThread: Int64
  /// Where result files are built; nil: in the database.
  let scratch: String?
  /// Attempts before a piece is set aside.
  let attempts: Int
  /// The file that the log is appended to.
  let log: String?
  /// What is logged.
  let logLevel: Logger.Level
  /// Seconds from the start of the process to the end of its job; nil: no end.
  let walltime: Double?
  /// Seconds before that at which no more work is handed out; nil: from the plan.
  let stopBefore: Double?

  /// Options win over the file.
  /// - Parameters:
  ///   - localProcesses: Processes of this job on this machine.
  ///   - walltime: The option of this name; likewise `stopBefore`.
  /// - Throws: `StoreError.usage`.
  init(
    _ options: WorkOptions, project: ProjectFile?, walltime: String? = nil, stopBefore: String? = nil,
    localProcesses: Int = 1, machine: Machine = Machine()
  ) throws {
    threads = options.threads ?? project?.threads ?? machine.threads(localProcesses: localProcesses)
    attempts = options.attempts ?? project?.attempts ?? RunLimits().attempts
    scratch = try options.scratch.map(Self.folder)
    log = options.log ?? project?.log
    logLevel = try Self.level(options.logLevel ?? project?.logLevel ?? "info", options.logLevel, project)
    let memory = try Self.value(options.memory, "--memory", project?.memory, project, "memory", ByteCount.init)?.bytes
    let share = max(machine.memory(localProcesses: localProcesses), MatchPlan.leastMemory * Int64(threads))
    memoryPerThread = (memory ?? share) / Int64(threads)
    ProcessSetup.shareHeaps(threads: threads)
    ProcessSetup.keepFreedMemory(granted: memoryPerThread)
    self.walltime = try Self.value(walltime, "--walltime", project?.walltime, project, "walltime", ClockSpan.init)?
      .seconds
    self.stopBefore =
      try Self.value(stopBefore, "--stop-before", project?.stopBefore, project, "stop_before", ClockSpan.init)?.seconds
    if let memory, memoryPerThread < MatchPlan.leastMemory {
      throw StoreError(
        .usage, options.memory == nil ? "memory" : "--memory",
        "gives each of \(threads) threads \(Format.bytes(memoryPerThread)) of \(Format.bytes(memory)); allowed: "
          + "\(Format.bytes(MatchPlan.leastMemory)) for each or more. Give more memory, or --threads fewer")
    }
    if let before = self.stopBefore, before >= self.walltime ?? 0 {
      throw StoreError(
        .usage, "--stop-before", "is not shorter than the time of the job; give --walltime, and less than that here")
    }
  }

  /// The folder that `--scratch` names.
  static func folder(_ path: String) throws -> String {
    if FileSystem.isDirectory(path) { return path }
    throw StoreError(.usage, "--scratch", "is '\(path)', which is no folder; give one on a disk of this machine")
  }

  private static func value<Value>(
    _ option: String?, _ name: String, _ text: String?, _ project: ProjectFile?, _ key: String,
    _ parse: (String, String) throws -> Value
  ) throws -> Value? {
    if let option { return try parse(option, name) }
    return try text.map { try parse($0, "\(project?.path ?? ""), \(key)") }
  }

  private static func level(_ text: String, _ option: String?, _ project: ProjectFile?) throws -> Logger.Level {
    let allowed: [Logger.Level] = [.debug, .info, .warning, .error]
    if let level = allowed.first(where: { $0.rawValue == text }) { return level }
    throw StoreError(
      .usage, option == nil ? "\(project?.path ?? ""), log_level" : "--log-level",
      "is '\(text)'; allowed: \(allowed.map(\.rawValue).joined(separator: ", "))")
  }

  /// How far a run of a plan may go.
  /// - Parameter started: When the process began, `Program.seconds()`.
  func limits(_ plan: MatchPlan, started: Double) -> RunLimits {
    var limits = RunLimits()
    limits.attempts = attempts
    guard let walltime else { return limits }
    let rest = stopBefore ?? Self.usualRest(plan, walltime)
    limits.deadline = started + walltime - rest
    limits.end = started + walltime - min(Self.longestEnd, rest / 4)
    return limits
  }

  /// Seconds in which a run that gives up its work ends.
  private static let longestEnd = 5.0

  /// Thrice what the longest chunk is expected to take, and half a minute at least; never more than half of the time.
  private static func usualRest(_ plan: MatchPlan, _ walltime: Double) -> Double {
    let longest = plan.chunkEstimates.map { max($0.countingSeconds, $0.matchingSeconds) }.max() ?? 0
    return min(walltime / 2, max(30, 3 * longest))
  }
}
