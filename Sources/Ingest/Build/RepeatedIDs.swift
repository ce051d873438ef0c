internal import CatalogStore

/// Identifiers that more than one source of a catalogue has. They are reported, never merged.
struct RepeatedIDs {
  /// Rows that share their id with another, and some of those ids.
  struct Report {
    var rows: Int64 = 0
    var examples: [String] = []
  }

  private let repeated: [(key: UInt64, count: Int64)]
  private let info: CatalogueInfo
  private let folder: String
  private let finalPath: String

  private static let exampleLimit = 20

  /// - Parameter repeated: Keys that occurred more than once; of identifiers that are no integers these are hashes.
  init(_ repeated: [(key: UInt64, count: Int64)], _ info: CatalogueInfo, folder: String, finalPath: String) {
    self.repeated = repeated
    self.info = info
    self.folder = folder
    self.finalPath = finalPath
  }

  func find(in shards: [ShardInfo]) throws -> Report {
    if repeated.isEmpty { return Report() }
    if info.layout.id == .integer { return ofIntegers() }
    return try ofTexts(shards)
  }

  private func ofIntegers() -> Report {
    Report(
      rows: repeated.reduce(0) { $0 + $1.count },
      examples: repeated.map { Int64(bitPattern: $0.key) }.sorted().prefix(Self.exampleLimit).map(String.init))
  }

  /// Equal hashes are only candidates: the texts themselves are compared.
  private func ofTexts(_ shards: [ShardInfo]) throws -> Report {
    guard let column = info.column(role: "id") else { return Report() }
    let candidates = Set(repeated.map(\.key))
    var counts: [String: Int64] = [:]
    for shard in shards {
      let path = folder + shard.path.dropFirst(finalPath.count)
      let statement = try Connection(path: path, mode: .immutable).prepare(
        "SELECT \(SQLText.identifier(column)) FROM source WHERE \(SQLText.identifier(column)) IS NOT NULL")
      while try statement.step() {
        let text = statement.text(0)
        if candidates.contains(Self.key(text)) { counts[text, default: 0] += 1 }
      }
    }
    let shared = counts.filter { $0.value > 1 }
    return Report(rows: shared.values.reduce(0, +), examples: Array(shared.keys.sorted().prefix(Self.exampleLimit)))
  }

  private static func key(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { Fingerprint.hash64(UnsafeRawBufferPointer($0)) }
  }
}
