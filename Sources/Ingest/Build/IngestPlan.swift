public import CatalogStore
public import Formats

/// What an ingest will do, known from the footers of the files and, where they give no unit, from some of the values: what
/// `--dry-run` shows.
public struct IngestPlan: Sendable {
  /// The catalogue's name.
  public let name: String
  /// The rows.
  public let source: TableSource
  /// Which columns play which roles, and why.
  public let roles: RoleAssignment
  /// The options it follows.
  public let options: IngestOptions
  /// The columns that are kept: those of the source, and then the position in ICRS if it is not among them.
  public let columns: [TableColumn]
  /// Names of the columns in the shards, one per column that is kept.
  public let columnNames: [String]
  /// What to say of the columns that are named otherwise.
  private let renamed: String?
  /// What to say of what was given.
  private let inputNotes: [String]

  /// Plans an ingest.
  /// - Parameter cancellation: Looked at between files.
  /// - Throws: `IngestError` for files that cannot be read and options that are wrong; `StoreError.usage` for a bad name,
  ///   `.interrupted` when asked to stop.
  public init(_ given: IngestOptions, cancellation: Cancellation = Cancellation()) throws {
    let input = try MacauffInput(given)
    let options = input.options
    guard options.shardBytes >= 1 << 14 else {
      throw StoreError(.usage, "--shard-mb", "is \(Double(options.shardBytes) / 1_048_576); allowed: 0.02 or more")
    }
    if let epoch = options.epochYears, !RoleRange.epoch.contains(epoch) {
      throw StoreError(.usage, "--epoch", "is \(epoch); allowed: a Julian year between 1500 and 2500")
    }
    (self.options, inputNotes) = (options, input.notes)
    var selection = ColumnSelection(excluding: options.excluding)
    selection.only = options.only
    selection.leavesOutNested = options.leavesOutLists
    source = try IngestDriver.sayingWhatIsKept("ingest") {
      try TableSource(paths: options.paths, selection: selection, cancellation: cancellation)
    }
    try StoredColumns.requireRoom(for: source.columns, subject: options.paths.joined(separator: ", "))
    let recognised = try RoleAssignment(
      recognising: source.columns, mappings: options.mappings, epochYears: options.epochYears, frame: options.frame,
      profiles: options.profiles)
    roles = try ValueReadings.settle(recognised, source)
    columns = source.columns + (roles.derivesPosition ? DerivedPosition.columns : [])
    try StoredColumns.requireRoom(for: columns, subject: options.paths.joined(separator: ", "))
    name = options.name ?? CatalogueName.suggested(by: options.paths[0])
    try CatalogueName.validate(name)
    let stored = StoredColumns(columns)
    (columnNames, renamed) = (stored.names, stored.note(columns))
  }

  /// Refuses a plan without position or position error.
  public func requireComplete() throws {
    try roles.requireComplete(subject: options.paths.joined(separator: ", "))
    for role in [ColumnRole.ra, .dec, .sigma, .sigmaRA, .sigmaDec, .sigmaMajor, .sigmaMinor] {
      guard let column = roles[role]?.columnIndex, let lacking = source.filesLacking(column) else { continue }
      throw IngestError(
        .schemaMismatch, subject: lacking.example,
        "it has no column '\(source.columns[column].name)', which other files have and which is \(role); no row without it "
          + "can be matched; ingest the \(lacking.count) files without it apart, or name another with --map \(role)=COLUMN"
      )
    }
  }

  /// A file as it is called in what is kept and said.
  public func shown(_ path: String) -> String { options.shownPaths[path] ?? path }

  /// What a user should know of the files and of the roles.
  public var notes: [String] { inputNotes + source.notes + roles.notes + [renamed].compactMap(\.self) }
  /// What a user should look at before trusting the result.
  public var warnings: [String] { source.warnings + roles.warnings }

  /// The options that shape the result, for people and for the fingerprint.
  var optionsText: String {
    var words = options.mappings.map { "--map \($0)" } + options.excluding.map { "--exclude \($0)" }
    words += options.only.map { "--only \($0)" }
    if let epoch = options.epochYears { words.append("--epoch \(epoch)") }
    if let frame = options.frame { words.append("--frame \(frame)") }
    if let own = roles.ownProfile { words.append("--profiles \(Fingerprint(of: own.text))") }
    return words.joined(separator: " ")
  }

  /// The id column, by position in the source.
  var idColumn: Int? { roles[.id]?.columnIndex }

  /// How the columns are stored: as in the files, but identifiers of floating point as the integers that they are.
  var storedTypes: [ColumnType] {
    columns.indices.map { index in
      let type = columns[index].type
      return index == idColumn && type.isFloatingPoint ? .int64 : type
    }
  }

  /// The narrow form; `hugeColumns` are unsigned columns with values beyond 2⁶³ − 1.
  func layout(hugeColumns: Set<Int>) -> NarrowLayout {
    NarrowLayout(id: idKind(hugeColumns), NarrowPlan(roles, source.columns).columns)
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
      if roles.derivesPosition, let derived = derived(binding) { return derived }
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

  /// What is recorded of a role whose column is not along the axes of ICRS: position by the columns that hold it in ICRS, and the
  /// rest with its frame.
  private func derived(_ binding: RoleBinding) -> RoleInfo? {
    let isPosition = binding.role == .ra || binding.role == .dec
    guard isPosition || (roles.frame != .icrs && RoleRules.axes.contains(binding.role)) else { return nil }
    var info = RoleInfo(
      role: "\(binding.role)", column: nil, constant: nil, unit: "\(binding.unit)",
      reason: "from \(binding.sourceText), \(roles.frame.name); \(binding.reason)")
    if isPosition {
      info.column = columnNames[source.columns.count + (binding.role == .ra ? 0 : 1)]
      info.unit = "deg"
      return info
    }
    info.role += "@\(roles.frame)"
    switch binding.source {
    case .column(let index, _): info.column = columnNames[index]
    case .constant(let value): info.constant = value
    }
    return info
  }

  var columnInfos: [ColumnInfo] {
    zip(zip(columnNames, storedTypes), columns).map { kept, column in
      ColumnInfo(
        name: kept.0, sourceName: column.name, type: kept.1.description, unit: column.unit, ucd: column.ucd,
        description: column.description)
    }
  }
}
