import Foundation
import XMDBTestSupport

/// How a program ended and what it wrote.
struct ProgramResult: CustomStringConvertible {
  /// The exit status; 128 + number when a signal ended it, as a shell says.
  let status: Int32
  let output: String
  let error: String

  var description: String { "status \(status)\n--- output\n\(output)\n--- error\n\(error)" }

  /// The lines of the output, without the last line end.
  var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }

  /// The output as JSON.
  func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(output.utf8)) }
}

/// A program that has been started in a folder, as a process of its own.
final class RunningProgram {
  let pid: pid_t
  private let outputPath: String
  private let errorPath: String
  /// Keeps its folder alive.
  private let folder: Workdir
  private var result: ProgramResult?

  /// The program that the build made, beside the test bundle.
  static let path = URL(
    fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
  )
  .deletingLastPathComponent().appendingPathComponent("xmdb").path

  /// Starts `command` (an absolute path and its arguments).
  /// - Parameters:
  ///   - input: Descriptor of its standard input; nil for none.
  ///   - output: Descriptor of its standard output; nil to collect it.
  ///   - error: Likewise of its standard error.
  init(
    _ command: [String], in folder: Workdir, environment: [String: String] = [:], input: Int32? = nil,
    output: Int32? = nil, error: Int32? = nil
  ) throws {
    self.folder = folder
    let unique = UUID().uuidString
    outputPath = NSTemporaryDirectory() + "/xmdb-\(unique).out"
    errorPath = NSTemporaryDirectory() + "/xmdb-\(unique).err"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    Self.connect(&actions, STDIN_FILENO, input, "/dev/null", O_RDONLY)
    Self.connect(&actions, STDOUT_FILENO, output, outputPath, O_WRONLY | O_CREAT | O_TRUNC)
    Self.connect(&actions, STDERR_FILENO, error, errorPath, O_WRONLY | O_CREAT | O_TRUNC)
    // `env -C` changes the folder and then becomes the program: the process stays the same.
    pid = try Self.spawn(["/usr/bin/env", "-C", folder.path] + command, environment, &actions)
  }

  private static func connect(
    _ actions: inout posix_spawn_file_actions_t, _ target: Int32, _ descriptor: Int32?, _ path: String, _ flags: Int32
  ) {
    if let descriptor {
      posix_spawn_file_actions_adddup2(&actions, descriptor, target)
    } else {
      posix_spawn_file_actions_addopen(&actions, target, path, flags, 0o600)
    }
  }

  /// Starts with all signals at their defaults and none blocked, whatever this process was started with.
  private static func spawn(
    _ command: [String], _ environment: [String: String], _ actions: inout posix_spawn_file_actions_t
  ) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var inherited = ProcessInfo.processInfo.environment
    inherited["XMDB_DB"] = nil
    inherited["XMDB_HISTORY"] = ""
    let settings = inherited.merging(environment) { $1 }.map { "\($0)=\($1)" }
    var pid = pid_t()
    let code = withCStrings(command) { arguments in
      withCStrings(settings) { posix_spawn(&pid, command[0], &actions, &attributes, arguments, $0) }
    }
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    return pid
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(&pointers)
  }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for the end; after `limit` seconds the program is killed, and its status says so.
  func wait(limit: Double = 120) throws -> ProgramResult {
    if let result { return result }
    let deadline = Date().addingTimeInterval(limit)
    var status: Int32 = 0
    while waitpid(pid, &status, WNOHANG) == 0 {
      if Date() > deadline { kill(pid, SIGKILL) }
      usleep(2000)
    }
    let signal = status & 0x7f
    let code = signal == 0 ? (status >> 8) & 0xff : 128 + signal
    let result = ProgramResult(status: code, output: Self.take(outputPath), error: Self.take(errorPath))
    self.result = result
    return result
  }

  private static func take(_ path: String) -> String {
    defer { try? FileManager.default.removeItem(atPath: path) }
    return FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension Workdir {
  /// Starts xmdb here.
  func start(
    _ arguments: [String], environment: [String: String] = [:], input: Int32? = nil, output: Int32? = nil,
    error: Int32? = nil
  ) throws -> RunningProgram {
    try RunningProgram(
      [RunningProgram.path] + arguments, in: self, environment: environment, input: input, output: output, error: error)
  }

  /// Runs xmdb here to its end.
  @discardableResult
  func xmdb(_ arguments: String..., environment: [String: String] = [:]) throws -> ProgramResult {
    try start(arguments, environment: environment).wait()
  }

  /// Runs xmdb here with a text as standard input.
  func xmdb(_ arguments: [String], input: String) throws -> ProgramResult {
    let file = try write(Data(input.utf8), to: "input-\(UUID().uuidString)")
    let descriptor = open(file, O_RDONLY)
    defer { close(descriptor) }
    return try start(arguments, input: descriptor).wait()
  }

  /// Runs a shell script here; `$XMDB` is the program.
  func bash(_ script: String) throws -> ProgramResult {
    try RunningProgram(["/bin/bash", "-c", script], in: self, environment: ["XMDB": RunningProgram.path]).wait()
  }
}
