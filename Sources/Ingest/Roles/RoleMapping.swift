public import CatalogStore
public import Formats

/// One `--map role=column[:unit]` of the user.
///
/// Instead of a column there may be a number, which then holds for every row (`sigma=0.02:mas`, `epoch=1991.25`), or
/// the word `none`, which takes the role away (`pm_ra=none`).
public struct RoleMapping: Sendable, Hashable {
  /// What a role is mapped to.
  public enum Target: Sendable, Hashable {
    /// Position among the source's columns.
    case column(Int)
    case constant(Double)
    case none
  }

  /// The role.
  public let role: ColumnRole
  /// Column, number or nothing.
  public let target: Target
  /// The unit, if one was given.
  public let unit: RoleUnit?
  /// The option as given.
  public let text: String

  /// Reads `role=column[:unit]`.
  ///
  /// A column whose name holds a colon is found before the colon is taken for the start of a unit; names are compared
  /// exactly first, then without regard to case.
  ///
  /// - Throws: `IngestError` of code `usage` that names the option, what was given and what is allowed.
  public init(_ text: String, columns: [TableColumn]) throws(IngestError) {
    self.text = text
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw Self.error(text, "expected role=column[:unit], for example ra=RAJ2000:deg")
    }
    guard let role = ColumnRole(String(text[..<equals])) else {
      throw Self.error(
        text, "'\(text[..<equals])' is not a role; allowed: \(ColumnRole.allNames.joined(separator: ", "))")
    }
    self.role = role
    let value = String(text[text.index(after: equals)...])
    (target, unit) = try Self.parse(value, role: role, text: text, columns: columns)
    try check(columns)
    try checkText(columns)
  }

  private static func error(_ text: String, _ message: String) -> IngestError {
    IngestError(.usage, subject: "--map \(text)", message)
  }

  private static func parse(
    _ value: String, role: ColumnRole, text: String, columns: [TableColumn]
  ) throws(IngestError) -> (Target, RoleUnit?) {
    if let target = target(value, columns) { return (target, nil) }
    if let colon = value.lastIndex(of: ":"), let target = target(String(value[..<colon]), columns) {
      let unitText = String(value[value.index(after: colon)...])
      guard let unit = RoleUnit(unitText).map({ resolved($0, role: role, target, columns) }) else {
        throw error(text, "unknown unit '\(unitText)'; allowed: \(RoleUnit.allowed)")
      }
      guard unit.suits(role) else {
        throw error(
          text, "the unit '\(unitText)' does not fit the role \(role); it takes \(RoleUnit.examples(for: role))")
      }
      return (target, unit)
    }
    let names = TableSource.listed(columns.map(\.name))
    throw error(text, "no column '\(value)', and it is not a number; the columns are \(names)")
  }

  /// `mag` and `d` mean something else for some roles.
  private static func resolved(
    _ unit: RoleUnit, role: ColumnRole, _ target: Target, _ columns: [TableColumn]
  ) -> RoleUnit {
    guard role == .epoch, unit == .day, case .column(let index) = target else { return unit }
    return UnitChoice.dayCount(columns[index].name) ?? unit
  }

  private static func target(_ text: String, _ columns: [TableColumn]) -> Target? {
    if let exact = columns.firstIndex(where: { $0.name == text }) { return .column(exact) }
    let loose = columns.indices.filter { columns[$0].name.lowercased() == text.lowercased() }
    if loose.count == 1 { return .column(loose[0]) }
    if text == "none" { return Target.none }
    return number(text).map { .constant($0) }
  }

  /// A finite number in digits.
  static func number(_ text: String) -> Double? {
    guard let number = Double(text), number.isFinite, text.allSatisfy({ "+-0123456789.eE".contains($0) }) else {
      return nil
    }
    return number
  }

  private func check(_ columns: [TableColumn]) throws(IngestError) {
    switch target {
    case .none: return
    case .constant(let value): try checkConstant(value)
    case .column(let index): try checkColumn(columns[index])
    }
  }

  /// Text has units of its own.
  private func checkText(_ columns: [TableColumn]) throws(IngestError) {
    guard let unit, role != .id, case .column(let index) = target else { return }
    let column = columns[index]
    guard !unit.isReadable(asText: column.type == .text), role == .ra || role == .dec else { return }
    throw Self.error(
      text,
      column.type == .text
        ? "column '\(column.name)' is text; its unit is hms (hours, minutes, seconds), dms (degrees, minutes, seconds) or deg"
        : "column '\(column.name)' is \(column.type), and \(unit) is a unit of text; \(RoleUnit.examples(for: role))")
  }

  private func checkConstant(_ value: Double) throws(IngestError) {
    if let objection = Self.objection(to: value, role, unit) { throw Self.error(text, objection) }
  }

  /// Why a number cannot be a role of every row; nil if it can.
  static func objection(to value: Double, _ role: ColumnRole, _ unit: RoleUnit?) -> String? {
    switch role {
    case .id, .ra, .dec: return "\(role) cannot be the same for every row; name a column"
    case .sigma, .sigmaRA, .sigmaDec, .sigmaMajor, .sigmaMinor, .sigmaPM, .sigmaPMRA, .sigmaPMDec:
      return value > 0 ? rangeObjection(to: value, role, unit) : "an error must be greater than 0, not \(value)"
    case .pmRA, .pmDec, .parallax, .sigmaPA: return rangeObjection(to: value, role, unit)
    case .corrPM,
      .corrRADec where (unit ?? .number).quantity == .none:
      return abs(value) < 1 ? nil : "a correlation must lie between -1 and 1, not \(value)"
    default: return nil
    }
  }

  private static func rangeObjection(to value: Double, _ role: ColumnRole, _ unit: RoleUnit?) -> String? {
    guard let range = RoleRange.of(role) else { return nil }
    let (scale, offset) = (unit ?? RoleUnit.canonical(role)).conversion(for: role)
    guard !range.contains(value * scale + offset) else { return nil }
    return "it is outside the range of \(role), \(range.text): \(range.why)"
  }

  private func checkColumn(_ column: TableColumn) throws(IngestError) {
    if role == .id {
      guard RoleRules.canBeID(column.type) else {
        throw Self.error(text, "column '\(column.name)' is \(column.type); an id is an integer or text")
      }
      return
    }
    // Text without a value in any row has no type: every value is unknown.
    guard RoleRules.canPlay(column.type, role) || column.fileType == "null" else {
      let hint = role == .ra || role == .dec ? ", or text such as 12:34:56.7" : ""
      throw Self.error(text, "column '\(column.name)' is \(column.type); \(role) needs numbers\(hint)")
    }
  }
}
