import CatalogStore
import Indexing

/// One generation of a catalogue as one connection reads it: what is known of it, and the shards that are open.
final class CatalogueFiles {
  let info: CatalogueInfo
  let database: SkyDatabase
  /// The columns of its table: those of the file, then rank and HEALPix index.
  private(set) lazy var columns: [TableColumn] = makeColumns()
  private var open: [Int: OpenShard] = [:]
  private var clock = 0

  /// Shards kept open at a time.
  private static let openLimit = 16

  init(database: SkyDatabase, info: CatalogueInfo) {
    self.database = database
    self.info = info
  }

  // MARK: Columns

  var rankColumn: Int { info.columns.count }
  var healpixColumn: Int { info.columns.count + 1 }

  /// The position of the column that has a role, if its values are in `unit` (any, if nil).
  func column(role: String, unit: String? = nil) -> Int? {
    guard let role = info.roles.first(where: { $0.role == role }), let name = role.column else { return nil }
    if let unit, role.unit != unit { return nil }
    return info.columns.firstIndex { $0.name == name }
  }

  private func makeColumns() -> [TableColumn] {
    // The first shard says how its columns are declared, which decides how SQLite compares; all shards say the same.
    let types = (try? info.shards.first.map { try WideShard(path: path(of: $0)).declaredTypes() }) ?? nil
    let own = info.columns.map { column in
      let kind = types?[column.name].flatMap(TableColumn.Kind.init) ?? Self.kind(ofType: column.type)
      return TableColumn(column.name, kind, Self.summary(of: column))
    }
    return own + [
      TableColumn("xm_rank", .integer, "position in the catalogue's sky order, from 0"),
      TableColumn("xm_healpix29", .integer, "HEALPix index of the position, order 29, nested"),
    ]
  }

  private static func summary(of column: ColumnInfo) -> String {
    [column.unit.map { "[\($0)]" }, column.description].compactMap(\.self).joined(separator: " ")
  }

  /// For a catalogue without shards: by the type of the input.
  private static func kind(ofType type: String) -> TableColumn.Kind {
    switch type {
    case "float64", "float32": .real
    case "text": .text
    case "binary": .blob
    default: .integer
    }
  }

  // MARK: Shards

  private func path(of shard: ShardInfo) -> String { database.path + "/" + shard.path }

  /// The open shard at a position in `info.shards`.
  func shard(_ position: Int, _ counters: inout ScanCounters) throws -> OpenShard {
    clock += 1
    let shard: OpenShard
    if let known = open[position] {
      shard = known
    } else {
      let path = path(of: info.shards[position])
      try requireFile(path)
      shard = OpenShard(path: path, layout: info.layout)
      counters.shardsOpened += 1
      if open.count == Self.openLimit, let oldest = open.min(by: { $0.value.lastUse < $1.value.lastUse }) {
        open[oldest.key] = nil
      }
      open[position] = shard
    }
    shard.lastUse = clock
    return shard
  }

  /// The files of a generation go when the catalogue is replaced. A query that began before then says so.
  private func requireFile(_ path: String) throws {
    if FileSystem.exists(path) { return }
    let current = try database.registry().findCatalogue(info.name)
    guard let current, current.generation == info.generation, current.created == info.created else {
      throw SQLFunctionError("the catalogue '\(info.name)' was replaced while this statement ran; run it again")
    }
    throw StoreError(
      .damaged, path, "the shard is missing; run `xmdb verify \(info.name)`, then ingest the catalogue again")
  }

  /// The position of the shard that holds a rank.
  func shard(ofRank rank: Int64) -> Int? {
    var (low, high) = (0, info.shards.count)
    while low < high {
      let middle = (low + high) / 2
      if info.shards[middle].firstRank + info.shards[middle].rows > rank { high = middle } else { low = middle + 1 }
    }
    return low < info.shards.count && info.shards[low].firstRank <= rank ? low : nil
  }

  /// The positions of the shards that may hold sources in `region`.
  func shards(in region: PixelRangeSet) -> [Int] {
    guard let first = region.ranges.first, let last = region.ranges.last else { return [] }
    var (low, high) = (0, info.shards.count)
    while low < high {
      let middle = (low + high) / 2
      if info.shards[middle].pixel.range29.upperBound > first.lowerBound { high = middle } else { low = middle + 1 }
    }
    let near = info.shards[low...].prefix { $0.pixel.range29.lowerBound < last.upperBound }
    return near.indices.filter { region.intersects(info.shards[$0].pixel.range29) }
  }
}

/// One shard file with the statements that have been compiled on it.
final class OpenShard {
  private let path: String
  private let layout: NarrowLayout
  private var wideShard: WideShard?
  private var narrowReader: ShardReader?
  private var idle: [ScanShape: Statement] = [:]
  var lastUse = 0

  init(path: String, layout: NarrowLayout) {
    self.path = path
    self.layout = layout
  }

  /// The wide table.
  func wide() throws -> WideShard {
    if let wideShard { return wideShard }
    let shard = try WideShard(path: path)
    wideShard = shard
    return shard
  }

  /// The narrow form.
  func narrow() throws -> ShardReader {
    if let narrowReader { return narrowReader }
    let reader = try ShardReader(path: path, layout: layout)
    narrowReader = reader
    return reader
  }

  /// A statement of a shape, for one scan at a time; to be given back when the scan is done with it.
  func take(_ shape: ScanShape) throws -> Statement {
    if let statement = idle.removeValue(forKey: shape) { return statement }
    return try wide().rows(columns: shape.columns, where: shape.condition, isBounded: shape.isBounded)
  }

  func giveBack(_ statement: Statement, _ shape: ScanShape) {
    statement.reset()
    idle[shape] = statement
  }
}

/// What makes two scans use the same compiled statement.
struct ScanShape: Hashable {
  let columns: [String]
  let condition: String?
  var isBounded: Bool
}
