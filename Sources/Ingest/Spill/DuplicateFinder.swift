/// Finds identifiers that occur more than once, with bounded memory: 64-bit keys in files by hash, sorted file by file.
///
/// An integer id is its own key; a text's key is a hash, so equal keys of texts are candidates to be checked.
final class DuplicateFinder {
  private let folder: String
  /// Keys that are not in a partition yet.
  private var pending: [UInt64] = []
  private var writers: [SpillWriter?]
  /// Keys written, by partition.
  private var written: [Int]

  private static let partitions = 64
  private static let bufferedKeys = 1 << 20

  init(folder: String) {
    self.folder = folder
    writers = Array(repeating: nil, count: Self.partitions)
    written = Array(repeating: 0, count: Self.partitions)
  }

  func append(_ key: UInt64) throws {
    pending.append(key)
    if pending.count == Self.bufferedKeys { try spill() }
  }

  /// Multiplying by an odd constant spreads neighbouring ids over the partitions (Fibonacci hashing).
  private static func partition(_ key: UInt64) -> Int { Int((key &* 0x9E37_79B9_7F4A_7C15) >> 58) }

  private func spill() throws {
    for (partition, keys) in distributed().enumerated() where !keys.isEmpty {
      let writer = try writers[partition] ?? SpillWriter(path: path(partition))
      writers[partition] = writer
      try keys.withUnsafeBytes { try writer.write($0) }
      written[partition] += keys.count
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// The pending keys by partition.
  private func distributed() -> [ArraySlice<UInt64>] {
    let keys = pending
    var ends = [Int](repeating: 0, count: Self.partitions)
    for key in keys { ends[Self.partition(key)] += 1 }
    var sum = 0
    for partition in ends.indices {
      sum += ends[partition]
      ends[partition] = sum
    }
    var sorted = [UInt64](repeating: 0, count: keys.count)
    var next = ends
    for key in keys {
      let partition = Self.partition(key)
      next[partition] -= 1
      sorted[next[partition]] = key
    }
    return ends.indices.map { sorted[next[$0]..<ends[$0]] }
  }

  private func path(_ partition: Int) -> String { "\(folder)/ids-\(partition)" }

  /// Every key that was appended more than once, with the number of times, in ascending order of partition and key.
  func finish() throws -> [(key: UInt64, count: Int64)] {
    var repeated: [(UInt64, Int64)] = []
    for (partition, pending) in distributed().enumerated() {
      var keys = Array(pending)
      if let writer = writers[partition] {
        try writer.flush()
        let stored = try SpillReader(path: path(partition)).integers(0..<written[partition])
        keys.append(contentsOf: stored.lazy.map { UInt64(bitPattern: $0) })
      }
      keys.sort()
      var start = 0
      while start < keys.count {
        var end = start + 1
        while end < keys.count && keys[end] == keys[start] { end += 1 }
        if end - start > 1 { repeated.append((keys[start], Int64(end - start))) }
        start = end
      }
    }
    return repeated
  }
}
