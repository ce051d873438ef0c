internal import CatalogStore
internal import Glibc

/// External sort, first half: rows are gathered up to a memory budget, sorted by HEALPix index, and written as a run.
///
/// A run is three files: `keys` (Int64, sorted), `offsets` (Int64, one more than keys: where each row begins), `rows`.
final class RowSpill {
  private struct Entry {
    var key: Int64
    var offset: Int
    var length: Int
  }

  private let folder: String
  private let buffer: UnsafeMutableRawBufferPointer
  private var used = 0
  private var entries: [Entry] = []
  private(set) var runCount = 0
  private(set) var rowCount: Int64 = 0
  private(set) var byteCount: Int64 = 0

  /// Rows gathered before a run is written.
  static let defaultBudgetBytes = 96 << 20

  init(folder: String, budgetBytes: Int) {
    self.folder = folder
    // Pages are only taken from the system when first touched.
    buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: budgetBytes, alignment: 16)
  }

  deinit { buffer.deallocate() }

  func append(key: Int64, row: UnsafeRawBufferPointer) throws {
    if used + row.count > buffer.count { try writeRun() }
    guard row.count <= buffer.count else {
      throw StoreError(
        .input, "ingest", "a row of \(row.count) bytes is larger than the \(buffer.count) bytes allowed for one")
    }
    UnsafeMutableRawBufferPointer(rebasing: buffer[used..<used + row.count]).copyMemory(from: row)
    entries.append(Entry(key: key, offset: used, length: row.count))
    used += row.count
    rowCount += 1
    byteCount += Int64(row.count)
  }

  private func writeRun() throws {
    if entries.isEmpty { return }
    entries.sort { ($0.key, $0.offset) < ($1.key, $1.offset) }
    let prefix = SpillRun.prefix(folder, runCount)
    let keys = try SpillWriter(path: prefix + ".keys")
    let offsets = try SpillWriter(path: prefix + ".offsets")
    let rows = try SpillWriter(path: prefix + ".rows")
    for entry in entries {
      try keys.write(entry.key)
      try offsets.write(rows.byteCount)
      try rows.write(UnsafeRawBufferPointer(rebasing: buffer[entry.offset..<entry.offset + entry.length]))
    }
    try offsets.write(rows.byteCount)
    for file in [keys, offsets, rows] { try file.flush() }
    runCount += 1
    used = 0
    entries.removeAll(keepingCapacity: true)
  }

  /// Writes the last run and opens all of them for reading.
  func finish() throws -> SortedRows {
    try writeRun()
    let runs = try (0..<runCount).map { try SpillRun(folder: folder, index: $0) }
    return try SortedRows(runs: runs, folder: folder)
  }
}

/// One sorted run on disk.
struct SpillRun: Sendable {
  let keys: MappedIntegers
  let offsets: MappedIntegers
  let rows: SpillReader

  static func prefix(_ folder: String, _ index: Int) -> String { "\(folder)/run-\(index)" }

  init(folder: String, index: Int) throws {
    let prefix = Self.prefix(folder, index)
    keys = try MappedIntegers(path: prefix + ".keys")
    offsets = try MappedIntegers(path: prefix + ".offsets")
    rows = try SpillReader(path: prefix + ".rows")
  }
}
