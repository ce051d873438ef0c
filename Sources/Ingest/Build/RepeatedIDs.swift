internal import CatalogStore
internal import Formats

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
    guard let column = info.column(role: "id"), let type = info.columns.first(where: { $0.name == column })?.type else {
      return Report()
    }
    switch ColumnType(type) {
    case .text, .binary: return try ofTexts(column, shards)
    // Beyond 2⁶³ − 1 these are text in the shards, but their keys are the numbers.
    case .uint64: return ofIntegers { $0 }
    default: return ofIntegers { Int64(bitPattern: $0) }
    }
  }

  private func ofIntegers<Number: FixedWidthInteger>(_ number: (UInt64) -> Number) -> Report {
    Report(
      rows: repeated.reduce(0) { $0 + $1.count },
      examples: repeated.map { number($0.key) }.sorted().prefix(Self.exampleLimit).map { String($0) })
  }

  /// Equal hashes are only candidates: the texts themselves are compared.
  private func ofTexts(_ column: String, _ shards: [ShardInfo]) throws -> Report {
    let name = "source." + SQLText.identifier(column)
    let candidates = Set(repeated.map(\.key))
    var counts: [String: Int64] = [:]
    for shard in shards {
      let path = folder + shard.path.dropFirst(finalPath.count)
      let statement = try Connection(path: path, mode: .immutable).prepare(
        "SELECT \(name) FROM source WHERE \(name) IS NOT NULL")
      while try statement.step() {
        // The bytes as the file has them: a text that is not quite UTF-8 was hashed so.
        if candidates.contains(statement.withBytes(0, Fingerprint.hash64)) {
          counts[statement.text(0), default: 0] += 1
        }
      }
    }
    let shared = counts.filter { $0.value > 1 }
    return Report(rows: shared.values.reduce(0, +), examples: Array(shared.keys.sorted().prefix(Self.exampleLimit)))
  }
}
