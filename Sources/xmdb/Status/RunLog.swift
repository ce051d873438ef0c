import CatalogStore
import Glibc
import Logging

/// Where the lines of a log go: standard error, a file, or both.
final class LogSink: Sendable {
  private let descriptor: Int32?
  private let usesStandardError: Bool
  private let lock = Guarded(())

  /// - Parameters:
  ///   - path: A file that lines are appended to; nil for none.
  ///   - standardError: Whether warnings, errors and what is said to be for people go there, too.
  /// - Throws: `StoreError.system` when the file cannot be opened.
  init(path: String?, standardError: Bool) throws {
    usesStandardError = standardError
    descriptor = try path.map { path in
      try Self.requireLog(path)
      let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw StoreError(.system, path, "cannot be opened for the log: \(String(cString: strerror(errno)))")
      }
      return descriptor
    }
  }

  deinit { if let descriptor { close(descriptor) } }

  /// Refuses to add to a file that is no log: one that does not begin with a time and a level.
  private static func requireLog(_ path: String) throws {
    guard let size = FileSystem.size(path), size > 0, FileSystem.isRegularFile(path) else { return }
    let line = try FileSystem.beginning(of: path).prefix { $0 != "\n" }
    let words = line.split(separator: " ", maxSplits: 2)
    let hasLevel = words.count == 3 && Logger.Level(rawValue: String(words[1])) != nil
    if hasLevel && words[0].map({ $0.isASCII && $0.isNumber ? "0" : $0 }) == Array("0000-00-00T00:00:00Z") { return }
    throw StoreError(.usage, path, "is there already and is no log of xmdb; give another file for the log")
  }

  /// Writes a line. What cannot be written is lost: a log must not stop the work.
  func write(_ line: String, isForPeople: Bool) {
    lock.withLock { _ in
      if usesStandardError && isForPeople { standardError(line + "\n") }
      guard let descriptor else { return }
      var text = line + "\n"
      text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
  }
}

/// Writes one line for every message: time, level, message, and the metadata as `key=value`.
struct LineLogHandler: LogHandler {
  /// Marks a message that standard error shows although it is no warning.
  static let forPeople = "people"

  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  private let sink: LogSink

  init(_ sink: LogSink, level: Logger.Level) {
    self.sink = sink
    logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let isForPeople = event.level >= .warning || event.source == Self.forPeople
    let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted($0.value.description))" }
    sink.write("\(Program.now()) \(event.level) \(event.message)\(pairs.joined())", isForPeople: isForPeople)
  }

  /// A value with blanks or quotes stands in quotes, so that a line can be taken apart again.
  private static func quoted(_ value: String) -> String {
    let isPlain = !value.isEmpty && value.allSatisfy { !$0.isWhitespace && $0 != "\"" && $0 != "=" }
    return isPlain ? value : JSONText.string(value)
  }
}
