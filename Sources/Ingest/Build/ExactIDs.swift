internal import CatalogStore
internal import Formats

/// Identifiers that a file stores as floating point, turned into the integers that they are.
///
/// Floating point holds every integer up to 2⁵³ (2²⁴ in single precision, 2¹¹ in half) exactly; beyond, neighbouring
/// identifiers have become the same number, so such a column is refused. NaN is a missing identifier.
struct ExactIDs {
  /// The column, by position in the source.
  private let column: Int
  private let name: String
  private let type: ColumnType
  private let largest: Double
  private var values: [Int64] = []
  private var present: [UInt8] = []

  /// Nil unless the identifiers are stored as floating point.
  init?(_ plan: IngestPlan) {
    guard let column = plan.idColumn, plan.source.columns[column].type.isFloatingPoint else { return nil }
    self.column = column
    name = plan.source.columns[column].name
    type = plan.source.columns[column].type
    let isHalf = plan.source.columns[column].fileType.hasPrefix("half")
    largest = isHalf ? 0x1p11 : type == .float32 ? 0x1p24 : 0x1p53
  }

  /// Converts the identifiers of a batch.
  /// - Throws: `IngestError.unsupported` for the first that is no exact integer.
  mutating func load(_ batch: borrowing RecordBatch) throws(IngestError) {
    let given = batch.columns[column]
    values.removeAll(keepingCapacity: true)
    present.removeAll(keepingCapacity: true)
    present.append(contentsOf: repeatElement(0, count: (batch.rowCount + 7) / 8))
    for row in 0..<batch.rowCount {
      let value = given.number(row)
      guard value.isNaN || (abs(value) <= largest && value == value.rounded(.towardZero)) else {
        throw refusal(value, row: batch.firstRow + Int64(row) + 1)
      }
      values.append(value.isNaN ? 0 : Int64(value))
      if !value.isNaN { present[row >> 3] |= 1 << UInt8(row & 7) }
    }
  }

  private func refusal(_ value: Double, row: Int64) -> IngestError {
    let limit = "\(type) keeps integers up to \(Int64(largest)) only"
    return IngestError(
      .unsupported, subject: "column '\(name)'",
      "row \(row) holds \(value), which is not an exact identifier (\(limit), beyond which identifiers have lost digits); "
        + "write the column as integers or as text, or say --map id=COLUMN, or --map id=none to do without")
  }

  /// Lends the batch with the identifiers as integers.
  ///
  /// Not inlined: the optimiser of Swift 6.3.1 ends in a failed check of its own when it inlines the borrowed batch.
  @inline(never)
  func withConverted(_ batch: borrowing RecordBatch, _ body: (borrowing RecordBatch) throws -> Void) rethrows {
    var columns = batch.columns
    let missing = values.count - present.reduce(0) { $0 + $1.nonzeroBitCount }
    try values.withUnsafeBufferPointer { values in
      try present.withUnsafeBufferPointer { present in
        columns[column] = ColumnBuffer(
          values: .int64(values), validity: Validity(bits: present.baseAddress, nullCount: missing))
        try body(
          RecordBatch(
            rowCount: batch.rowCount, firstRow: batch.firstRow, fileIndex: batch.fileIndex,
            firstRowInFile: batch.firstRowInFile, columns: columns))
      }
    }
  }
}
