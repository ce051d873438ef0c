internal import Indexing

/// How often each of some numbers occurred, by number.
public struct CodeCounts: Sendable, Equatable {
  /// The numbers, ascending.
  public private(set) var codes: [UInt64] = []
  /// How often each occurred.
  public private(set) var counts: [Int64] = []

  /// Nothing.
  public init() {}

  /// Counts numbers in any order.
  /// - Parameter bits: The numbers are below 2 to this power.
  /// - Complexity: O(count · bits).
  public init(_ numbers: [UInt64], bits: Int) {
    for number in RadixSort.sorted(numbers, bits: bits) {
      if number == codes.last {
        counts[counts.count - 1] += 1
      } else {
        codes.append(number)
        counts.append(1)
      }
    }
  }

  /// The sum of the counts.
  public var total: Int64 { counts.reduce(0) { $0.saturatingAdd($1) } }

  /// Adds counts.
  public static func += (sum: inout CodeCounts, part: CodeCounts) {
    if part.codes.isEmpty { return }
    if sum.codes.isEmpty {
      sum = part
      return
    }
    var merged = CodeCounts()
    merged.codes.reserveCapacity(sum.codes.count + part.codes.count)
    merged.counts.reserveCapacity(sum.codes.count + part.codes.count)
    var (i, j) = (0, 0)
    while i < sum.codes.count || j < part.codes.count {
      let takesSum = j == part.codes.count || (i < sum.codes.count && sum.codes[i] <= part.codes[j])
      let takesPart = i == sum.codes.count || (j < part.codes.count && part.codes[j] <= sum.codes[i])
      merged.codes.append(takesSum ? sum.codes[i] : part.codes[j])
      merged.counts.append((takesSum ? sum.counts[i] : 0).saturatingAdd(takesPart ? part.counts[j] : 0))
      if takesSum { i += 1 }
      if takesPart { j += 1 }
    }
    sum = merged
  }

  /// Writes the numbers by their differences.
  public func write(to writer: inout IntegerWriter) {
    writer.put(unsigned: UInt64(codes.count))
    var last: UInt64 = 0
    for (code, count) in zip(codes, counts) {
      writer.put(unsigned: code - last)
      writer.put(unsigned: UInt64(count))
      last = code
    }
  }

  /// Reads them.
  /// - Parameter bits: Numbers are below 2 to this power.
  public init(from reader: inout IntegerReader, bits: Int) throws(IntegerReader.Malformed) {
    let count = try reader.length()
    codes.reserveCapacity(count)
    counts.reserveCapacity(count)
    var last: UInt64 = 0
    for place in 0..<count {
      let step = try reader.unsigned()
      guard step > 0 || place == 0, step < 1 << UInt64(bits), last + step < 1 << UInt64(bits) else {
        throw IntegerReader.Malformed()
      }
      last += step
      codes.append(last)
      counts.append(Int64(try reader.count()))
    }
  }
}
