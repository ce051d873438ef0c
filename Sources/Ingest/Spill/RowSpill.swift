internal import CatalogStore
internal import Indexing

/// External sort, first half: rows are gathered up to a memory budget, sorted by HEALPix index, and written as a run.
///
/// A run is three files: `keys` (Int64, sorted), `offsets` (Int64, one more than keys: where each row begins), `rows`.
final class RowSpill {
  /// Key, place in the memory and length of each row gathered. One value, so that a row costs one check of exclusive access.
  private struct Gathered {
    /// Where the memory begins.
    var base: UnsafeRawPointer?
    var keys: [Int64] = []
    var starts: [Int] = []
    var lengths: [Int32] = []
    /// Rows and bytes of all runs.
    var rowCount: Int64 = 0
    var byteCount: Int64 = 0

    mutating func append(key: Int64, row: UnsafeRawPointer, length: Int) {
      guard let base else { preconditionFailure("a row lies in memory that has been given out") }
      keys.append(key)
      starts.append(row - base)
      lengths.append(Int32(length))
      rowCount += 1
      byteCount += Int64(length)
    }

    mutating func releaseMemory() { (base, keys, starts, lengths) = (nil, [], [], []) }

    mutating func removeAll() {
      keys.removeAll(keepingCapacity: true)
      starts.removeAll(keepingCapacity: true)
      lengths.removeAll(keepingCapacity: true)
    }
  }

  private let folder: String
  private let budgetBytes: Int
  private let memory = PageBuffer()
  private var used = 0
  private var gathered = Gathered()
  /// Rows of each run written.
  private var runRows: [Int] = []
  /// Rows taken.
  var rowCount: Int64 { gathered.rowCount }
  /// Their bytes.
  var byteCount: Int64 { gathered.byteCount }

  /// Rows gathered before a run is written.
  static let defaultBudgetBytes = 64 << 20

  /// SQLite's limit of a row.
  static let longestRow = 1_000_000_000

  init(folder: String, budgetBytes: Int) {
    self.folder = folder
    self.budgetBytes = budgetBytes
  }

  private var buffer: UnsafeMutableRawBufferPointer { memory.bytes }

  /// Room for the rows of a batch. A run is written first if there is too little left.
  func reserve(byteCount: Int) throws -> UnsafeMutableRawPointer {
    if used + byteCount > budgetBytes { try writeRun() }
    try memory.ensure(byteCount: max(budgetBytes, used + byteCount))
    guard let base = buffer.baseAddress else { preconditionFailure("a page buffer always has memory") }
    defer { used += byteCount }
    gathered.base = UnsafeRawPointer(base)
    return base + used
  }

  /// Takes a row that lies in memory given out by `reserve` since the last run.
  func append(key: Int64, row: UnsafeRawPointer, length: Int) throws {
    guard length <= Self.longestRow else {
      throw StoreError(
        .input, "ingest", "a row takes \(length) bytes; allowed: \(Self.longestRow), as in SQLite; --exclude its column"
      )
    }
    gathered.append(key: key, row: row, length: length)
  }

  private func writeRun() throws {
    defer { used = 0 }
    if gathered.keys.isEmpty { return }
    let (keys, starts, lengths) = (gathered.keys, gathered.starts, gathered.lengths)
    let order = sortedOrder(ofHealpix29: keys)
    let prefix = SpillRun.prefix(folder, runRows.count)
    try SpillWriter.write(order.map { keys[$0] }, to: prefix + ".keys")
    try SpillWriter.write(Self.offsets(order, lengths), to: prefix + ".offsets")
    let rows = try SpillWriter(path: prefix + ".rows")
    guard let base = buffer.baseAddress else { preconditionFailure("a page buffer always has memory") }
    for row in order { try rows.write(UnsafeRawBufferPointer(start: base + starts[row], count: Int(lengths[row]))) }
    try rows.flush()
    runRows.append(keys.count)
    gathered.removeAll()
  }

  /// Where each row begins in the file of rows, and its end.
  private static func offsets(_ order: [Int], _ lengths: [Int32]) -> [Int64] {
    var offsets: [Int64] = [0]
    offsets.reserveCapacity(order.count + 1)
    var offset: Int64 = 0
    for row in order {
      offset += Int64(lengths[row])
      offsets.append(offset)
    }
    return offsets
  }

  /// Writes the last run, gives back the memory and opens all runs for reading.
  func finish() throws -> SortedRows {
    try writeRun()
    memory.free()
    gathered.releaseMemory()
    let runs = try runRows.indices.map { try SpillRun(folder: folder, index: $0, rows: runRows[$0]) }
    return try SortedRows(runs: runs, folder: folder)
  }
}

/// One sorted run on disk.
struct SpillRun: Sendable {
  /// The keys, for searching and for reading those of a range.
  let keys: SortedIntegers
  /// The files for reading the rows of a range.
  let offsets: SpillReader
  let rows: SpillReader

  static func prefix(_ folder: String, _ index: Int) -> String { "\(folder)/run-\(index)" }

  init(folder: String, index: Int, rows count: Int) throws {
    let prefix = Self.prefix(folder, index)
    keys = try SortedIntegers(path: prefix + ".keys", count: count)
    offsets = try SpillReader(path: prefix + ".offsets")
    rows = try SpillReader(path: prefix + ".rows")
  }
}
