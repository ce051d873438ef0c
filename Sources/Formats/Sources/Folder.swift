internal import Glibc

/// What lies in a folder, and what a path is.
enum Folder {
  /// What a path is.
  enum Kind {
    case file, directory

    /// Nil if there is nothing, or no way to look.
    init?(_ path: String) {
      guard let facts = Folder.facts(path) else { return nil }
      self = facts.st_mode & S_IFMT == S_IFDIR ? .directory : .file
    }
  }

  /// Which file or folder a path leads to, by whatever name.
  struct Identity: Hashable {
    private let device: UInt64
    private let number: UInt64

    init?(_ path: String) {
      guard let facts = Folder.facts(path) else { return nil }
      (device, number) = (UInt64(facts.st_dev), UInt64(facts.st_ino))
    }
  }

  private static func facts(_ path: String) -> stat? {
    var facts = stat()
    return stat(path, &facts) == 0 ? facts : nil
  }

  /// Names in byte order, without `.`, `..` and hidden ones.
  /// - Throws: `FormatError.notReadable` when the folder cannot be listed or a name is no UTF-8.
  static func names(_ path: String) throws(FormatError) -> [String] {
    guard let stream = opendir(path) else {
      throw FormatError(.notReadable, subject: path, "cannot be listed: \(String(cString: strerror(errno)))")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        (text: String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self), isHidden: bytes.first == UInt8(ascii: "."))
      }
      if name.isHidden { continue }
      guard let text = name.text else {
        throw FormatError(
          .notReadable, subject: path, "the name of a file in it is not UTF-8; rename it, or name the files one by one")
      }
      names.append(text)
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The text of a small file; nil if there is none.
  /// - Throws: `FormatError.notReadable` when it is there and cannot be read, `.damaged` when it is longer than `limit`.
  static func text(_ path: String, limit: Int) throws(FormatError) -> String? {
    guard Kind(path) == .file else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw FormatError(.notReadable, subject: path, "cannot be opened: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw FormatError(.notReadable, subject: path, "cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece[..<count]
      guard bytes.count <= limit else {
        throw FormatError(.damaged, subject: path, "is longer than \(limit) bytes")
      }
    }
  }
}
