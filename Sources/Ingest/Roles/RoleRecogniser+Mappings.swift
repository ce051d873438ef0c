internal import CatalogStore
internal import Formats

extension RoleRecogniser {
  mutating func apply(_ mappings: [RoleMapping], epochYears: Double?) throws(IngestError) {
    var seen: [ColumnRole: String] = [:]
    for mapping in mappings {
      if let first = seen.updateValue(mapping.text, forKey: mapping.role) {
        throw IngestError(
          .usage, subject: "--map \(mapping.text)", "the role \(mapping.role) is mapped already by --map \(first)")
      }
      try apply(mapping)
    }
    if let epochYears { try apply(epoch: epochYears, mapped: seen[.epoch]) }
  }

  private mutating func apply(_ mapping: RoleMapping) throws(IngestError) {
    switch mapping.target {
    case .none:
      closed.insert(mapping.role)
    case .constant(let value):
      let unit = mapping.unit ?? RoleUnit.canonical(mapping.role)
      if mapping.role == .epoch { try Self.checkEpoch(value, unit, "--map \(mapping.text)") }
      bind(mapping.role, constant: value, unit, .mapping, "--map \(mapping.text): the same for every row")
    case .column(let index):
      let column = columns[index]
      try check(mapping, column)
      let hinted = nameUnit(mapping.role, column)
      guard let choice = UnitChoice(mapping.role, column, mapped: mapping.unit, hinted: hinted, frame: frame) else {
        throw IngestError(
          .usage, subject: "--map \(mapping.text)",
          "the file gives '\(column.name)' in \(column.unit ?? ""), which does not fit the role \(mapping.role); "
            + "add the right unit, as in --map \(mapping.text):UNIT (\(RoleUnit.examples(for: mapping.role)))")
      }
      bind(mapping.role, index, choice, .mapping, "--map \(mapping.text)")
    }
  }

  /// A user may take a column for what it does not seem to be, but not without knowing.
  private mutating func check(_ mapping: RoleMapping, _ column: TableColumn) throws(IngestError) {
    guard let obstacle = obstacle(mapping.role, column) else { return }
    if mapping.role == .ra || mapping.role == .dec {
      // Whoever states the frame knows it.
      if isFrameStated { return }
      warnings.append("--map \(mapping.text): \(obstacle)")
    } else if mapping.unit == nil {
      throw IngestError(.usage, subject: "--map \(mapping.text)", obstacle)
    }
  }

  /// The unit that a column's name tells for a role: a suffix such as `_mas`, or what the name usually means.
  func nameUnit(_ role: ColumnRole, _ column: TableColumn) -> RoleUnit? {
    let plain = RoleRules.plain(column.name)
    let rule = RoleRules.names.first { $0.role == role }
    if let unit = rule?.names.first(where: { $0.text == plain })?.unit { return unit }
    if let unit = RoleRules.splittingUnit(column.name).unit { return unit }
    return role == .epoch ? UnitChoice.dayCount(column.name) : nil
  }

  private mutating func apply(epoch years: Double, mapped: String?) throws(IngestError) {
    if let mapped {
      throw IngestError(.usage, subject: "--epoch \(years)", "the epoch is mapped already by --map \(mapped)")
    }
    try Self.checkEpoch(years, .julianYear, "--epoch \(years)")
    bind(.epoch, constant: years, .julianYear, .mapping, "--epoch \(years)")
  }

  private static func checkEpoch(_ value: Double, _ unit: RoleUnit, _ subject: String) throws(IngestError) {
    let years = unit.scale * value + unit.offset
    guard !RoleRange.epoch.contains(years) else { return }
    throw IngestError(
      .usage, subject: subject,
      "an epoch is a Julian year between 1500 and 2500, such as 2016.0; for dates say --map epoch=57170:MJD or "
        + "--map epoch=2457170.5:JD")
  }

  /// The ways to tell a position error: what each needs, and what may be added.
  static let errorGroups: [(needed: Set<ColumnRole>, added: Set<ColumnRole>)] = [
    ([.sigma], []), ([.sigmaRA, .sigmaDec], [.corrRADec]), ([.sigmaMajor, .sigmaMinor, .sigmaPA], []),
  ]

  /// Every role of position errors.
  static let errorRoles = errorGroups.reduce(into: Set<ColumnRole>()) { $0.formUnion($1.needed.union($1.added)) }

  /// A user who maps `sigma` does not want the profile's `sigma_ra`; who maps `sigma_ra` and `sigma_dec` to other
  /// columns does not want the profile's correlation with them.
  mutating func closeErrorsThatCompeteWithMappings() {
    let mapped = Self.errorRoles.filter { bindings[$0] != nil }
    guard !mapped.subtracting([.corrRADec]).isEmpty else { return }
    let needed = Self.errorGroups.filter { !$0.needed.isDisjoint(with: mapped) }
      .reduce(into: Set<ColumnRole>()) { $0.formUnion($1.needed) }
    closed.formUnion(Self.errorRoles.subtracting(needed).subtracting(mapped))
  }
}
