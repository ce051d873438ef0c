internal import CatalogStore

/// The exported tables, column by column, in the order of the report.
struct ExportLayout {
  let a: CatalogueInfo
  let b: CatalogueInfo
  let extraA: [String]
  let extraB: [String]

  /// Whether candidate pairs are exported, too.
  let hasPairs: Bool

  var tables: [ExportTable] {
    get throws {
      try [matches(), nonmatches(a, side: .a, extraA), nonmatches(b, side: .b, extraB)] + (hasPairs ? [pairs()] : [])
    }
  }

  private func matches() throws -> ExportTable {
    var own = OwnColumns(a, .a)
    var other = OwnColumns(b, .b)
    let columns =
      try own.identity() + other.identity() + quantities(of: .matches)
      + own.extras(extraA) + other.extras(extraB) + errors(of: .matches)
    var table = ExportTable(
      name: "matches", description: "Counterparts of \(a.name) and \(b.name)", table: .matches, condition: nil,
      columns: columns, wideA: own.names, wideB: other.names, rowidA: ResultTable.matches.place(of: "a_rowid"),
      rowidB: ResultTable.matches.place(of: "b_rowid"), island: ResultTable.matches.place(of: "island"))
    table.primaryKey = a.hasUniqueIDs ? [0] : []
    return table
  }

  private func nonmatches(_ info: CatalogueInfo, side: OwnColumns.Side, _ extras: [String]) throws -> ExportTable {
    var own = OwnColumns(info, side)
    let columns = try own.identity() + quantities(of: .nonmatches) + own.extras(extras) + errors(of: .nonmatches)
    let rowid = ResultTable.nonmatches.place(of: "xm_rowid")
    var table = ExportTable(
      name: "nonmatches_" + info.name, description: "Sources of \(info.name) without counterpart", table: .nonmatches,
      condition: "side = '\(side.rawValue)'", columns: columns, wideA: side == .a ? own.names : [],
      wideB: side == .b ? own.names : [], rowidA: side == .a ? rowid : nil, rowidB: side == .b ? rowid : nil,
      island: ResultTable.nonmatches.place(of: "island"))
    table.primaryKey = info.hasUniqueIDs ? [0] : []
    return table
  }

  /// Rubin's `DiaObject_To_Object_Match`: two identifiers, `dist` in arc seconds, `lnP`. The rows of the catalogues have their
  /// positions, too.
  private func pairs() throws -> ExportTable {
    var own = OwnColumns(a, .a)
    var other = OwnColumns(b, .b)
    let columns =
      [own.identifier(), other.identifier()] + [
        ExportColumn(
          name: "dist", source: .result(ResultTable.pairs.place(of: "separation_arcsec")), type: .double,
          unit: "arcsec",
          ucd: "pos.angDistance", description: "separation at the epoch of the match"),
        ExportColumn(
          name: "lnP", source: .logarithm(ResultTable.pairs.place(of: "pair_p")), type: .double, unit: nil,
          ucd: "stat.probability",
          description: "natural logarithm of the probability that both are the same object, over all assignments"),
      ]
    own.addPosition()
    other.addPosition()
    var table = ExportTable(
      name: "pairs", description: "Candidate pairs of \(a.name) and \(b.name)", table: .pairs, condition: nil,
      columns: columns, wideA: own.names, wideB: other.names, rowidA: ResultTable.pairs.place(of: "a_rowid"),
      rowidB: ResultTable.pairs.place(of: "b_rowid"), island: ResultTable.pairs.place(of: "island"))
    table.primaryKey = a.hasUniqueIDs && b.hasUniqueIDs ? [0, 1] : []
    return table
  }

  private func quantities(of table: ResultTable) -> [ExportColumn] {
    table.columns.enumerated().compactMap { place, column in
      if case .quantity(let label) = column.export { ExportColumn(label, column, at: place) } else { nil }
    }
  }

  private func errors(of table: ResultTable) -> [ExportColumn] {
    table.columns.enumerated().compactMap { place, column in
      if case .error(let label) = column.export { ExportColumn(label, column, at: place) } else { nil }
    }
  }
}

extension CatalogueInfo {
  /// Whether identifiers tell the sources apart; rowids do.
  fileprivate var hasUniqueIDs: Bool { duplicateIDs == 0 && nullIDs == 0 }
}

extension ExportColumn {
  /// A column of a result table under the name that it has in an export.
  fileprivate init(_ label: String, _ column: ResultColumn, at place: Int) {
    self.init(
      name: label, source: .result(place), type: FelisType(column.kind), unit: column.unit, ucd: column.ucd,
      description: column.description)
  }
}

/// The columns that an export takes from a catalogue itself.
private struct OwnColumns {
  enum Side: String { case a, b }

  private let info: CatalogueInfo
  private let side: Side
  private(set) var names: [String] = []

  init(_ info: CatalogueInfo, _ side: Side) {
    self.info = info
    self.side = side
  }

  /// Identifier (the rowid where there is none), position, magnitudes.
  mutating func identity() throws -> [ExportColumn] {
    var columns = [identifier()]
    for role in ["ra", "dec"] + info.layout.bands.map({ "mag:" + $0 }) {
      guard let name = info.column(role: role) else { continue }
      columns.append(add(name))
    }
    return columns
  }

  /// Identifier alone, or the rowid.
  mutating func identifier() -> ExportColumn { info.column(role: "id").map { add($0) } ?? rowid() }

  /// Reads the position without a column for it.
  mutating func addPosition() {
    for role in ["ra", "dec"] { if let name = info.column(role: role) { names.append(name) } }
  }

  mutating func extras(_ extras: [String]) throws -> [ExportColumn] {
    try extras.map { name in
      guard let column = info.columns.first(where: { $0.name == name || $0.sourceName == name }) else {
        let known = info.columns.map(\.name).joined(separator: ", ")
        throw StoreError(.usage, info.name, "has no column '\(name)'; it has: \(known)")
      }
      return add(column.name)
    }
  }

  private mutating func rowid() -> ExportColumn {
    names.append("xm_rowid")
    return ExportColumn(
      name: label("rowid"), source: place, type: .long, unit: nil, ucd: "meta.id;meta.main",
      description: "position of the source in the sky order of \(info.name), which has no identifier")
  }

  private mutating func add(_ name: String) -> ExportColumn {
    names.append(name)
    let column = info.columns.first { $0.name == name }
    let role = info.roles.first { $0.column == name }
    let unit = column?.unit ?? role?.unit.flatMap { $0.isEmpty ? nil : $0 }
    return ExportColumn(
      name: label(name), source: place, type: FelisType(columnType: column?.type ?? "text"), unit: unit,
      ucd: column?.ucd ?? role.flatMap { ExportColumn.ucd(ofRole: $0.role) },
      description: column?.description ?? "\(name) of \(info.name)")
  }

  private var place: ExportColumn.Source { side == .a ? .catalogueA(names.count - 1) : .catalogueB(names.count - 1) }
  private func label(_ name: String) -> String { "\(info.name)_\(name)" }
}
