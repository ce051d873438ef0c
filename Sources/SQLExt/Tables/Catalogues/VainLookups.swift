import CatalogStore

/// Makes look-ups of ids that a shard does not hold cheap: after some hundred in vain, the shard's ids are read once into a filter
/// that tells of most other ids at once that they are not there (a Bloom filter: 12 bits an id, 4 of them set; of ids that
/// are not there 1 % are looked for nevertheless).
struct VainLookups {
  /// Look-ups that found nothing.
  var count = 0
  private var isRead = false
  /// Nil also where there are too many ids.
  private var filter: IDFilter?

  /// So many look-ups take about as long as reading the ids.
  private static let patience = 2000

  /// - Parameter ids: Reads the ids of the shard.
  mutating func mayHold(_ id: IDFilter.Hash?, ids: () throws -> Statement) throws -> Bool {
    if !isRead {
      guard count >= Self.patience else { return true }
      isRead = true
      filter = try IDFilter(ids())
    }
    return filter?.mayHold(id) ?? true
  }
}

/// A set of integers and texts that may seem to hold others.
struct IDFilter {
  private var words: [UInt64]
  /// Values that are neither: all may be there.
  private var hasOthers = false

  private static let bitsPerID = 12
  private static let probes = 4
  /// 12 MB.
  private static let mostIDs = 8_000_000

  /// - Parameter ids: A query with the number of ids as its first and the ids as its second column; nil is returned for too many.
  init?(_ ids: Statement) throws {
    guard try ids.step() else { return nil }
    let count = ids.int(0)
    guard count <= Self.mostIDs else { return nil }
    words = [UInt64](repeating: 0, count: count * Self.bitsPerID / 64 + 1)
    repeat { insert(SQLValue(ids.rawValue(1))) } while try ids.step()
  }

  private mutating func insert(_ id: SQLValue) {
    guard let hash = Hash(id) else { return hasOthers = true }
    for probe in 0..<Self.probes {
      let bit = hash.bit(probe, of: words.count << 6)
      words[bit >> 6] |= 1 << UInt64(bit & 63)
    }
  }

  /// - Parameter id: Nil: neither an integer nor text.
  func mayHold(_ id: Hash?) -> Bool {
    guard !hasOthers, let id else { return true }
    for probe in 0..<Self.probes {
      let bit = id.bit(probe, of: words.count << 6)
      if words[bit >> 6] & (1 << UInt64(bit & 63)) == 0 { return false }
    }
    return true
  }

  /// What decides which bits an id sets.
  struct Hash {
    private let first: UInt64
    private let second: UInt64

    /// Nil for what is neither an integer nor text: SQLite compares reals with integers.
    init?(_ id: SQLValue) {
      switch id {
      case .integer(let value): first = Self.mixed(UInt64(bitPattern: value))
      case .text(let value):
        // FNV-1a.
        first = Self.mixed(value.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
      default: return nil
      }
      second = Self.mixed(first) | 1
    }

    /// The finaliser of SplitMix64.
    private static func mixed(_ value: UInt64) -> UInt64 {
      var z = value &+ 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }

    func bit(_ probe: Int, of count: Int) -> Int {
      Int((first &+ UInt64(probe) &* second).multipliedFullWidth(by: UInt64(count)).high)
    }
  }
}
