internal import CatalogStore
internal import Glibc

/// How to join a run: the file `runs/N/crew`, which only the user who runs it can read.
///
/// It holds two words of 128 random bits. Who joins says the first, which process 0 awaits; process 0 answers with the second, without
/// which nobody is obeyed: the port of a run that was killed may be anybody's.
struct CrewFile: Sendable, Equatable {
  /// The address and the port at which process 0 listens, both in numbers.
  var host: String
  var port: UInt16
  /// What who joins says.
  var asking: String
  /// What process 0 answers.
  var answering: String

  static let name = "crew"
  private static let label = "xmdb crew 1"
  private static let mostBytes = 4096

  /// With new words.
  init(host: String, port: UInt16) {
    (self.host, self.port) = (host, port)
    (asking, answering) = (Self.word(), Self.word())
  }

  /// 32 hexadecimal digits that nobody can guess.
  private static func word() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max, using: &generator), radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }.joined()
  }

  // MARK: Text

  var text: String { [Self.label, host, String(port), asking, answering].map { $0 + "\n" }.joined() }

  /// Nil for anything but what `text` gives.
  init?(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count == 6, lines[0] == Self.label, lines[5].isEmpty, let port = UInt16(lines[2]), port > 0,
      !lines[1].isEmpty, lines[3...4].allSatisfy({ $0.utf8.count == 32 })
    else { return nil }
    (host, self.port, asking, answering) = (lines[1], port, lines[3], lines[4])
  }

  // MARK: Files

  /// Writes it where only this user can read it.
  func write(in folder: String) throws {
    let writer = try FileWriter(path: folder + "/" + Self.name)
    if chmod(writer.draft.path, 0o600) != 0 {
      throw StoreError(
        .system, folder, "files in it cannot be kept from others, as that of a run that is joined must be")
    }
    try writer.write(text)
    _ = try writer.publish()
  }

  /// Reads a file that this user alone can have written.
  /// - Throws: `StoreError.system` that says why it is not believed.
  init(reading path: String) throws {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError(.system, path, "cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_uid == geteuid(),
      info.st_mode & 0o077 == 0
    else { throw StoreError(.system, path, "is not a file that this user alone can read; who starts a run joins it") }
    var bytes = [UInt8](repeating: 0, count: Self.mostBytes)
    let count = read(descriptor, &bytes, bytes.count)
    guard count >= 0, let found = CrewFile(text: String(decoding: bytes.prefix(count), as: UTF8.self)) else {
      throw StoreError(.system, path, "does not say how to join; use one version of xmdb everywhere")
    }
    self = found
  }

  /// Whether two words are the same, in a time that does not tell where they differ.
  static func isSame(_ given: String, _ expected: String) -> Bool {
    let (given, expected) = (Array(given.utf8), Array(expected.utf8))
    return given.count == expected.count && zip(given, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
