internal import CatalogStore
internal import Indexing

/// External sort, second half: all runs together, by ranges of the HEALPix index.
final class SortedRows: Sendable {
  private let runs: [SpillRun]
  private let allKeys: SortedIntegers
  private let failure = Guarded<(any Error)?>(nil)

  init(runs: [SpillRun], folder: String) throws {
    self.runs = runs
    if runs.count == 1 {
      allKeys = runs[0].keys
    } else {
      let path = folder + "/all.keys"
      try Self.mergeKeys(runs, into: path)
      allKeys = try SortedIntegers(path: path, count: runs.reduce(0) { $0 + $1.keys.count })
    }
  }

  /// The number of rows whose index lies in `range`; 0 when the keys cannot be read, which `requireReadable` then says.
  func countOrZero(in range: Range<Int64>) -> Int64 {
    do { return try allKeys.count(in: range) } catch {
      failure.withLock { $0 = $0 ?? error }
      return 0
    }
  }

  /// Throws what went wrong in a count.
  func requireReadable() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Where the rows of each pixel lie in each run.
  /// - Parameter pixels: Along the curve.
  func parts(of pixels: [HealpixPixel]) throws -> [RowParts] {
    var parts = try pixels.map {
      RowParts(firstRowid: Int64(try allKeys.lowerBound($0.range29.lowerBound)), rows: [])
    }
    for run in runs {
      for (index, pixel) in pixels.enumerated() {
        let low = try run.keys.lowerBound(pixel.range29.lowerBound)
        parts[index].rows.append(low..<max(low, try run.keys.lowerBound(pixel.range29.upperBound)))
      }
    }
    return parts
  }

  /// The number of rows.
  var count: Int { allKeys.count }

  /// The keys of some rows by their rowids, and of up to `reach` rows before and after them.
  /// - Returns: The keys, and where those of `rowids` are among them.
  func keys(of rowids: Range<Int>, reach: Int) throws -> (keys: [Int64], wanted: Range<Int>) {
    let first = max(0, rowids.lowerBound - reach)
    let keys = try allKeys.values(first..<min(allKeys.count, rowids.upperBound + reach))
    return (keys, rowids.lowerBound - first..<rowids.upperBound - first)
  }

  private static func mergeKeys(_ runs: [SpillRun], into path: String) throws {
    let output = try SpillWriter(path: path)
    var heads = MergeHeap()
    var streams = runs.map { IntegerStream($0.keys) }
    for index in streams.indices { if let key = try streams[index].next() { heads.push(key, index) } }
    while let (key, run) = heads.first {
      try output.write(key)
      if let next = try streams[run].next() { heads.replaceFirst(next, run) } else { heads.removeFirst() }
    }
    try output.flush()
  }

  /// Brings the rows of one pixel into memory, sorted by index, then id, then bytes.
  /// - Parameter tieBreak: Orders two rows of the same index by id; 0 leaves it to the bytes.
  func load(_ parts: RowParts, into loaded: LoadedRows, tieBreak: (EncodedRow, EncodedRow) -> Int) throws {
    loaded.reset()
    for (run, rows) in zip(runs, parts.rows) where !rows.isEmpty { try loaded.addKeys(run, rows) }
    try loaded.readRows()
    loaded.sort(tieBreak)
  }
}

/// Where the rows of one pixel lie.
struct RowParts: Sendable {
  /// The rowid of the first one.
  let firstRowid: Int64
  /// Per run.
  var rows: [Range<Int>]

  /// The rowids of them all.
  var rowids: Range<Int> { Int(firstRowid)..<Int(firstRowid) + rows.reduce(0) { $0 + $1.count } }
}

/// The rows of one shard in memory. Used again for shard after shard, so that its pages are taken from the system once.
final class LoadedRows {
  private let memory = PageBuffer()
  private let format: RowFormat
  private var keys: [Int64] = []
  private var starts: [Int] = []
  private var lengths: [Int32] = []
  private var order: [Int] = []
  private var pieces: [(file: SpillReader, offset: Int64, place: Range<Int>)] = []
  private var used = 0
  /// A number of the narrow form that is filled in as rows are handed on, one for each row in order.
  private var filling: (column: Int, values: [Double])?

  init(format: RowFormat) { self.format = format }

  private var buffer: UnsafeMutableRawBufferPointer { memory.bytes }

  /// Forgets all rows.
  func reset() {
    used = 0
    filling = nil
    pieces.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
  }

  /// Adds the keys and places of some rows of a run; `readRows` reads the rows themselves.
  func addKeys(_ run: SpillRun, _ rows: Range<Int>) throws {
    keys.append(contentsOf: try run.keys.values(rows))
    let offsets = try run.offsets.integers(rows.lowerBound..<rows.upperBound + 1)
    let allowed = Int64(format.fixedBytes)...Int64(RowSpill.longestRow)
    for row in 0..<rows.count {
      let (length, overflow) = offsets[row + 1].subtractingReportingOverflow(offsets[row])
      guard !overflow, allowed.contains(length), offsets[row] >= 0 else {
        throw StoreError(.system, "ingest", "a temporary file has changed while it was in use; run the command again")
      }
      starts.append(used + Int(offsets[row] - offsets[0]))
      lengths.append(Int32(length))
    }
    let count = Int(offsets[rows.count] - offsets[0])
    pieces.append((file: run.rows, offset: offsets[0], place: used..<used + count))
    used += count
  }

  /// Reads all rows whose keys were added.
  func readRows() throws {
    try memory.ensure(byteCount: used)
    for piece in pieces {
      try piece.file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[piece.place]), at: piece.offset)
    }
  }

  /// Sorts by index, then the few rows that share an index by id and bytes.
  func sort(_ tieBreak: (EncodedRow, EncodedRow) -> Int) {
    order = sortedOrder(ofHealpix29: keys)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count && keys[order[end]] == keys[order[start]] { end += 1 }
      if end - start > 1 { order[start..<end].sort { precedes($0, $1, tieBreak) } }
      start = end
    }
  }

  private func precedes(_ a: Int, _ b: Int, _ tieBreak: (EncodedRow, EncodedRow) -> Int) -> Bool {
    let byID = tieBreak(row(a), row(b))
    if byID != 0 { return byID < 0 }
    return bytes(a).lexicographicallyPrecedes(bytes(b))
  }

  private func bytes(_ index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer[starts[index]..<starts[index] + Int(lengths[index])])
  }

  private func row(_ index: Int) -> EncodedRow {
    EncodedRow(start: UnsafeRawPointer(buffer.baseAddress! + starts[index]), format: format)
  }

  /// Sets a number of the narrow form, of the rows as `forEach` hands them on.
  /// - Parameters:
  ///   - column: Its position in the narrow form.
  ///   - values: One for each row, in order.
  func setNarrow(_ column: Int, to values: [Double]) {
    precondition(values.count == order.count && column < format.narrowWidth, "a number for each row, within it")
    filling = (column, values)
  }

  /// Calls `body` for every row in order.
  func forEach(_ body: (Int64, EncodedRow) throws -> Void) rethrows {
    let (order, keys, starts, filling) = (order, keys, starts, filling)
    guard let base = buffer.baseAddress else { return }
    for (place, index) in order.enumerated() {
      let start = base + starts[index]
      // Here, where the row is about to be read, rather than in a pass of its own over memory.
      if let filling { start.storeBytes(of: filling.values[place], toByteOffset: filling.column * 8, as: Double.self) }
      try body(keys[index], EncodedRow(start: UnsafeRawPointer(start), format: format))
    }
  }
}

/// A small binary heap of (key, run), smallest key first, lower run first among equals.
private struct MergeHeap {
  private var heap: [(key: Int64, run: Int)] = []

  var first: (key: Int64, run: Int)? { heap.first }

  mutating func push(_ key: Int64, _ run: Int) {
    heap.append((key, run))
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func replaceFirst(_ key: Int64, _ run: Int) {
    heap[0] = (key, run)
    sink()
  }

  mutating func removeFirst() {
    let last = heap.removeLast()
    if heap.isEmpty { return }
    heap[0] = last
    sink()
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[smallest] {
        smallest = child
      }
      if smallest == parent { return }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
