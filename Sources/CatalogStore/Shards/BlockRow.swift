/// What a row of the table `block` says it holds, checked: the file may be damaged.
struct BlockRow {
  /// Rowids of its sources.
  let rowids: Range<Int64>
  /// The smallest to the largest index of its sources.
  let indices: Range<Int64>

  /// Reads result columns 0…3: first_rowid, count, healpix29_first, healpix29_last.
  /// - Throws: `StoreError.damaged` for numbers that no block has.
  init(_ row: Statement, path: String) throws {
    let (first, count) = (row.int64(0), row.int64(1))
    let (low, high) = (row.int64(2), row.int64(3))
    guard first >= 0, count > 0, count <= Int64.max - first, low >= 0, low <= high, high < 12 << 58 else {
      throw StoreError(.damaged, path, "a block of the narrow form has impossible bounds; run `xmdb verify`")
    }
    rowids = first..<first + count
    indices = low..<high + 1
  }
}
