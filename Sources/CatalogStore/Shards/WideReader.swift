internal import Indexing

/// Reads rows of a catalogue's wide table by rank: fast when ranks come in nearly sorted order.
public final class WideReader {
  /// An open shard, read in the order of its rows.
  private final class OpenShard {
    let shard: ShardInfo
    let rows: Statement
    /// The rank of the row that `rows` stands at; nil: at none.
    var current: Int64?

    init(shard: ShardInfo, rows: Statement) {
      self.shard = shard
      self.rows = rows
    }

    func holds(_ rank: Int64) -> Bool { shard.firstRank <= rank && rank < shard.firstRank + shard.rows }
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
    self.columns = (columns.map { "source." + SQLText.identifier($0) } + ["xm_rank"]).joined(separator: ", ")
    columnCount = columns.count
  }

  /// Runs `body` with the row of a rank current in the statement it is given; columns count from 0.
  /// - Throws: `StoreError.damaged` when there is no such row.
  public func withRow<Result>(rank: Int64, _ body: (Statement) throws -> Result) throws -> Result {
    let shard = try openShard(of: rank)
    guard try advance(shard, to: rank) else {
      throw StoreError(
        .damaged, reader.info.name, "has no source of rank \(rank); run `xmdb verify \(reader.info.name)`")
    }
    return try body(shard.rows)
  }

  /// Goes on to a rank that is a little further, else looks it up.
  private func advance(_ shard: OpenShard, to rank: Int64) throws -> Bool {
    if let current = shard.current, current <= rank, rank - current <= Self.longestSkip {
      if current == rank { return true }
    } else {
      shard.rows.reset()
      shard.rows.bind(1, rank)
    }
    shard.current = nil
    while try shard.rows.step() {
      let found = shard.rows.int64(columnCount)
      if found >= rank {
        shard.current = found
        return found == rank
      }
    }
    return false
  }

  private func openShard(of rank: Int64) throws -> OpenShard {
    if let last, last.holds(rank) { return last }
    if let known = open.last(where: { $0.holds(rank) }) {
      last = known
      return known
    }
    guard let shard = shard(of: rank) else {
      throw StoreError(
        .damaged, reader.info.name, "has no shard for rank \(rank); run `xmdb verify \(reader.info.name)`")
    }
    let connection = try ShardReader.open(reader.file(of: shard))
    let rows = try connection.prepare("SELECT \(columns) FROM source WHERE xm_rank >= ? ORDER BY xm_rank")
    if open.count == Self.openLimit { open.removeFirst() }
    let new = OpenShard(shard: shard, rows: rows)
    open.append(new)
    last = new
    return new
  }

  private func shard(of rank: Int64) -> ShardInfo? {
    let shards = reader.info.shards
    let position = shards.binarySearch { $0.firstRank + $0.rows > rank }
    return position < shards.count && shards[position].firstRank <= rank ? shards[position] : nil
  }
}
