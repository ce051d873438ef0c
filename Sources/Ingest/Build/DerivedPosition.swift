internal import Formats

/// The position in degrees of ICRS as two more columns of a catalogue, where the files have it as text or in another frame.
enum DerivedPosition {
  static let columns = [
    TableColumn(
      "ra_icrs", .float64, unit: "deg", ucd: "pos.eq.ra;meta.main", description: "right ascension, ICRS, by xmdb",
      isNullable: true),
    TableColumn(
      "dec_icrs", .float64, unit: "deg", ucd: "pos.eq.dec;meta.main", description: "declination, ICRS, by xmdb",
      isNullable: true),
  ]

  /// Lends the batch with the position behind its columns.
  ///
  /// Not inlined, as `ExactIDs.withConverted` is not.
  @inline(never)
  static func withAdded(
    _ batch: borrowing RecordBatch, ra: [Double], dec: [Double], _ body: (borrowing RecordBatch) throws -> Void
  ) rethrows {
    let columns = batch.columns
    try ra.withUnsafeBufferPointer { ra in
      try dec.withUnsafeBufferPointer { dec in
        try body(
          RecordBatch(
            rowCount: batch.rowCount, firstRow: batch.firstRow, fileIndex: batch.fileIndex,
            firstRowInFile: batch.firstRowInFile,
            columns: columns + [ColumnBuffer(values: .float64(ra)), ColumnBuffer(values: .float64(dec))]))
      }
    }
  }
}
