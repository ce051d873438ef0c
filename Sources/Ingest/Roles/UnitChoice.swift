internal import CatalogStore
internal import Formats

/// The unit of a role's column: from `--map`, from the file, from the profile, from the name, or assumed.
struct UnitChoice {
  /// The unit taken.
  let unit: RoleUnit
  /// A clause for people, such as "unit mas from the file".
  let reason: String
  /// A remark on what the file says, if it was not followed.
  var note: String?
  /// Who gave the unit.
  private(set) var origin: RoleBinding.UnitOrigin
  /// Set when the file states a unit that cannot be followed: why, and what to do. The column must not be used so.
  private(set) var refusal: String?

  /// Set when the unit is only a guess that changes the answer if it is wrong.
  func isGuess(for role: ColumnRole) -> Bool { origin == .assumed && refusal == nil && Self.guessMatters(role) }

  /// Chooses among what is known; nil if the file gives a unit that the role cannot have and nothing overrides it.
  ///
  /// - Parameters:
  ///   - mapped: The unit of `--map`.
  ///   - profile: The unit that a profile gives.
  ///   - hinted: The unit that the column's name gives.
  ///   - frame: The frame of the positions.
  init?(
    _ role: ColumnRole, _ column: TableColumn, mapped: RoleUnit? = nil, profile: RoleUnit? = nil,
    hinted: RoleUnit? = nil, frame: SkyFrame = .icrs
  ) {
    if let mapped {
      self.init(mapped, "unit \(Self.word(mapped)) from --map", .mapping)
      return
    }
    if let counted = Self.dateUnit(column.type) {
      self.init(counted, "a date or time column", .type)
      return
    }
    let given = Given(role, column)
    if case .unit(let unit) = given {
      self.init(unit, "unit \(Self.word(unit)) from the file", .file)
      return
    }
    if case .unsuitable = given, profile == nil { return nil }
    if column.type == .text, role == .ra || role == .dec {
      let unit = RoleUnit.ofText(role, in: frame)
      self.init(unit, unit == .hms ? "text of hours, minutes, seconds" : "text of degrees, minutes, seconds", .type)
      if let objection = given.objection(role, column) { refusal = objection }
      return
    }
    if case .days = given {
      self.init(.modifiedJulianDate, "days in the file, taken as modified Julian dates", .assumed)
    } else if let profile {
      self.init(profile, profile.quantity == .none ? "" : "unit \(Self.word(profile)) from the profile", .profile)
    } else if let hinted, hinted.suits(role) {
      self.init(hinted, "unit \(Self.word(hinted)) from the name", .name)
    } else {
      let assumed = RoleUnit.canonical(role)
      self.init(assumed, assumed.quantity == .none ? "" : "unit \(Self.word(assumed)) assumed", .assumed)
    }
    if let objection = given.objection(role, column) {
      if Self.unitMatters(role) { refusal = objection } else { note = objection }
    }
  }

  private init(_ unit: RoleUnit, _ reason: String, _ origin: RoleBinding.UnitOrigin) {
    self.unit = unit
    self.reason = reason
    self.origin = origin
  }

  private static func word(_ unit: RoleUnit) -> String { unit.description.isEmpty ? "none" : unit.description }

  /// Errors and motions come in several units. Those of positions and epochs are told by the values: see `ValueReadings`.
  private static func guessMatters(_ role: ColumnRole) -> Bool {
    switch role {
    case .sigma, .sigmaRA, .sigmaDec, .sigmaMajor, .sigmaMinor, .pmRA, .pmDec, .sigmaPM, .sigmaPMRA, .sigmaPMDec: true
    default: false
    }
  }

  /// Whether a match depends on the unit.
  private static func unitMatters(_ role: ColumnRole) -> Bool {
    switch role {
    case .id, .bestBand, .halo, .snr, .magError, .parallax: false
    default: true
    }
  }

  private static func dateUnit(_ type: ColumnType) -> RoleUnit? {
    switch type {
    case .date(let step), .timestamp(let step, _): RoleUnit.unixTime(step)
    default: nil
    }
  }

  /// Which day count a column of days holds, by its name.
  static func dayCount(_ name: String) -> RoleUnit? {
    let lower = name.lowercased()
    if lower.contains("mjd") || RoleRules.plain(name) == "epochmean" { return .modifiedJulianDate }
    return lower.contains("jd") ? .julianDate : nil
  }
}

extension UnitChoice {
  /// What the file says of a column's unit.
  private enum Given {
    case nothing
    case unit(RoleUnit)
    /// Days of an epoch, whose zero nothing tells.
    case days
    case unknown(String)
    case unsuitable(String)
    /// A unit of text for numbers.
    case ofText(String)

    init(_ role: ColumnRole, _ column: TableColumn) {
      guard let text = column.unit else {
        self = .nothing
        return
      }
      guard let unit = RoleUnit(text) else {
        self = .unknown(text)
        return
      }
      if role == .epoch, unit == .day {
        self = UnitChoice.dayCount(column.name).map { .unit($0) } ?? .days
      } else if unit.suits(role), unit.isReadable(asText: column.type == .text) {
        self = .unit(unit)
      } else if unit.suits(role), unit.quantity == .sexagesimal {
        self = .ofText(text)
      } else {
        self = unit == .number ? .nothing : .unsuitable(text)
      }
    }

    /// Why the unit of the file is not followed.
    func objection(_ role: ColumnRole, _ column: TableColumn) -> String? {
      let remedy = "say --map \(role)=\(column.name):UNIT to set it (\(RoleUnit.examples(for: role)))"
      switch self {
      case .nothing, .unit, .days: return nil
      case .unknown(let text):
        let hint = RoleUnit.hint(onUnknown: text).map { " (\($0))" } ?? ""
        return "the unit '\(text)' of column '\(column.name)' is not known\(hint); \(remedy)"
      case .unsuitable(let text):
        return "the unit '\(text)' of column '\(column.name)' does not fit the role \(role); \(remedy)"
      case .ofText(let text):
        return
          "the unit '\(text)' of column '\(column.name)' is that of sexagesimal text, and the column holds numbers; \(remedy)"
      }
    }
  }
}
