public import Indexing

/// Reads the narrow form of one catalogue across its shards.
public struct CatalogueReader: Sendable {
  /// The catalogue.
  public let info: CatalogueInfo
  private let database: SkyDatabase
  private let layout: NarrowLayout

  /// A reader of a catalogue of `database`.
  /// - Parameter wanted: The columns to read; nil for all.
  public init(database: SkyDatabase, info: CatalogueInfo, reading wanted: NarrowLayout? = nil) {
    self.info = info
    self.database = database
    layout = wanted ?? info.layout
  }

  /// The sources whose order-29 index lies in `ranges`, in rowid order.
  /// - Complexity: O(log shards + shards touched + rows).
  public func sources(in ranges: PixelRangeSet) throws -> SourceColumns {
    var never = StopCheck.never
    return try sources(in: ranges, stop: &never)
  }

  /// The same, asking between shards whether to stop.
  /// - Throws: What `stop` throws, too.
  public func sources(in ranges: PixelRangeSet, stop: inout StopCheck) throws -> SourceColumns {
    var sources = SourceColumns(layout: layout)
    let shards = shards(in: ranges)
    sources.reserve(expected(in: ranges, of: shards))
    for shard in shards {
      try stop.now()
      try reader(of: shard).read(ranges, into: &sources)
    }
    return sources
  }

  /// Room is made for so many sources at most before they are read, whatever the registry says of a shard.
  private static let mostExpected = 4_000_000.0

  /// About how many sources some ranges hold, if the sources of a shard are spread evenly; a little more.
  private func expected(in ranges: PixelRangeSet, of shards: [ShardInfo]) -> Int {
    let rows = shards.reduce(0.0) { sum, shard in
      let sky = shard.pixel.range29
      let covered = ranges.intersection(PixelRangeSet(pixels: [shard.pixel])).ranges.reduce(0) { $0 + $1.count }
      return sum + Double(shard.rows) * min(1, 1.1 * Double(covered) / Double(sky.count))
    }
    return Int(max(0, min(rows, Self.mostExpected)))
  }

  /// Blocks of sources from all over the catalogue, evenly along the curve: what its sources are like. What cannot be read
  /// is left out: whoever needs those very sources will say so.
  /// - Complexity: O(blocks · log shards), some thousand rows a block.
  public func sample(blocks: Int) -> SourceColumns {
    var sources = SourceColumns(layout: layout)
    for part in 0..<blocks {
      let rowid = Int64((Double(part) + 0.5) / Double(blocks) * Double(info.rows))
      if let last = sources.rowid.last, last >= rowid { continue }
      let position = info.shards.binarySearch { $0.firstRowid > rowid } - 1
      guard position >= 0 else { continue }
      let shard = try? reader(of: info.shards[position])
      try? shard?.readBlock(holding: rowid, into: &sources)
    }
    return sources
  }

  private func reader(of shard: ShardInfo) throws -> ShardReader {
    try ShardReader(file(of: shard), layout: info.layout, reading: layout)
  }

  /// The shards that may hold sources in `ranges`, along the curve.
  public func shards(in ranges: PixelRangeSet) -> [ShardInfo] {
    guard let first = ranges.ranges.first, let last = ranges.ranges.last else { return [] }
    let start = firstShard(endingBeyond: first.lowerBound)
    let near = info.shards[start...].prefix { $0.pixel.range29.lowerBound < last.upperBound }
    return near.filter { ranges.intersects($0.pixel.range29) }
  }

  /// A shard's file.
  public func file(of shard: ShardInfo) -> SealedFile { shard.file(in: database) }

  private func firstShard(endingBeyond healpix29: Int64) -> Int {
    info.shards.binarySearch { $0.pixel.range29.upperBound > healpix29 }
  }
}
