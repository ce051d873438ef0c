import CatalogStore

/// Makes look-ups of ids that a shard does not hold cheap: after some thousand in vain, the shard's ids are read once into a filter
/// that tells of most other ids at once that they are not there: a Bloom filter of 12 bits an id, in which each sets 4 bits of one
/// word. Of ids that are not there, about 1 % are looked for nevertheless.
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
///
/// - Source: Bloom 1970; bits of one word (Putze, Sanders & Singler 2009).
struct IDFilter {
  private var words: [UInt64]
  /// Values that are neither: all may be there.
  private var hasOthers = false

  private static let bitsPerID = 12
  /// 3 MB, read in some tenths of a second; shards of the usual size hold a fifth.
  private static let mostIDs = 2_000_000

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
    words[hash.word(of: words.count)] |= hash.bits
  }

  /// - Parameter id: Nil: neither an integer nor text.
  func mayHold(_ id: Hash?) -> Bool {
    guard !hasOthers, let id else { return true }
    return words[id.word(of: words.count)] & id.bits == id.bits
  }

  /// What decides which bits an id sets.
  struct Hash {
    private let place: UInt64
    /// Four bits of a word, or fewer where they coincide.
    let bits: UInt64

    /// Nil for what is neither an integer nor text: SQLite compares reals with integers.
    init?(_ id: SQLValue) {
      var hasher = Hasher()
      switch id {
      case .integer(let value): hasher.combine(value)
      case .text(var text): text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      default: return nil
      }
      let hash = UInt64(truncatingIfNeeded: hasher.finalize())
      // The word follows from the upper half, the bits from the lower.
      place = hash >> 32
      bits = 1 << (hash & 63) | 1 << (hash >> 6 & 63) | 1 << (hash >> 12 & 63) | 1 << (hash >> 18 & 63)
    }

    func word(of count: Int) -> Int { Int((place &* UInt64(count)) >> 32) }
  }
}
