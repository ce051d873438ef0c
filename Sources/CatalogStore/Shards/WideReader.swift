internal import Indexing

/// Reads rows of a catalogue's wide table by rowid: fast when rowids come in nearly sorted order.
public final class WideReader {
  /// An open shard.
  private struct OpenShard {
    let shard: ShardInfo
    let rows: TableCursor

    func holds(_ rowid: Int64) -> Bool { shard.firstRowid <= rowid && rowid < shard.firstRowid + shard.rows }
  }

  private let reader: CatalogueReader
  private let columns: [String]
  private var open: [OpenShard] = []
  private var last: OpenShard?

  /// Shards kept open at a time.
  private static let openLimit = 16

  /// A reader of some columns of a catalogue, by their names in the shards.
  public init(database: SkyDatabase, info: CatalogueInfo, columns: [String]) {
    reader = CatalogueReader(database: database, info: info)
    self.columns = columns
  }

  /// Runs `body` with a cursor that stands at the row of a rowid; columns count from 0.
  /// - Throws: `StoreError.damaged` when there is no such row.
  public func withRow<Result>(rowid: Int64, _ body: (TableCursor) throws -> Result) throws -> Result {
    let rows = try openShard(of: rowid).rows
    guard try rows.stand(at: rowid) else {
      throw StoreError(
        .damaged, reader.info.name, "has no source of rowid \(rowid); run `xmdb verify \(reader.info.name)`")
    }
    return try body(rows)
  }

  private func openShard(of rowid: Int64) throws -> OpenShard {
    if let last, last.holds(rowid) { return last }
    if let known = open.last(where: { $0.holds(rowid) }) {
      last = known
      return known
    }
    guard let shard = shard(of: rowid) else {
      throw StoreError(
        .damaged, reader.info.name, "has no shard for rowid \(rowid); run `xmdb verify \(reader.info.name)`")
    }
    let file = reader.file(of: shard)
    let rows = try TableCursor(file, "source", columns, of: ShardReader.open(file))
    if open.count == Self.openLimit { open.removeFirst() }
    let new = OpenShard(shard: shard, rows: rows)
    open.append(new)
    last = new
    return new
  }

  private func shard(of rowid: Int64) -> ShardInfo? {
    let shards = reader.info.shards
    let position = shards.binarySearch { $0.firstRowid + $0.rows > rowid }
    return position < shards.count && shards[position].firstRowid <= rowid ? shards[position] : nil
  }
}
