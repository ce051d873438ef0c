import CatalogStore

/// One catalogue as JSON.
extension CatalogueReport {
  /// The facts that the list of all catalogues gives.
  var summary: JSONValue { .object(summaryMembers) }

  /// Everything.
  var json: JSONValue { .object(summaryMembers + details) }

  private var summaryMembers: [(String, JSONValue)] {
    [
      ("name", .text(info.name)), ("generation", .integer(Int64(info.number))), ("sources", .integer(info.rows)),
      ("input_rows", .integer(info.inputRows)), ("problem_rows", .integer(info.problemRows)),
      ("duplicate_ids", .integer(info.duplicateIDs)), ("null_ids", .integer(info.nullIDs)),
      ("frame", .text(info.frame)),
      ("epoch_yr", .real(info.epochYears)), ("earliest_epoch_yr", .real(info.epochRange?.lowerBound)),
      ("latest_epoch_yr", .real(info.epochRange?.upperBound)), ("area_deg2", .real(areaDegrees2)),
      ("psf", .text(info.psf)),
      ("shards", .integer(Int64(info.shards.count))), ("bytes", .integer(info.bytes)),
      ("ingested", .text(info.created)),
      ("program", .text(info.program)),
    ]
  }

  private var details: [(String, JSONValue)] {
    [
      ("largest_sigma_arcsec", .real(info.largestSigmaArcsec)), ("circular_errors", .bool(info.layout.isCircular)),
      ("known_motions", .integer(info.knownMotions)), ("largest_pm_mas_yr", .real(info.largestMotionMasPerYear)),
      ("largest_sigma_pm_mas_yr", .real(info.largestSigmaMotionMasPerYear)), ("bands", .texts(info.layout.bands)),
      ("inputs_fingerprint", .text(info.inputsFingerprint)), ("options", .text(info.options)),
      ("problems", .list(info.problems.map { .object([("reason", .text($0.reason)), ("rows", .integer($0.rows))]) })),
      ("roles", .list(info.roles.map(Self.role))), ("columns", .list(info.columns.map(column))),
      ("inputs", .list(info.inputs.map(Self.input))), ("shard_files", .list(info.shards.map(Self.shard))),
    ]
  }

  private static func role(_ role: RoleInfo) -> JSONValue {
    .object([
      ("role", .text(role.role)), ("column", .text(role.column)), ("constant", .real(role.constant)),
      ("unit", .text(role.unit)), ("because", .text(role.reason)),
    ])
  }

  private func column(_ column: ColumnInfo) -> JSONValue {
    .object([
      ("name", .text(column.name)), ("source_name", .text(column.sourceName)), ("type", .text(column.type)),
      ("unit", .text(column.unit)), ("ucd", .text(column.ucd)), ("description", .text(column.description)),
      ("roles", .texts(info.roles.filter { $0.column == column.name }.map(\.role))),
    ])
  }

  private static func input(_ file: InputFile) -> JSONValue {
    .object([
      ("path", .text(file.path)), ("bytes", .integer(file.bytes)), ("rows", .integer(file.rows)),
      ("xxh3_128", .text(file.fingerprint)),
    ])
  }

  private static func shard(_ shard: ShardInfo) -> JSONValue {
    .object([
      ("path", .text(shard.path)), ("order", .integer(Int64(shard.pixel.order))),
      ("pixel", .integer(shard.pixel.index)),
      ("first_rowid", .integer(shard.firstRowid)), ("rows", .integer(shard.rows)), ("bytes", .integer(shard.bytes)),
      ("xxh3_128", .text(shard.fingerprint)),
    ])
  }
}
