internal import CatalogStore
internal import Glibc

/// Which pieces are being worked on, in a file that outlives the process: after a kill it tells which pieces were in
/// flight, and those that were so at several kills come under suspicion. Each line ends with its own checksum: what is not
/// a line that was written is passed over.
struct FlightLog {
  /// Kills after which a piece is done last and alone.
  static let suspicious = 2
  /// Kills after which it is not done any more.
  static let guilty = 4

  private let descriptor: Int32
  /// How often each piece was in flight when the process was killed.
  private(set) var kills: [RunPiece: Int]

  /// Takes up the log of earlier attempts.
  init(_ path: String) throws {
    try FileSystem.createDirectories(FileSystem.parent(path))
    kills =
      FileSystem.exists(path) ? Self.kills(String(decoding: try FileSystem.contents(of: path), as: UTF8.self)) : [:]
    let writer = try FileWriter(path: path)
    for (piece, count) in kills { try writer.write(Self.line("killed \(count) \(Self.text(piece))")) }
    _ = try writer.publish()
    descriptor = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoreError(.system, path, "cannot be opened for writing") }
  }

  /// Whatever has begun and not ended was cut short. A piece that was done is never asked for again.
  private static func kills(_ text: String) -> [RunPiece: Int] {
    var kills: [RunPiece: Int] = [:]
    var inFlight: Set<RunPiece> = []
    for line in text.split(separator: "\n") {
      guard let text = Self.text(ofLine: line) else { continue }
      let words = text.split(separator: " ")
      guard let piece = piece(words.suffix(2)) else { continue }
      switch words[0] {
      case "killed" where words.count == 4: kills[piece] = Int(words[1]).map { min(max($0, 0), 1_000_000) }
      case "begun" where words.count == 3: inFlight.insert(piece)
      case "ended" where words.count == 3: inFlight.remove(piece)
      default: continue
      }
    }
    for piece in inFlight { kills[piece, default: 0] += 1 }
    return kills
  }

  /// A line of the file.
  static func line(_ text: String) -> String { "\(text) \(sum(text))\n" }

  private static func sum(_ text: String) -> String {
    String(Array(text.utf8).withUnsafeBytes { Fingerprint.hash64($0) }, radix: 16)
  }

  /// What was written in a line; nil for one that is not whole.
  private static func text(ofLine line: Substring) -> String? {
    guard let end = line.lastIndex(of: " ") else { return nil }
    let text = String(line[..<end])
    return sum(text) == line[line.index(after: end)...] ? text : nil
  }

  private static func text(_ piece: RunPiece) -> String { "\(piece.stage.name) \(piece.position)" }

  private static func piece(_ words: ArraySlice<Substring>) -> RunPiece? {
    guard let stage = words.first, let position = words.last.flatMap({ Int($0) }) else { return nil }
    return RunPiece(stage: RunProgress.Stage(String(stage)), position: position)
  }

  /// A piece was handed out.
  func begin(_ piece: RunPiece) { append(Self.line("begun \(Self.text(piece))")) }

  /// A piece came back, done or not.
  func end(_ piece: RunPiece) { append(Self.line("ended \(Self.text(piece))")) }

  /// Another process was lost while it worked on a piece.
  /// - Returns: How often that has happened with this piece.
  mutating func lose(_ piece: RunPiece) -> Int {
    let count = min(kills[piece, default: 0] + 1, 1_000_000)
    kills[piece] = count
    append(Self.line("ended \(Self.text(piece))"))
    append(Self.line("killed \(count) \(Self.text(piece))"))
    return count
  }

  /// What cannot be written is not missed: the log only helps after a kill.
  private func append(_ line: String) {
    var line = line
    line.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
  }

  /// Lets go of the file.
  func close() { Glibc.close(descriptor) }
}
