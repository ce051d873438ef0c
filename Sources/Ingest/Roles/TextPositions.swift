internal import CatalogStore
internal import Formats

/// Positions in columns of text.
enum TextPositions {
  /// What the numbers of a text count, by its unit.
  static func count(_ unit: RoleUnit) -> SexagesimalAngle.Count {
    switch unit {
    case .hms: .hours
    case .dms: .degrees
    default: .decimalDegrees
    }
  }

  /// Fills `output` with degrees, NaN where there are none.
  /// - Parameter malformed: Called with each row whose text is no angle.
  static func load(
    _ column: ColumnBuffer, _ unit: RoleUnit, rows: Int, into output: inout [Double], malformed: (Int) -> Void
  ) {
    output.resize(to: rows)
    guard case .text(let texts) = column.values else { return }
    let count = count(unit)
    for row in 0..<rows {
      guard column.validity.isPresent(row) else {
        output[row] = .nan
        continue
      }
      let degrees = SexagesimalAngle.degrees(texts[row], count)
      output[row] = degrees ?? .nan
      if degrees == nil { malformed(row) }
    }
  }

  /// Why a column of text cannot be a position: most of its first values are no angles; nil if it can.
  static func refusal(_ role: ColumnRole, _ roles: RoleAssignment, _ source: TableSource) throws -> String? {
    guard let binding = roles[role], binding.isText, case .column(let index, let name) = binding.source else {
      return nil
    }
    var (angles, others): (Int, Int) = (0, 0)
    var example: String?
    var degrees: [Double] = []
    try ValueSample.readBatches(source, columns: [index]) { batch in
      let flawed = load(batch, binding.unit, into: &degrees)
      others += flawed.count
      angles += degrees.count { !$0.isNaN }
      if example == nil, let row = flawed.first, case .text(let texts) = batch.columns[0].values {
        example = String(texts.string(row).prefix(32))
      }
    }
    guard let example, others > angles else { return nil }
    let expected = binding.unit == .hms ? "hours, minutes and seconds" : "degrees, minutes and seconds"
    return
      "'\(name)' is text, and most of it, such as '\(example)', is no angle in \(expected) (12:34:56.7, 12 34 56.7, 12h34m56.7s); "
      + "say --map \(role)=\(name):UNIT (hms, dms, deg), name another column, or correct the file"
  }

  private static func load(
    _ batch: borrowing RecordBatch, _ unit: RoleUnit, into degrees: inout [Double]
  ) -> [Int] {
    var flawed: [Int] = []
    load(batch.columns[0], unit, rows: batch.rowCount, into: &degrees) { flawed.append($0) }
    return flawed
  }
}
