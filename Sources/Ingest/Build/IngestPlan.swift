internal import CatalogStore

/// What an ingest will do, known from the footers of the files and, where they give no unit, from some of the values: what
/// `--dry-run` shows.
public struct IngestPlan: Sendable {
  /// The catalogue's name.
  public let name: String
  /// The rows.
  public let source: ParquetSource
  /// Which columns play which roles, and why.
  public let roles: RoleAssignment
  /// The options it follows.
  public let options: IngestOptions
  /// Names of the columns in the shards, one per column of the source.
  public let columnNames: [String]

  /// Plans an ingest.
  /// - Throws: `IngestError` for files that cannot be read and options that are wrong; `StoreError.usage` for a bad name.
  public init(_ options: IngestOptions) throws {
    guard options.shardBytes >= 1 << 14 else {
      throw StoreError(.usage, "--shard-mb", "is \(Double(options.shardBytes) / 1_048_576); allowed: 0.02 or more")
    }
    if let epoch = options.epochYears, !RoleRange.epoch.contains(epoch) {
      throw StoreError(.usage, "--epoch", "is \(epoch); allowed: a Julian year between 1500 and 2500")
    }
    self.options = options
    source = try ParquetSource(paths: options.paths, excluding: options.excluding)
    guard source.columns.count <= StoredColumns.limit else {
      throw IngestError(
        .unsupported, subject: options.paths.joined(separator: ", "),
        "it has \(source.columns.count) columns; allowed: \(StoredColumns.limit); leave some out with --exclude NAME")
    }
    let recognised = try RoleAssignment(
      recognising: source.columns, mappings: options.mappings, epochYears: options.epochYears)
    roles = try ValueReadings.settle(recognised, source)
    name = options.name ?? CatalogueName.suggested(by: options.paths[0])
    try CatalogueName.validate(name)
    columnNames = StoredColumns(source.columns).names
  }

  /// Refuses a plan without position or position error.
  public func requireComplete() throws { try roles.requireComplete(subject: options.paths.joined(separator: ", ")) }

  /// The options that shape the result, for people and for the fingerprint.
  var optionsText: String {
    var words = options.mappings.map { "--map \($0)" } + options.excluding.map { "--exclude \($0)" }
    if let epoch = options.epochYears { words.append("--epoch \(epoch)") }
    return words.joined(separator: " ")
  }

  /// The id column, by position in the source.
  var idColumn: Int? { roles[.id]?.columnIndex }

  /// How the columns are stored: as in the files, but identifiers of floating point as the integers that they are.
  var storedTypes: [ColumnType] {
    source.columns.indices.map { index in
      let type = source.columns[index].type
      return index == idColumn && type.isFloatingPoint ? .int64 : type
    }
  }

  /// The narrow form; `hugeColumns` are unsigned columns with values beyond 2⁶³ − 1.
  func layout(hugeColumns: Set<Int>) -> NarrowLayout {
    NarrowLayout(
      id: idKind(hugeColumns), isCircular: roles.positionError == .circular, hasMotion: roles[.pmRA] != nil,
      hasEpoch: roles[.epoch]?.columnIndex != nil, bands: roles.bands.map(\.name),
      hasBestBand: roles[.bestBand] != nil)
  }

  private func idKind(_ hugeColumns: Set<Int>) -> NarrowLayout.IDKind {
    guard let idColumn else { return .none }
    switch storedTypes[idColumn] {
    case .float64, .float32, .text, .binary: return .text
    case .uint64: return hugeColumns.contains(idColumn) ? .text : .integer
    default: return .integer
    }
  }

  var roleInfos: [RoleInfo] {
    roles.bindings.map { binding in
      var info = RoleInfo(
        role: binding.role.description, column: nil, constant: nil, unit: binding.unit.description,
        reason: binding.reason)
      switch binding.source {
      case .column(let index, _): info.column = columnNames[index]
      case .constant(let value): info.constant = value
      }
      return info
    }
  }

  var columnInfos: [ColumnInfo] {
    zip(zip(columnNames, storedTypes), source.columns).map { kept, column in
      ColumnInfo(
        name: kept.0, sourceName: column.name, type: kept.1.description, unit: column.unit, ucd: column.ucd,
        description: column.description)
    }
  }
}
