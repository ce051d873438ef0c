internal import Indexing

/// Which pixels become shards: the largest ones that hold at most a given number of rows.
struct ShardPlan {
  /// The shards along the curve.
  let pixels: [HealpixPixel]

  /// Shards are never finer than this (0.2″), however many rows lie in one pixel.
  static let finestOrder = 20

  init(rowsPerShard: Int64, count: (Range<Int64>) -> Int64) {
    var pixels: [HealpixPixel] = []
    func divide(_ pixel: HealpixPixel) {
      let rows = count(pixel.range29)
      if rows == 0 { return }
      if rows <= rowsPerShard || pixel.order >= Self.finestOrder {
        pixels.append(pixel)
      } else {
        pixel.children.forEach(divide)
      }
    }
    HealpixPixel.basePixels.forEach(divide)
    self.pixels = pixels
  }

  /// The rows that fill a shard of `shardBytes`, from the mean size of a row as it is encoded.
  ///
  /// A row takes about as many bytes in SQLite (wide row, its index entry and its share of the narrow form) as encoded.
  static func rowsPerShard(shardBytes: Int64, encodedBytes: Int64, rows: Int64) -> Int64 {
    rows == 0 ? 1 : max(1, shardBytes / max(1, encodedBytes / rows))
  }
}
