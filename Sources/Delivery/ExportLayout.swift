internal import CatalogStore

/// The exported tables, column by column, in the order of the report.
struct ExportLayout {
  let a: CatalogueInfo
  let b: CatalogueInfo
  let extraA: [String]
  let extraB: [String]

  var tables: [ExportTable] {
    get throws { [try matches(), try nonmatches(a, side: "a", extraA), try nonmatches(b, side: "b", extraB)] }
  }

  private func matches() throws -> ExportTable {
    var own = OwnColumns(a, .a)
    var other = OwnColumns(b, .b)
    var columns = try own.identity() + other.identity()
    for (name, label) in Self.matchQuantities { columns.append(result(.matches, name, label)) }
    columns += try own.extras(extraA) + other.extras(extraB)
    columns += [
      result(.matches, "a_sigma_used_arcsec", "A_ASTRO_SIG_USED"),
      result(.matches, "b_sigma_used_arcsec", "B_ASTRO_SIG_USED"),
    ]
    return ExportTable(
      name: "matches", description: "Counterparts of \(a.name) and \(b.name)", table: .matches, condition: nil,
      columns: columns, wideA: own.names, wideB: other.names, rankA: position(.matches, "a_rank"),
      rankB: position(.matches, "b_rank"), island: position(.matches, "island"))
  }

  private func nonmatches(_ info: CatalogueInfo, side: String, _ extras: [String]) throws -> ExportTable {
    var own = OwnColumns(info, side == "a" ? .a : .b)
    var columns = try own.identity()
    for (name, label) in Self.nonmatchQuantities { columns.append(result(.nonmatches, name, label)) }
    columns += try own.extras(extras)
    columns.append(result(.nonmatches, "sigma_used_arcsec", "ASTRO_SIG_USED"))
    let rank = position(.nonmatches, "rank")
    return ExportTable(
      name: "nonmatches_" + info.name, description: "Sources of \(info.name) without counterpart", table: .nonmatches,
      condition: "side = '\(side)'", columns: columns, wideA: side == "a" ? own.names : [],
      wideB: side == "b" ? own.names : [], rankA: side == "a" ? rank : nil, rankB: side == "b" ? rank : nil,
      island: position(.nonmatches, "island"))
  }

  private static let matchQuantities = [
    ("match_p", "MATCH_P"), ("separation_arcsec", "SEPARATION"), ("eta", "ETA"), ("xi", "XI"),
    ("a_avg_cont", "A_AVG_CONT"), ("b_avg_cont", "B_AVG_CONT"), ("a_cont_f1", "A_CONT_F1"),
    ("a_cont_f10", "A_CONT_F10"),
    ("b_cont_f1", "B_CONT_F1"), ("b_cont_f10", "B_CONT_F10"),
  ]
  private static let nonmatchQuantities = [
    ("match_p", "MATCH_P"), ("nnm_separation_arcsec", "NNM_SEPARATION"), ("nnm_eta", "NNM_ETA"), ("nnm_xi", "NNM_XI"),
    ("avg_cont", "AVG_CONT"),
  ]

  private func position(_ table: ResultTable, _ name: String) -> Int {
    guard let position = table.columns.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("the table \(table.rawValue) has no column \(name)")
    }
    return position
  }

  private func result(_ table: ResultTable, _ name: String, _ label: String) -> ExportColumn {
    let position = position(table, name)
    let column = table.columns[position]
    return ExportColumn(
      name: label, source: .result(position), type: .double, unit: column.unit, ucd: Self.ucds[name],
      description: column.description)
  }

  private static let ucds = [
    "match_p": "stat.probability", "separation_arcsec": "pos.angDistance", "nnm_separation_arcsec": "pos.angDistance",
    "eta": "stat.likelihood", "xi": "stat.likelihood", "nnm_eta": "stat.likelihood", "nnm_xi": "stat.likelihood",
    "a_cont_f1": "stat.probability", "a_cont_f10": "stat.probability", "b_cont_f1": "stat.probability",
    "b_cont_f10": "stat.probability", "a_sigma_used_arcsec": "stat.error;pos", "b_sigma_used_arcsec": "stat.error;pos",
    "sigma_used_arcsec": "stat.error;pos",
  ]
}

/// The columns that an export takes from a catalogue itself.
private struct OwnColumns {
  enum Side { case a, b }

  private let info: CatalogueInfo
  private let side: Side
  private(set) var names: [String] = []

  init(_ info: CatalogueInfo, _ side: Side) {
    self.info = info
    self.side = side
  }

  /// Identifier (the rank where there is none), position, magnitudes.
  mutating func identity() throws -> [ExportColumn] {
    var columns = [info.column(role: "id").map { add($0) } ?? rank()]
    for role in ["ra", "dec"] + info.layout.bands.map({ "mag:" + $0 }) {
      guard let name = info.column(role: role) else { continue }
      columns.append(add(name))
    }
    return columns
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

  private mutating func rank() -> ExportColumn {
    names.append("xm_rank")
    return ExportColumn(
      name: label("rank"), source: place, type: .long, unit: nil, ucd: "meta.id;meta.main",
      description: "position of the source in the sky order of \(info.name), which has no identifier")
  }

  private mutating func add(_ name: String) -> ExportColumn {
    names.append(name)
    let column = info.columns.first { $0.name == name }
    let role = info.roles.first { $0.column == name }
    let unit = column?.unit ?? role?.unit.flatMap { $0.isEmpty ? nil : $0 }
    return ExportColumn(
      name: label(name), source: place, type: FelisType(columnType: column?.type ?? "text"), unit: unit,
      ucd: column?.ucd ?? role.flatMap { Self.ucd(ofRole: $0.role) },
      description: column?.description ?? "\(name) of \(info.name)")
  }

  /// What a role means in the words of UCD1+, for columns whose file does not say.
  private static func ucd(ofRole role: String) -> String? {
    switch role {
    case "id": "meta.id;meta.main"
    case "ra": "pos.eq.ra;meta.main"
    case "dec": "pos.eq.dec;meta.main"
    case let role where role.hasPrefix("mag:"): "phot.mag"
    default: nil
    }
  }

  private var place: ExportColumn.Source { side == .a ? .catalogueA(names.count - 1) : .catalogueB(names.count - 1) }
  private func label(_ name: String) -> String { "\(info.name)_\(name)" }
}
