internal import CatalogStore
internal import Indexing

/// A finished spill file of sorted 64-bit integers, searched without being mapped: an error of the disk is an error here, and
/// no signal.
///
/// The first value of every block is kept in memory (16 bytes for 1024 values), and the blocks that were asked for last.
final class SortedIntegers: Sendable {
  /// The number of values.
  let count: Int
  private let file: SpillReader
  private let firsts: [Int64]
  private let cache: Guarded<BlockCache>

  private static let blockValues = 512

  /// - Parameter count: Values that were written; a shorter file is refused when it is read.
  init(path: String, count: Int) throws {
    self.count = count
    file = try SpillReader(path: path)
    var firsts: [Int64] = []
    firsts.reserveCapacity(count / Self.blockValues + 1)
    // Read in order, a large piece at a time.
    let piece = Self.blockValues * 256
    for start in stride(from: 0, to: count, by: piece) {
      let values = try file.integers(start..<min(count, start + piece))
      for index in stride(from: 0, to: values.count, by: Self.blockValues) { firsts.append(values[index]) }
    }
    self.firsts = firsts
    cache = Guarded(BlockCache())
  }

  /// The values of some positions.
  func values(_ range: Range<Int>) throws -> [Int64] { try file.integers(range) }

  /// The position of the first value that is not smaller.
  func lowerBound(_ value: Int64) throws -> Int { try cache.withLock { try lowerBound(value, &$0) } }

  private func lowerBound(_ value: Int64, _ cache: inout BlockCache) throws -> Int {
    let next = Self.lowerBound(value, firsts)
    if next == 0 { return 0 }
    // The block before the first one that begins at or beyond the value.
    let start = (next - 1) * Self.blockValues
    let end = min(count, start + Self.blockValues)
    let values = try cache.block(next - 1) { try file.integers(start..<end) }
    return start + Self.lowerBound(value, values)
  }

  /// The number of values in a range. Ranges that follow one another cost one search each.
  func count(in range: Range<Int64>) throws -> Int64 {
    try cache.withLock { cache in
      var low = 0
      if let last = cache.lastEnd, last.value == range.lowerBound {
        low = last.position
      } else {
        low = try lowerBound(range.lowerBound, &cache)
      }
      let high = max(low, try lowerBound(range.upperBound, &cache))
      cache.lastEnd = (range.upperBound, high)
      return Int64(high - low)
    }
  }

  private static func lowerBound(_ value: Int64, _ values: [Int64]) -> Int {
    values.binarySearch { $0 >= value }
  }

  /// Blocks by number, each in the one place where it may be.
  private struct BlockCache {
    /// Where the range that was counted last ends, and the position of the first value from there on.
    var lastEnd: (value: Int64, position: Int)?
    private var blocks: [(number: Int, values: [Int64])] = Array(repeating: (-1, []), count: 256)

    mutating func block(_ number: Int, read: () throws -> [Int64]) rethrows -> [Int64] {
      let place = number % blocks.count
      if blocks[place].number != number { blocks[place] = (number, try read()) }
      return blocks[place].values
    }
  }
}

/// The values of a file of integers in order, read a large piece at a time.
struct IntegerStream {
  private let integers: SortedIntegers
  private var read = 0
  private var piece: [Int64] = []
  private var place = 0

  private static let pieceValues = 1 << 16

  init(_ integers: SortedIntegers) { self.integers = integers }

  /// The next value; nil at the end.
  mutating func next() throws -> Int64? {
    if place == piece.count {
      if read == integers.count { return nil }
      let end = min(integers.count, read + Self.pieceValues)
      piece = try integers.values(read..<end)
      (read, place) = (end, 0)
    }
    defer { place += 1 }
    return piece[place]
  }
}
