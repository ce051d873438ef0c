internal import CatalogStore
internal import Formats

/// The columns of one table of a match, and where their values come from.
struct TableLayout: Sendable {
  /// Where the values of a column come from.
  enum Origin: Sendable {
    /// A column of the match, by name.
    case match(String)
    /// A column of the first or second catalogue, by position in `wideA` or `wideB`.
    case a(Int)
    case b(Int)
    /// The HEALPix index of the first catalogue's source, by position in `wideA`.
    case healpix(Int)
  }

  private(set) var columns: [TableColumn] = []
  private(set) var origins: [Origin] = []
  /// Columns to read of either catalogue's wide rows.
  private(set) var wideA: [String] = []
  private(set) var wideB: [String] = []
  private let a: CatalogueInfo
  private let b: CatalogueInfo
  private let pool: [ResultColumn]

  /// - Parameters:
  ///   - names: The columns wanted, in order: names of the match, `a.NAME`, `b.NAME`, and `*`, `a.*`, `b.*` for all.
  ///   - hasHealpix: Whether the first column is the HEALPix index of the first catalogue's source.
  /// - Throws: `StoreError.usage` for a name that is not there.
  init(_ names: [String], _ choice: TableChoice, a: CatalogueInfo, b: CatalogueInfo, hasHealpix: Bool = false) throws {
    (self.a, self.b) = (a, b)
    pool = Self.pool(choice.parts)
    if hasHealpix { addHealpix() }
    for name in names { try add(name) }
    if columns.isEmpty { throw StoreError(.usage, "--columns", "names no column; \(allowed)") }
    makeNamesDistinct()
    keepOneMain()
  }

  // MARK: Columns of the match

  /// The columns that rows of the parts can have: those of pairs first, as SQL has them.
  static func pool(_ parts: [TablePart]) -> [ResultColumn] {
    let paired = parts.first { $0.side == nil }?.table ?? .matches
    let alone = parts.contains { $0.side != nil } ? ResultTable.nonmatches.columns : []
    let others = alone.filter { column in
      !TablePart.named(column.name) && !paired.columns.contains { $0.name == column.name }
    }
    return (paired.columns + others).filter { column in parts.contains { $0.place(of: column.name) != nil } }
  }

  private var allowed: String {
    "allowed: \(pool.map(\.name).joined(separator: ", ")), and a.NAME and b.NAME for columns of \(a.name) and \(b.name)"
  }

  private mutating func add(_ name: String) throws {
    switch name {
    case "*": for column in pool { addOfMatch(column) }
    case "a.*": for column in a.columns { addOfA(column) }
    case "b.*": for column in b.columns { addOfB(column) }
    default: try addOne(name)
    }
  }

  private mutating func addOne(_ name: String) throws {
    if let own = Self.afterPrefix("a.", name) { return addOfA(try Self.find(own, in: a)) }
    if let own = Self.afterPrefix("b.", name) { return addOfB(try Self.find(own, in: b)) }
    guard let column = pool.first(where: { $0.name == ColumnNames.folded(name) }) else {
      throw StoreError(.usage, "--columns", "names '\(name)', which the match does not have; \(allowed)")
    }
    addOfMatch(column)
  }

  private static func afterPrefix(_ prefix: String, _ name: String) -> String? {
    name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
  }

  private mutating func addOfMatch(_ column: ResultColumn) {
    let type: ColumnType =
      switch column.kind {
      case .real: .float64
      case .integer: .int64
      case .text: .text
      case .identifier: identifierType(column.name)
      }
    columns.append(
      TableColumn(
        column.name, type, unit: column.unit, ucd: column.ucd, description: column.description, isNullable: true))
    origins.append(.match(column.name))
  }

  private func identifierType(_ name: String) -> ColumnType {
    switch name {
    case "a_id", "b_runner_up_id": Self.identifierType(a)
    case "b_id", "a_runner_up_id": Self.identifierType(b)
    default: Self.identifierType(a) == Self.identifierType(b) ? Self.identifierType(a) : .text
    }
  }

  /// The type of a catalogue's identifiers; that of rowids where it has none.
  private static func identifierType(_ info: CatalogueInfo) -> ColumnType {
    guard let name = info.column(role: "id") else { return .int64 }
    let type = info.columns.first { $0.name == name }.flatMap { ColumnType($0.type) } ?? .text
    return type == .int64 || type == .uint64 ? type : .text
  }

  // MARK: Columns of the catalogues

  private static func find(_ name: String, in info: CatalogueInfo) throws -> ColumnInfo {
    let exact = info.columns.first { $0.name == name || $0.sourceName == name }
    if let column = exact ?? info.columns.first(where: { ColumnNames.folded($0.name) == ColumnNames.folded(name) }) {
      return column
    }
    let known = info.columns.map(\.name)
    let hint = Spelling.nearest(to: name, among: known).map { "did you mean '\($0)'? " } ?? ""
    throw StoreError(.usage, info.name, "has no column '\(name)'; \(hint)It has: \(known.joined(separator: ", "))")
  }

  private mutating func addHealpix() {
    origins.append(.healpix(wideA.count))
    wideA.append("xm_healpix29")
    columns.append(
      TableColumn(
        Self.healpixName, .int64, ucd: "pos.healpix",
        description: "HEALPix index of the position in \(a.name), order 29, nested", isNullable: false))
  }

  /// The name of the index by the conventions of HATS.
  static let healpixName = "_healpix_29"

  private mutating func addOfA(_ column: ColumnInfo) {
    origins.append(.a(wideA.count))
    wideA.append(column.name)
    columns.append(Self.described(column, of: a))
  }

  private mutating func addOfB(_ column: ColumnInfo) {
    origins.append(.b(wideB.count))
    wideB.append(column.name)
    columns.append(Self.described(column, of: b))
  }

  /// A column as the catalogue's file described it; its role says what that left open.
  private static func described(_ column: ColumnInfo, of info: CatalogueInfo) -> TableColumn {
    let role = info.roles.first { $0.column == column.name }
    return TableColumn(
      column.sourceName.isEmpty ? column.name : column.sourceName, ColumnType(column.type) ?? .text,
      unit: column.unit ?? role?.unit.flatMap { $0.isEmpty ? nil : $0 },
      ucd: column.ucd ?? role.flatMap { ExportColumn.ucd(ofRole: $0.role) }, description: column.description,
      isNullable: true)
  }

  // MARK: One table

  /// A column of a catalogue whose name another has, too, gets `_1` or `_2` behind it, as STILTS does. Columns of the match keep theirs.
  private mutating func makeNamesDistinct() {
    var counts: [String: Int] = [:]
    for column in columns { counts[ColumnNames.folded(column.name), default: 0] += 1 }
    var taken: Set<String> = []
    for (column, origin) in zip(columns, origins) {
      switch origin {
      case .match, .healpix: taken.insert(ColumnNames.folded(column.name))
      case .a, .b: continue
      }
    }
    for place in columns.indices {
      let suffix: String
      switch origins[place] {
      case .match, .healpix: continue
      case .a: suffix = "_1"
      case .b: suffix = "_2"
      }
      var name = columns[place].name
      if counts[ColumnNames.folded(name), default: 0] > 1 { name += suffix }
      while taken.contains(ColumnNames.folded(name)) { name += suffix }
      taken.insert(ColumnNames.folded(name))
      columns[place] = columns[place].renamed(name)
    }
  }

  /// A table has one main identifier and one main position: where both catalogues bring one, it is that of the first.
  private mutating func keepOneMain() {
    let main = ";meta.main"
    var mains: Set<String> = []
    for (column, origin) in zip(columns, origins) {
      if case .a = origin, let ucd = column.ucd, ucd.hasSuffix(main) { mains.insert(ucd) }
    }
    for place in columns.indices {
      guard case .b = origins[place], let ucd = columns[place].ucd, mains.contains(ucd) else { continue }
      columns[place] = columns[place].with(ucd: String(ucd.dropLast(main.count)))
    }
  }
}

extension TableColumn {
  fileprivate func renamed(_ name: String) -> TableColumn {
    TableColumn(name, type, unit: unit, ucd: ucd, description: description, isNullable: isNullable)
  }

  fileprivate func with(ucd: String) -> TableColumn {
    TableColumn(name, type, unit: unit, ucd: ucd, description: description, isNullable: isNullable)
  }
}
