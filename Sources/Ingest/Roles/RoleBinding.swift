public import CatalogStore

/// A role and what plays it.
public struct RoleBinding: Sendable, Hashable {
  /// What plays the role.
  public enum Source: Sendable, Hashable {
    /// A column of the source, by position and name.
    case column(index: Int, name: String)
    /// One number for every row, in the binding's unit.
    case constant(Double)
  }

  /// Who decided it; earlier ones win.
  public enum Origin: String, Sendable, Hashable, CaseIterable {
    /// `--map` or `--epoch`.
    case mapping
    /// The profile of a known survey.
    case profile
    /// The UCD that the file gives.
    case ucd
    /// The name of the column.
    case name
  }

  /// Who gave the unit.
  public enum UnitOrigin: String, Sendable, Hashable {
    /// `--map` or `--epoch`.
    case mapping
    /// The unit that the file gives.
    case file
    /// The type of a date or time column.
    case type
    /// The profile of a known survey.
    case profile
    /// The name of the column.
    case name
    /// The values, as they are only possible in one unit.
    case values
    /// Nobody: it is the usual unit of the role.
    case assumed
  }

  /// The role.
  public let role: ColumnRole
  /// Column or constant.
  public let source: Source
  /// The unit of the values.
  public internal(set) var unit: RoleUnit
  /// Who gave the unit.
  public internal(set) var unitOrigin: UnitOrigin
  /// Who decided it.
  public let origin: Origin
  /// Whether the column holds text.
  public internal(set) var isText = false
  /// One sentence for people: why this column, and where its unit comes from.
  public internal(set) var reason: String

  /// Whether the user or the file states the unit.
  var isUnitStated: Bool { unitOrigin == .mapping || unitOrigin == .file || unitOrigin == .type }

  /// The column's position, if it is a column.
  public var columnIndex: Int? {
    if case .column(let index, _) = source { index } else { nil }
  }

  /// The column's name, or the constant, with the unit: `ra_error [mas]`, `2016.0 [yr]`.
  public var sourceText: String {
    let what =
      switch source {
      case .column(_, let name): name
      case .constant(let value): "\(value)"
      }
    return unit.description.isEmpty ? what : "\(what) [\(unit)]"
  }

  /// Whether two bindings can mean the same column.
  func usesColumn(_ index: Int) -> Bool { columnIndex == index }
}
