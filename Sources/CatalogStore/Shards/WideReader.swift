internal import Indexing

/// Reads rows of a catalogue's wide table by rowid: fast when rowids come in nearly sorted order.
public final class WideReader {
  /// An open shard, read in the order of its rows.
  private final class OpenShard {
    let shard: ShardInfo
    let rows: Statement
    /// The rowid of the row that `rows` stands at; nil: at none.
    var current: Int64?

    init(shard: ShardInfo, rows: Statement) {
      self.shard = shard
      self.rows = rows
    }

    func holds(_ rowid: Int64) -> Bool { shard.firstRowid <= rowid && rowid < shard.firstRowid + shard.rows }
  }

  private let reader: CatalogueReader
  private let columns: String
  private var open: [OpenShard] = []
  private let columnCount: Int
  private var last: OpenShard?

  /// Rows that are read and passed over rather than looked up anew.
  private static let longestSkip: Int64 = 4
  /// Shards kept open at a time.
  private static let openLimit = 16

  /// A reader of some columns of a catalogue, by their names in the shards.
  public init(database: SkyDatabase, info: CatalogueInfo, columns: [String]) {
    reader = CatalogueReader(database: database, info: info)
    self.columns = (columns.map { "source." + SQLText.identifier($0) } + ["xm_rowid"]).joined(separator: ", ")
    columnCount = columns.count
  }

  /// Runs `body` with the row of a rowid current in the statement it is given; columns count from 0.
  /// - Throws: `StoreError.damaged` when there is no such row.
  public func withRow<Result>(rowid: Int64, _ body: (Statement) throws -> Result) throws -> Result {
    let shard = try openShard(of: rowid)
    guard try advance(shard, to: rowid) else {
      throw StoreError(
        .damaged, reader.info.name, "has no source of rowid \(rowid); run `xmdb verify \(reader.info.name)`")
    }
    return try body(shard.rows)
  }

  /// Goes on to a rowid that is a little further, else looks it up.
  private func advance(_ shard: OpenShard, to rowid: Int64) throws -> Bool {
    if let current = shard.current, current <= rowid, rowid - current <= Self.longestSkip {
      if current == rowid { return true }
    } else {
      shard.rows.reset()
      shard.rows.bind(1, rowid)
    }
    shard.current = nil
    while try shard.rows.step() {
      let found = shard.rows.int64(columnCount)
      if found >= rowid {
        shard.current = found
        return found == rowid
      }
    }
    return false
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
    let connection = try ShardReader.open(reader.file(of: shard))
    let rows = try connection.prepare("SELECT \(columns) FROM source WHERE xm_rowid >= ? ORDER BY xm_rowid")
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
