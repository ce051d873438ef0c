internal import CatalogStore
internal import Indexing

/// The bins of the magnitudes of sources of a, by rowid, read shard by shard: one for each thread.
///
/// Those who ask follow the curve, so the bins of a few shards are kept: a byte a source.
struct MagnitudesByRowid {
  private let groups: SourceGroups
  private let reader: CatalogueReader
  /// By the position of the shard; the one used last is the last.
  private var kept: [(shard: Int, bins: [UInt8])] = []

  private static let mostKept = 8

  init(database: SkyDatabase, _ info: CatalogueInfo, _ groups: SourceGroups) {
    self.groups = groups
    reader = CatalogueReader(database: database, info: info, reading: info.layout.forMatching)
  }

  /// - Throws: `StoreError.damaged` for a rowid that no source has.
  mutating func bin(ofRowid rowid: Int64) throws -> UInt8 {
    let shards = reader.info.shards
    let shard = position(ofRowid: rowid)
    guard shard >= 0, rowid >= 0, rowid - shards[shard].firstRowid < shards[shard].rows else {
      throw StoreError(
        .damaged, reader.info.name,
        "has no source of rowid \(rowid), which the results hold; run `xmdb verify` and match again")
    }
    let bins = try bins(ofShard: shard)
    let row = Int(rowid - shards[shard].firstRowid)
    guard row < bins.count else {
      throw StoreError(
        .damaged, shards[shard].path,
        "holds \(bins.count) sources, not \(shards[shard].rows); run `xmdb verify \(reader.info.name)`")
    }
    return bins[row]
  }

  /// The last shard that begins at a rowid or before it; −1 if none does.
  private func position(ofRowid rowid: Int64) -> Int {
    reader.info.shards.binarySearch { $0.firstRowid > rowid } - 1
  }

  private mutating func bins(ofShard shard: Int) throws -> [UInt8] {
    if let last = kept.last, last.shard == shard { return last.bins }
    if let place = kept.firstIndex(where: { $0.shard == shard }) {
      kept.append(kept.remove(at: place))
    } else {
      let sources = try reader.sources(in: PixelRangeSet(pixels: [reader.info.shards[shard].pixel]))
      if kept.count == Self.mostKept { kept.removeFirst() }
      kept.append((shard, groups.magnitudes(of: sources)))
    }
    return kept[kept.count - 1].bins
  }
}
