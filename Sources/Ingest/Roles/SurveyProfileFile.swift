internal import CatalogStore
internal import Formats
internal import Yams

/// A file of survey profiles that a user has written: YAML, described in docs/ingest.md "Profiles of your own".
struct SurveyProfileFile {
  private static let use = "it takes survey profiles in YAML, as `xmdb profiles NAME` prints them"
  private static let keys = [
    "name", "columns", "any_of", "none_of", "roles", "epoch", "epoch_because", "epoch_question", "psf", "not_used",
    "notes",
  ]

  /// In the order of the file.
  private(set) var profiles: [SurveyProfile] = []

  /// - Throws: `StoreError.usage` that names file, profile and key, what was given and what is allowed.
  init(_ path: String) throws {
    let root = try YAMLDocument.root(ofFile: path, use: Self.use)
    let members = try root.map { try ProfileValue($0, path).members(["profiles"]) }
    guard let list = members?["profiles"] else { throw StoreError(.usage, path, "has no `profiles:`; \(Self.use)") }
    var seen: Set<String> = []
    for (number, entry) in try list.list("a list of profiles").enumerated() {
      let profile = try Self.profile(entry.renamed("\(path), profile \(number + 1)"), path)
      guard seen.insert(profile.name.lowercased()).inserted else {
        throw StoreError(.usage, path, "has two profiles named '\(profile.name)'; give one of them another name")
      }
      profiles.append(profile)
    }
    if profiles.isEmpty { throw StoreError(.usage, path, "has no profiles; \(Self.use)") }
  }

  private static func profile(_ entry: ProfileValue, _ path: String) throws -> SurveyProfile {
    let unnamed = try entry.members(keys)
    guard let name = try unnamed["name"]?.text("a text"), !name.isEmpty else {
      throw entry.wrong("has no name", "each profile has `name:`")
    }
    let members = try entry.renamed("\(path), profile '\(name)'").members(keys)
    let required = try members["columns"]?.texts("names of columns") ?? []
    let oneOf = try members["any_of"]?.texts("names of columns") ?? []
    guard !required.isEmpty || !oneOf.isEmpty else {
      throw StoreError(
        .usage, "\(path), profile '\(name)'",
        "has neither `columns:` nor `any_of:`; they are the names by which a table is recognised, all or one of which it must have"
      )
    }
    let epoch = try members["epoch"].map { try ProfileEpoch($0) }
    var profile = SurveyProfile(
      name, required: required, oneOf: oneOf,
      noneOf: try members["none_of"]?.texts("names of columns") ?? [], epoch: epoch?.value,
      epochUnit: epoch?.unit ?? .julianYear,
      epochReason: try members["epoch_because"]?.text("a text") ?? (epoch == nil ? "" : "the epoch of \(name)"),
      epochQuestion: try members["epoch_question"]?.text("a text"), leftOut: try leftOut(members["not_used"]),
      try entries(members["roles"]))
    profile.psf = try members["psf"].map { try Self.psf($0) }
    profile.notes = try members["notes"]?.texts("texts") ?? []
    profile.file = path
    return profile
  }

  private static func leftOut(_ value: ProfileValue?) throws -> [(columns: [String], reason: String)] {
    try (value?.list("a list") ?? []).map { entry in
      let members = try entry.members(["columns", "because"])
      guard let columns = try members["columns"]?.texts("names of columns"),
        let reason = try members["because"]?.text("a text")
      else { throw entry.wrong("lacks `columns:` or `because:`", "both: which columns must not be taken, and why") }
      return (columns, reason)
    }
  }

  private static func entries(_ value: ProfileValue?) throws -> [SurveyProfile.Entry] {
    guard let value else { return [] }
    return try value.members(nil).sorted { $0.value.place < $1.value.place }.flatMap { name, value in
      guard let role = ColumnRole(name) else {
        throw value.wrong("is no role", ColumnRole.allNames.joined(separator: ", "))
      }
      return try value.texts("COLUMN[:UNIT], or a list of such, or a number").map { try value.entry(role, $0) }
    }
  }

  /// A full width in arcsec, the name of a band, or `none`.
  private static func psf(_ value: ProfileValue) throws -> String {
    let text = try value.text("a text")
    let allowed = "the full width at half maximum in arcsec, a band such as 'wise W1', or none"
    guard let width = Double(text) else {
      if text.isEmpty || text == "auto" { throw value.wrong("is '\(text)'", allowed) }
      return text
    }
    guard (0.001...3600).contains(width) else { throw value.wrong("is '\(text)'", allowed) }
    return text
  }
}

/// The epoch that a profile states: `2015.5`, or `57174:MJD`.
private struct ProfileEpoch {
  let value: Double
  let unit: RoleUnit

  init(_ given: ProfileValue) throws {
    let text = try given.text("a number")
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    let unit = parts.count > 1 ? RoleUnit(parts[1]) : .julianYear
    guard let first = parts.first, let value = Double(first), value.isFinite, let unit, unit.suits(.epoch),
      RoleRange.epoch.contains(value * unit.scale + unit.offset)
    else {
      throw given.wrong(
        "is '\(text)'", "a Julian year between 1500 and 2500, such as 2015.5, or a date such as 57174:MJD")
    }
    (self.value, self.unit) = (value, unit)
  }
}

extension ProfileValue {
  /// One `COLUMN[:UNIT]` or `NUMBER[:UNIT]`.
  fileprivate func entry(_ role: ColumnRole, _ text: String) throws -> SurveyProfile.Entry {
    var (name, unit) = (text, RoleUnit.canonical(role))
    if let colon = text.lastIndex(of: ":") {
      let unitText = String(text[text.index(after: colon)...])
      guard let given = RoleUnit(unitText) else { throw wrong("has the unit '\(unitText)'", RoleUnit.allowed) }
      guard given.suits(role) else {
        throw wrong("has the unit '\(unitText)', which does not fit", RoleUnit.examples(for: role))
      }
      (name, unit) = (String(text[..<colon]), given)
    }
    guard !name.isEmpty else { throw wrong("is '\(text)'", "COLUMN[:UNIT], a list of such, or a number") }
    guard let number = RoleMapping.number(name) else { return SurveyProfile.Entry(role, name, unit: unit) }
    guard role != .epoch else { throw wrong("is '\(text)'", "a column; the epoch of all rows is the key `epoch`") }
    if let objection = RoleMapping.objection(to: number, role, unit) { throw wrong("is '\(text)'", objection) }
    return SurveyProfile.Entry(role, constant: number, unit: unit)
  }
}
