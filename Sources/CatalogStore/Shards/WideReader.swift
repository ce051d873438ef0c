/// Reads rows of a catalogue's wide table by rank: fast when ranks come in nearly sorted order.
public final class WideReader {
  private struct OpenShard {
    let shard: ShardInfo
    let statement: Statement
  }

  private let reader: CatalogueReader
  private let columns: String
  private var open: [OpenShard] = []
  private let columnCount: Int

  /// Shards kept open at a time.
  private static let openLimit = 16

  /// A reader of some columns of a catalogue, by their names in the shards.
  public init(database: SkyDatabase, info: CatalogueInfo, columns: [String]) {
    reader = CatalogueReader(database: database, info: info)
    self.columns =
      columns.isEmpty ? "xm_rank" : columns.map { "source." + SQLText.identifier($0) }.joined(separator: ", ")
    columnCount = columns.count
  }

  /// Runs `body` with the row of a rank current in the statement it is given; columns count from 0.
  /// - Throws: `StoreError.damaged` when there is no such row.
  public func withRow<Result>(rank: Int64, _ body: (Statement) throws -> Result) throws -> Result {
    let statement = try statement(for: rank)
    statement.bind(1, rank)
    defer { statement.reset() }
    guard try statement.step() else {
      throw StoreError(
        .damaged, reader.info.name, "has no source of rank \(rank); run `xmdb verify \(reader.info.name)`")
    }
    return try body(statement)
  }

  private func statement(for rank: Int64) throws -> Statement {
    if let position = open.lastIndex(where: { $0.shard.firstRank <= rank && rank < $0.shard.firstRank + $0.shard.rows })
    {
      return open[position].statement
    }
    guard let shard = shard(of: rank) else {
      throw StoreError(
        .damaged, reader.info.name, "has no shard for rank \(rank); run `xmdb verify \(reader.info.name)`")
    }
    let connection = try ShardReader.open(reader.file(of: shard))
    let statement = try connection.prepare("SELECT \(columns) FROM source WHERE xm_rank = ?")
    if open.count == Self.openLimit { open.removeFirst() }
    open.append(OpenShard(shard: shard, statement: statement))
    return statement
  }

  private func shard(of rank: Int64) -> ShardInfo? {
    let shards = reader.info.shards
    var low = 0
    var high = shards.count
    while low < high {
      let middle = (low + high) / 2
      if shards[middle].firstRank + shards[middle].rows > rank { high = middle } else { low = middle + 1 }
    }
    return low < shards.count && shards[low].firstRank <= rank ? shards[low] : nil
  }
}
