import CatalogStore
import Glibc

/// What was typed in earlier shells: one statement a line, the newest last. A line end inside a statement is `\n`, a backslash `\\`.
/// Only its owner may read the file.
struct HistoryFile {
  /// Where it is.
  let path: String

  /// Statements that are kept; a file with twice as many is cut to this.
  static let mostEntries = 2000
  /// Bytes at the end of the file that are looked at.
  private static let mostBytes: Int64 = 4_000_000
  /// A longer statement is not kept, bytes.
  private static let longestEntry = 100_000

  /// The file that the environment names: `$XMDB_HISTORY`, else `xmdb/history` in `$XDG_STATE_HOME` or `~/.local/state`.
  /// Nil when `$XMDB_HISTORY` is empty, or there is no home.
  init?(environment: (String) -> String?) {
    if let path = environment("XMDB_HISTORY") {
      if path.isEmpty { return nil }
      self.path = path
    } else if let folder = environment("XDG_STATE_HOME"), folder.hasPrefix("/") {
      path = folder + "/xmdb/history"
    } else if let home = environment("HOME"), home.hasPrefix("/") {
      path = home + "/.local/state/xmdb/history"
    } else {
      return nil
    }
  }

  init(path: String) { self.path = path }

  /// Whether a statement is kept: not when it begins with a blank, so that one can be kept out.
  static func isKept(_ entry: String) -> Bool {
    guard let first = entry.unicodeScalars.first else { return false }
    return first != " " && entry.utf8.count <= longestEntry && !entry.utf8.contains(0)
      && entry.contains { !$0.isWhitespace }
  }

  /// The line of a statement.
  static func encoded(_ entry: String) -> String {
    var line = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// The statement of a line, whoever wrote that.
  static func decoded(_ line: some StringProtocol) -> String {
    var entry = ""
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        entry.unicodeScalars.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        entry.unicodeScalars.append(scalar)
      }
    }
    return entry
  }

  // MARK: The file

  /// The newest statements, oldest first; none when there is no file, or it cannot be read.
  func load() -> [String] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return entries(descriptor)
  }

  private func entries(_ descriptor: Int32) -> [String] {
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return [] }
    let start = max(0, Int64(info.st_size) - Self.mostBytes)
    var bytes = [UInt8](repeating: 0, count: Int(Int64(info.st_size) - start))
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(start)) }
    guard count > 0 else { return [] }
    var lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
    // The first of them may be the rest of one.
    if start > 0, !lines.isEmpty { lines.removeFirst() }
    return lines.suffix(2 * Self.mostEntries).map(Self.decoded).filter(Self.isKept)
  }

  /// Adds a statement. Several shells may do so at a time. What cannot be written is not kept: a shell is no worse without.
  func add(_ entry: String) {
    guard Self.isKept(entry), let descriptor = opened() else { return }
    defer { close(descriptor) }
    // The lock goes with the descriptor. Where there are none, lines of two shells may mix.
    _ = flock(descriptor, LOCK_EX)
    Self.write(Self.encoded(entry) + "\n", descriptor)
    trim(descriptor)
  }

  private func opened() -> Int32? {
    let folder = FileSystem.parent(path)
    if !FileSystem.isDirectory(folder) {
      let parent = FileSystem.parent(folder)
      if (try? FileSystem.createDirectories(parent)) == nil { return nil }
      _ = mkdir(folder, 0o700)
    }
    let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { return nil }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return nil
    }
    if info.st_mode & 0o077 != 0 { _ = fchmod(descriptor, 0o600) }
    return descriptor
  }

  private static func write(_ text: String, _ descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return }
        done += count
      }
    }
  }

  /// Cuts a file that has become too long, in place: another shell has it open.
  private func trim(_ descriptor: Int32) {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { return }
    let entries = entries(descriptor)
    guard entries.count >= 2 * Self.mostEntries || info.st_size > Self.mostBytes else { return }
    let kept = entries.suffix(Self.mostEntries).map { Self.encoded($0) + "\n" }.joined()
    if ftruncate(descriptor, 0) == 0 { Self.write(kept, descriptor) }
  }
}
