internal import CatalogStore

/// What two processes say to each other first, in a line each.
enum Greeting {
  /// What process 0 thinks of a newcomer that knows the word.
  enum Verdict: Equatable {
    case welcome
    /// It is of another version, whose messages may mean something else.
    case otherVersion
  }

  /// What a newcomer was answered.
  enum Answer: Equatable {
    /// It is the process of this number.
    case welcome(rank: Int)
    /// Process 0 is of another version.
    case otherVersion(String)
  }

  /// What who joins says.
  static func question(_ file: CrewFile) -> String { "xmdb join \(file.asking) \(Program.version)" }

  /// Nil: it does not know the word.
  static func judge(_ line: String, _ file: CrewFile) -> Verdict? {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 4, words[0] == "xmdb", words[1] == "join", CrewFile.isSame(words[2], file.asking) else {
      return nil
    }
    return words[3] == Program.version ? .welcome : .otherVersion
  }

  static func welcome(_ rank: Int, _ file: CrewFile) -> String { "xmdb welcome \(file.answering) \(rank)" }
  static func refusal(_ file: CrewFile) -> String { "xmdb version \(file.answering) \(Program.version)" }

  /// What process 0 has answered; nil: it is not process 0 of this run.
  static func understand(_ line: String, _ file: CrewFile) -> Answer? {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 4, words[0] == "xmdb", CrewFile.isSame(words[2], file.answering) else { return nil }
    switch words[1] {
    case "welcome": return Int(words[3]).flatMap { $0 > 0 ? .welcome(rank: $0) : nil }
    case "version": return .otherVersion(words[3])
    default: return nil
    }
  }
}
