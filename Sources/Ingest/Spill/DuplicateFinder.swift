/// Finds identifiers that occur more than once, with bounded memory: 64-bit keys in files by hash, sorted file by file.
///
/// An integer id is its own key; a text's key is a hash, so equal keys of texts are candidates to be checked.
final class DuplicateFinder {
  private let folder: String
  private var buffers: [[UInt64]]
  private var writers: [SpillWriter?]
  /// Keys written, by partition.
  private var written: [Int]
  private var buffered = 0

  private static let partitions = 64
  private static let bufferedKeys = 1 << 20

  init(folder: String) {
    self.folder = folder
    buffers = Array(repeating: [], count: Self.partitions)
    writers = Array(repeating: nil, count: Self.partitions)
    written = Array(repeating: 0, count: Self.partitions)
  }

  func append(_ key: UInt64) throws {
    // Multiplying by an odd constant spreads neighbouring ids over the partitions (Fibonacci hashing).
    let partition = Int((key &* 0x9E37_79B9_7F4A_7C15) >> 58)
    buffers[partition].append(key)
    buffered += 1
    if buffered == Self.bufferedKeys { try spill() }
  }

  private func spill() throws {
    for partition in 0..<Self.partitions where !buffers[partition].isEmpty {
      let writer = try writers[partition] ?? SpillWriter(path: path(partition))
      writers[partition] = writer
      try buffers[partition].withUnsafeBytes { try writer.write($0) }
      written[partition] += buffers[partition].count
      buffers[partition].removeAll(keepingCapacity: true)
    }
    buffered = 0
  }

  private func path(_ partition: Int) -> String { "\(folder)/ids-\(partition)" }

  /// Every key that was appended more than once, with the number of times, in ascending order of partition and key.
  func finish() throws -> [(key: UInt64, count: Int64)] {
    var repeated: [(UInt64, Int64)] = []
    for partition in 0..<Self.partitions {
      var keys = buffers[partition]
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
