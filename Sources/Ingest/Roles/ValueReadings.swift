internal import CatalogStore
internal import Formats

/// Settles by a sample of the values what the file does not say: units of positions and of epochs.
enum ValueReadings {
  /// The assignment with units that the values tell, and with what is to be said of them.
  static func settle(_ roles: RoleAssignment, _ source: TableSource) throws -> RoleAssignment {
    var roles = roles
    for role in [ColumnRole.ra, .dec] {
      if let refusal = try TextPositions.refusal(role, roles, source) { roles.refusals.append(refusal) }
    }
    // A unit that is not known is to be stated first.
    if roles.refusals.isEmpty, var readings = PositionReadings(roles), let ra = roles[.ra]?.columnIndex,
      let dec = roles[.dec]?.columnIndex
    {
      try ValueSample.read(source, columns: [ra, dec]) { readings.add(ra: $0[0], dec: $0[1]) }
      if let refusal = readings.refusal { roles.refusals.append(refusal) }
      if let warning = readings.warning { roles.warnings.append(warning) }
    }
    try settleEpoch(&roles, source)
    return roles
  }

  private static func settleEpoch(_ roles: inout RoleAssignment, _ source: TableSource) throws {
    guard let place = roles.bindings.firstIndex(where: { $0.role == .epoch }), !roles.bindings[place].isUnitStated,
      case .column(let index, let name) = roles.bindings[place].source
    else { return }
    var values: [Double] = []
    try ValueSample.read(source, columns: [index]) { values.append($0[0]) }
    guard let unit = EpochReading.unit(of: values, taken: roles.bindings[place].unit) else { return }
    roles.bindings[place].unit = unit
    roles.bindings[place].unitOrigin = .values
    roles.bindings[place].reason += "; its values are those of \(unit)"
    roles.warnings.append(
      "the file gives no unit of '\(name)'; its values are taken as \(unit); --map epoch=\(name):\(unit) states it")
  }
}

/// Some values of a source: the first rows of files spread over it.
enum ValueSample {
  private static let files = 32
  private static let rowsPerFile = 8192

  private struct Enough: Error {}

  /// Calls `body` with the numbers of each sampled row; NaN where there is none.
  static func read(_ source: TableSource, columns: [Int], _ body: ([Double]) -> Void) throws {
    try readBatches(source, columns: columns) { batch in
      for row in 0..<batch.rowCount { body(batch.columns.map { $0.number(row) }) }
    }
  }

  /// Calls `body` with the first batch of each sampled file.
  static func readBatches(
    _ source: TableSource, columns: [Int], _ body: (borrowing RecordBatch) -> Void
  ) throws {
    let step = max(1, source.files.count / files)
    for index in stride(from: 0, to: source.files.count, by: step) {
      do {
        try source.forEachBatch(columns: columns, files: index..<index + 1, batchRows: rowsPerFile) { batch in
          body(batch)
          throw Enough()
        }
      } catch is Enough {}
    }
  }
}
