import CatalogStore
import MatchRun
import Yams

/// What `match-all` shall do, in YAML: pairs of catalogues, how each is matched, and how the work is done.
///
///     pairs:
///       - [gaia, catwise]
///       - a: gaia
///         b: twomass
///         photometry: false
///     epoch: 2016.0
///     memory: 64GB
///     walltime: 12:00:00
struct ProjectFile {
  /// Two catalogues and how they are matched.
  struct Pair: Equatable {
    let a: String
    let b: String
    let configuration: MatchConfiguration
  }

  /// Keys besides those of a match configuration.
  static let ownKeys = [
    "pairs", "threads", "memory", "walltime", "stop_before", "attempts", "log", "log_level",
  ]
  private static let pairKeys = ["a", "b"]

  /// Its path.
  let path: String
  /// The pairs in order.
  private(set) var pairs: [Pair] = []
  /// What holds for all pairs.
  private(set) var configuration = MatchConfiguration()
  private(set) var threads: Int?
  private(set) var attempts: Int?
  /// Texts as the options of the same names take them.
  private(set) var memory: String?
  private(set) var walltime: String?
  private(set) var stopBefore: String?
  private(set) var log: String?
  private(set) var logLevel: String?

  /// - Throws: `StoreError.usage` that names the file, the key, what was given and what is allowed.
  init(_ path: String) throws {
    self.path = path
    let file = try YAMLFile(
      path, "match-all takes a project file with the keys \(Self.ownKeys.joined(separator: ", "))")
    try configuration.read(file.mapping, of: path, besides: Self.ownKeys)
    for (key, value) in file.mapping { try set(key.string ?? "", value) }
  }

  private mutating func set(_ key: String, _ value: Node) throws {
    switch key {
    case "pairs": try setPairs(value)
    case "threads": threads = try number(value, key)
    case "attempts": attempts = try number(value, key)
    case "memory": memory = try text(value, key)
    case "walltime": walltime = try text(value, key)
    case "stop_before": stopBefore = try text(value, key)
    case "log": log = try text(value, key)
    case "log_level": logLevel = try text(value, key)
    default: break
    }
  }

  private mutating func setPairs(_ value: Node) throws {
    guard let list = value.sequence, !list.isEmpty else {
      throw StoreError(.usage, "\(path), pairs", "is not a list; allowed: lines such as `- [gaia, catwise]`")
    }
    for (position, entry) in list.enumerated() {
      let pair = try pair(entry, "\(path), pairs, number \(position + 1)")
      if pairs.contains(pair) {
        throw StoreError(.usage, "\(path), pairs", "names \(pair.a) and \(pair.b) twice; once is enough")
      }
      pairs.append(pair)
    }
  }

  private func pair(_ entry: Node, _ subject: String) throws -> Pair {
    var configuration = configuration
    var names: [String?] = []
    if let list = entry.sequence {
      names = list.map { $0.scalar?.string }
    } else if let mapping = entry.mapping {
      try configuration.read(mapping, of: subject, besides: Self.pairKeys)
      names = Self.pairKeys.map { mapping[$0]?.scalar?.string }
    }
    guard names.count == 2, let a = names[0], let b = names[1] else {
      throw StoreError(
        .usage, subject, "does not name two catalogues; allowed: `[gaia, catwise]`, or `a: gaia` and `b: catwise`")
    }
    return Pair(a: a, b: b, configuration: configuration)
  }

  private func text(_ value: Node, _ key: String) throws -> String {
    if let text = value.scalar?.string, !text.isEmpty { return text }
    throw StoreError(.usage, "\(path), \(key)", "is not a text; give one value")
  }

  private func number(_ value: Node, _ key: String) throws -> Int {
    let text = try text(value, key)
    if let number = Int(text), number >= 1 { return number }
    throw StoreError(.usage, "\(path), \(key)", "is '\(text)'; allowed: a whole number, 1 or more")
  }
}
