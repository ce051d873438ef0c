import CatalogStore
import Formats
import Glibc
import Ingest

/// Standard input as a file that can be read more than once: itself where it is one, else a copy without a name in the
/// folder of temporary files, which is gone with the process.
final class StandardInputFile {
  /// What messages call it.
  static let name = "standard input"
  /// GiB that a copy may take unless asked otherwise.
  static let usualLimitGiB = 16.0

  /// A path that opens it while the object lives.
  let path: String
  private let descriptor: Int32?

  private static let piece = 1 << 20

  /// - Parameters:
  ///   - limitBytes: The most that a copy may take.
  ///   - signals: Ends the wait for more.
  /// - Throws: `StoreError`: `.usage` for a terminal, `.input` for what is longer or cannot be read, `.interrupted`, `.system`.
  init(limitBytes: Int64, signals: SignalWatch) throws {
    var facts = stat()
    guard fstat(STDIN_FILENO, &facts) == 0 else {
      throw StoreError(.input, Self.name, "is closed; pipe a table into the command, or name a file in place of -")
    }
    if facts.st_mode & S_IFMT == S_IFREG, lseek(STDIN_FILENO, 0, SEEK_CUR) == 0 {
      (path, descriptor) = ("/proc/self/fd/\(STDIN_FILENO)", nil)
      return
    }
    guard isatty(STDIN_FILENO) == 0 else {
      throw StoreError(.usage, Self.name, "is a terminal; pipe a table into the command, or name a file in place of -")
    }
    let copy = try Self.temporary()
    (path, descriptor) = ("/proc/self/fd/\(copy)", copy)
    try Self.copy(to: copy, limitBytes, signals)
  }

  deinit { if let descriptor { close(descriptor) } }

  private static var folder: String {
    getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  private static func temporary() throws -> Int32 {
    // The parts of O_TMPFILE, which Swift does not import.
    let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY
    let descriptor = open(folder, O_RDWR | O_CLOEXEC | unnamed, 0o600)
    guard descriptor >= 0 else { throw failure() }
    return descriptor
  }

  private static func failure() -> StoreError {
    StoreError(
      .system, name,
      "cannot be kept in \(folder) while it is read: \(String(cString: strerror(errno))); TMPDIR names another folder")
  }

  private static func copy(to descriptor: Int32, _ limitBytes: Int64, _ signals: SignalWatch) throws {
    var buffer = [UInt8](repeating: 0, count: piece)
    var total: Int64 = 0
    while true {
      try wait(signals)
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      guard count >= 0 else {
        throw StoreError(.input, name, "cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return }
      total += Int64(count)
      guard total <= limitBytes else {
        throw StoreError(
          .input, name,
          "is longer than the \(Format.bytes(limitBytes)) that it may take in \(folder); --spool-gb allows more, "
            + "or write it to a file and name that")
      }
      try write(buffer, count, to: descriptor)
    }
  }

  /// Waits for input, or for the request to stop.
  private static func wait(_ signals: SignalWatch) throws {
    while true {
      try signals.cancellation.check(name)
      var watched = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: signals.wakeDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&watched, 2, -1) >= 0 || errno == EINTR else {
        throw StoreError(.system, name, "cannot be waited for: \(String(cString: strerror(errno)))")
      }
      try signals.cancellation.check(name)
      if watched[0].revents != 0 { return }
    }
  }

  private static func write(_ buffer: [UInt8], _ count: Int, to descriptor: Int32) throws {
    try buffer.withUnsafeBytes { bytes in
      var done = 0
      while done < count {
        let written = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, count - done)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { throw failure() }
        done += written
      }
    }
  }
}

extension StandardInputFile {
  /// Runs a part of a command; errors that name the path name standard input instead.
  func naming<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as StoreError {
      throw StoreError(error.code, named(error.subject), named(error.message))
    } catch let error as FormatError {
      throw FormatError(error.code, subject: named(error.subject), named(error.message))
    } catch let error as IngestError {
      throw IngestError(error.code, subject: named(error.subject), named(error.message))
    }
  }

  private func named(_ text: String) -> String { text.replacing(path, with: Self.name) }
}
