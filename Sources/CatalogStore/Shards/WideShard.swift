public import Indexing

/// Reads the wide table of one shard: whole rows, chosen by rowid and by conditions on any column.
public final class WideShard {
  private let connection: Connection
  private let findBlocks: Statement
  private let readIndices: Statement

  /// The index of the ids of a shard of the usual size fits.
  private static let cacheKilobytes = 8192

  /// Opens a shard.
  /// - Throws: `StoreError.damaged` when the file is not the one that the registry names.
  public convenience init(_ file: SealedFile) throws { try self.init(ShardReader.open(file)) }

  init(_ connection: Connection) throws {
    self.connection = connection
    try connection.execute("PRAGMA cache_size=-\(Self.cacheKilobytes)")
    findBlocks = try connection.prepare(
      """
      SELECT first_rowid, count, healpix29_first, healpix29_last FROM block
      WHERE healpix29_last >= ? AND healpix29_first < ? ORDER BY first_rowid
      """)
    readIndices = try connection.prepare("SELECT healpix29 FROM block WHERE first_rowid = ?")
  }

  /// The SQL types with which the columns are declared, by name.
  public func declaredTypes() throws -> [String: String] {
    let statement = try connection.prepare("SELECT name, type FROM pragma_table_info('source')")
    var types: [String: String] = [:]
    while try statement.step() { types[statement.text(0)] = statement.text(1) }
    return types
  }

  /// Which rows a query is for.
  public enum Rows: Sendable, Hashable {
    /// All that satisfy the condition.
    case all
    /// Likewise those between two rowids: parameters 1 and 2, before those of the condition.
    case ofRowids
    /// Those with a value in a column, which is the last parameter. A last column tells of each whether it satisfies the condition.
    case withValue(column: String)
    /// All from a rowid on, which is the last parameter; likewise.
    case fromRowid
  }

  /// Compiles a query for rows, in rowid order.
  /// - Parameters:
  ///   - columns: Names of columns.
  ///   - condition: SQL made of quoted column names, comparisons and `?` only; nil: all rows satisfy it.
  public func rows(_ rows: Rows, columns: [String], condition: String?) throws -> Statement {
    let names = columns.isEmpty ? "1" : columns.map(SQLText.identifier).joined(separator: ", ")
    let query =
      switch rows {
      case .all: names + " FROM source" + (condition.map { " WHERE " + $0 } ?? "")
      case .ofRowids: names + " FROM source WHERE xm_rowid BETWEEN ? AND ?" + (condition.map { " AND " + $0 } ?? "")
      case .withValue(let column):
        names + ", \(condition ?? "1") FROM source WHERE \(SQLText.identifier(column)) = ?"
      case .fromRowid: names + ", \(condition ?? "1") FROM source WHERE xm_rowid >= ?"
      }
    return try connection.prepare("SELECT \(query) ORDER BY xm_rowid")
  }

  /// Compiles a query for all values of a column that are not NULL, each beside the number of rows.
  public func values(ofColumn name: String) throws -> Statement {
    let column = SQLText.identifier(name)
    return try connection.prepare(
      "SELECT (SELECT count(*) FROM source), \(column) FROM source WHERE \(column) IS NOT NULL")
  }

  /// The rowids of the sources whose order-29 index lies in `ranges`: sorted, disjoint, not adjacent.
  /// - Complexity: O(blocks + border blocks · log of their rows).
  public func rowids(in ranges: PixelRangeSet) throws -> [Range<Int64>] {
    guard let first = ranges.ranges.first, let last = ranges.ranges.last else { return [] }
    findBlocks.bind(1, first.lowerBound)
    findBlocks.bind(2, last.upperBound)
    defer { findBlocks.reset() }
    var found: [Range<Int64>] = []
    while try findBlocks.step() {
      let block = try BlockRow(findBlocks, path: connection.path)
      if ranges.contains(block.indices) {
        append(block.rowids, to: &found)
      } else if ranges.intersects(block.indices) {
        for part in try slices(of: block, ranges) { append(part, to: &found) }
      }
    }
    return found
  }

  private func slices(of block: BlockRow, _ ranges: PixelRangeSet) throws -> [Range<Int64>] {
    let firstRowid = block.rowids.lowerBound
    readIndices.bind(1, firstRowid)
    defer { readIndices.reset() }
    var indices: [Int64] = []
    if try readIndices.step() { readIndices.withBytes(0) { indices.append(0..<$0.count / 8, of: $0) } }
    guard let low = indices.first, let high = indices.last, indices.count == block.rowids.count else {
      throw StoreError(
        .damaged, connection.path, "a block of the narrow form has the wrong length; run `xmdb verify`")
    }
    let near = ranges.ranges.binarySearch { $0.upperBound > low }
    return ranges.ranges[near...].prefix { $0.lowerBound <= high }.compactMap { range in
      let start = indices.binarySearch { $0 >= range.lowerBound }
      let end = indices.binarySearch { $0 >= range.upperBound }
      return start < end ? firstRowid + Int64(start)..<firstRowid + Int64(end) : nil
    }
  }

  private func append(_ range: Range<Int64>, to found: inout [Range<Int64>]) {
    if let last = found.last, last.upperBound >= range.lowerBound {
      found[found.count - 1] = last.lowerBound..<range.upperBound
    } else {
      found.append(range)
    }
  }
}
