import CatalogStore
import Indexing

/// One generation of a catalogue as one connection reads it: what is known of it, and the shards that are open.
final class CatalogueFiles {
  let info: CatalogueInfo
  let database: SkyDatabase
  /// The columns of its table: those of the file, then rowid and HEALPix index.
  let columns: [TableColumn]
  /// Which of them say where rows are.
  private(set) lazy var layout = CatalogueLayout(self)
  /// Why it is not known how the columns are declared: then no row is read.
  private let damage: (any Error)?

  init(database: SkyDatabase, info: CatalogueInfo) {
    self.database = database
    self.info = info
    do {
      try info.requireReadable()
      columns = Self.columns(info, try Self.declaredTypes(info, database))
      damage = nil
    } catch {
      columns = Self.columns(info, [:])
      damage = error
    }
  }

  // MARK: Columns

  var rowidColumn: Int { info.columns.count }
  var healpixColumn: Int { info.columns.count + 1 }

  /// The position of the column that has a role, if its values are in `unit` (any, if nil).
  func column(role: String, unit: String? = nil) -> Int? {
    guard let role = info.roles.first(where: { $0.role == role }), let name = role.column else { return nil }
    if let unit, role.unit != unit { return nil }
    return info.columns.firstIndex { $0.name == name }
  }

  /// The first shard says how its columns are declared, which decides how SQLite compares; all shards say the same.
  private static func declaredTypes(_ info: CatalogueInfo, _ database: SkyDatabase) throws -> [String: String] {
    try info.shards.first.map { try WideShard($0.file(in: database)).declaredTypes() } ?? [:]
  }

  private static func columns(_ info: CatalogueInfo, _ types: [String: String]) -> [TableColumn] {
    let own = info.columns.map { column in
      let declared = types[column.name].flatMap(TableColumn.Kind.init) ?? kind(ofType: column.type)
      let isUnsigned = declared == .text && column.type == "uint64"
      return TableColumn(column.name, isUnsigned ? .unsigned : declared, summary(of: column))
    }
    return own + [
      TableColumn("xm_rowid", .integer, "position in the catalogue's sky order, from 0", formerly: "xm_rank"),
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
  func shard(_ position: Int, _ context: XMDBContext) throws -> OpenShard {
    if let damage { throw damage }
    let file = info.shards[position].file(in: database)
    return try context.shards.shard(file, layout: info.layout, &context.counters) { try requireFile(file.path) }
  }

  /// Where there are no locks, the files of a generation may go while they are read. A query that began before then says so.
  private func requireFile(_ path: String) throws {
    if FileSystem.exists(path) { return }
    let current = try database.registry().findCatalogue(info.name)
    guard let current, current.generation == info.generation, current.created == info.created else {
      throw SQLFunctionError("the catalogue '\(info.name)' was replaced while this statement ran; run it again")
    }
    throw StoreError(
      .damaged, path, "the shard is missing; run `xmdb verify \(info.name)`, then ingest the catalogue again")
  }

  /// The position of the shard that holds a rowid.
  func shard(ofRowid rowid: Int64) -> Int? {
    let position = info.shards.binarySearch { $0.firstRowid + $0.rows > rowid }
    return position < info.shards.count && info.shards[position].firstRowid <= rowid ? position : nil
  }

  /// The positions of the shards that may hold sources in `region`.
  func shards(in region: PixelRangeSet) -> [Int] {
    guard let first = region.ranges.first, let last = region.ranges.last else { return [] }
    let start = info.shards.binarySearch { $0.pixel.range29.upperBound > first.lowerBound }
    let near = info.shards[start...].prefix { $0.pixel.range29.lowerBound < last.upperBound }
    return near.indices.filter { region.intersects(info.shards[$0].pixel.range29) }
  }
}
