internal import CatalogStore

/// The unit of a role's column: from `--map`, from the file, from the profile, from the name, or assumed.
struct UnitChoice {
  /// The unit taken.
  let unit: RoleUnit
  /// A clause for people, such as "unit mas from the file".
  let reason: String
  /// A remark on what the file says, if it was not followed.
  var note: String?
  /// Set when the unit is only a guess that changes the answer if it is wrong.
  var isAssumed = false

  /// Chooses among what is known; nil if the file gives a unit that the role cannot have and nothing overrides it.
  ///
  /// - Parameters:
  ///   - mapped: The unit of `--map`.
  ///   - profile: The unit that a profile gives.
  ///   - hinted: The unit that the column's name gives.
  init?(
    _ role: ColumnRole, _ column: SourceColumn, mapped: RoleUnit? = nil, profile: RoleUnit? = nil,
    hinted: RoleUnit? = nil
  ) {
    if let mapped {
      self.init(mapped, "unit \(Self.word(mapped)) from --map")
      return
    }
    if let counted = Self.dateUnit(column.type) {
      self.init(counted, "a date or time column")
      return
    }
    let given = Self.fromFile(role, column)
    if let unit = given.unit {
      self.init(unit, "unit \(Self.word(unit)) from the file")
      return
    }
    let isUseless = given.unsuitable && profile == nil
    if isUseless { return nil }
    if let profile {
      self.init(profile, profile.quantity == .none ? "" : "unit \(Self.word(profile)) from the profile")
    } else if let hinted, hinted.suits(role) {
      self.init(hinted, "unit \(Self.word(hinted)) from the name")
    } else {
      let assumed = RoleUnit.canonical(role)
      self.init(assumed, assumed.quantity == .none ? "" : "unit \(Self.word(assumed)) assumed")
      isAssumed = Self.guessMatters(role)
    }
    note = given.note
  }

  private init(_ unit: RoleUnit, _ reason: String) {
    self.unit = unit
    self.reason = reason
  }

  private static func word(_ unit: RoleUnit) -> String { unit.description.isEmpty ? "none" : unit.description }

  /// Errors and motions come in several units; positions without a unit are in degrees and magnitudes in mag.
  private static func guessMatters(_ role: ColumnRole) -> Bool {
    switch role {
    case .sigma, .sigmaRA, .sigmaDec, .sigmaMajor, .sigmaMinor, .pmRA, .pmDec, .sigmaPM, .sigmaPMRA, .sigmaPMDec: true
    default: false
    }
  }

  private static func dateUnit(_ type: ColumnType) -> RoleUnit? {
    switch type {
    case .date(let step), .timestamp(let step, _): RoleUnit.unixTime(step)
    default: nil
    }
  }

  private static func fromFile(
    _ role: ColumnRole, _ column: SourceColumn
  ) -> (unit: RoleUnit?, unsuitable: Bool, note: String?) {
    guard let text = column.unit else { return (nil, false, nil) }
    guard let unit = RoleUnit(text) else {
      return (
        nil, false,
        "the unit '\(text)' of column '\(column.name)' in the file is not known; "
          + "say --map \(role)=\(column.name):UNIT to set it"
      )
    }
    if role == .epoch, unit == .day, let counted = dayCount(column.name) { return (counted, false, nil) }
    if unit.suits(role) { return (unit, false, nil) }
    if unit == .number { return (nil, false, nil) }
    return (nil, true, "the unit '\(text)' of column '\(column.name)' in the file does not fit the role \(role)")
  }

  /// Which day count a column of days holds, by its name.
  static func dayCount(_ name: String) -> RoleUnit? {
    let lower = name.lowercased()
    if lower.contains("mjd") || RoleRules.plain(name) == "epochmean" { return .modifiedJulianDate }
    return lower.contains("jd") ? .julianDate : nil
  }
}
