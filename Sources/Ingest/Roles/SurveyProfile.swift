internal import CatalogStore

/// What is known of the columns of one survey: data, not code. `SurveyProfiles.builtIn` lists those of the program.
public struct SurveyProfile: Sendable {
  /// A role, the columns that may play it (the first that is there does), and their unit when the file gives none.
  struct Entry: Sendable {
    let role: ColumnRole
    let columns: [String]
    let unit: RoleUnit
    /// In place of columns: the same for every row.
    var constant: Double?

    init(_ role: ColumnRole, constant: Double, unit: RoleUnit) {
      self.init(role, unit: unit)
      self.constant = constant
    }

    init(_ role: ColumnRole, _ columns: String..., unit: RoleUnit? = nil) {
      self.role = role
      self.columns = columns
      self.unit = unit ?? RoleUnit.canonical(role)
    }
  }

  /// The name shown to people.
  public let name: String
  /// Recognised when all of these columns are there, without regard to case …
  public let required: [String]
  /// … and one of these, if there are any …
  public let oneOf: [String]
  /// … and none of these.
  public let noneOf: [String]
  /// Roles; of several entries for one role the first that is there counts.
  let entries: [Entry]
  /// Epoch of the positions when no column gives it.
  let epoch: Double?
  /// The unit of `epoch`. Surveys that define it as a date are best quoted so: their decimal years are often calendar
  /// years, which differ from Julian ones by up to a day.
  let epochUnit: RoleUnit
  /// Where that epoch comes from.
  let epochReason: String
  /// What to ask for when no column gives the epoch and the columns do not tell it.
  let epochQuestion: String?
  /// Columns that look like roles and must not be taken, each with the reason.
  let leftOut: [(columns: [String], reason: String)]
  /// What a user should know of such tables, said at every ingest.
  var notes: [String] = []
  /// The PSF in which neighbours are hidden: a full width in arcsec, the name of a band, or `none`; nil: by the bands.
  public internal(set) var psf: String?
  /// The file that it is from; nil: it is the program's own.
  public internal(set) var file: String?

  init(
    _ name: String, required: [String], oneOf: [String] = [], noneOf: [String] = [], epoch: Double? = nil,
    epochUnit: RoleUnit = .julianYear, epochReason: String = "", epochQuestion: String? = nil,
    leftOut: [(columns: [String], reason: String)] = [], _ entries: [Entry]
  ) {
    self.name = name
    self.required = required
    self.oneOf = oneOf
    self.noneOf = noneOf
    self.entries = entries
    self.epoch = epoch
    self.epochUnit = epochUnit
    self.epochReason = epochReason
    self.epochQuestion = epochQuestion
    self.leftOut = leftOut
  }

  /// Whether a table with these names, in lower case, is one of the survey.
  func fits(_ names: Set<String>) -> Bool {
    func has(_ name: String) -> Bool { names.contains(name.lowercased()) }
    return required.allSatisfy(has) && (oneOf.isEmpty || oneOf.contains(where: has)) && !noneOf.contains(where: has)
  }

  /// Every profile, the more particular first.
  static let all: [SurveyProfile] = [
    macauffGaia, macauffCatwise, gaiaDR2Archive, gaiaDR3Archive, gaiaArchive, gaiaDR2Vizier, gaiaDR3Vizier, gaiaVizier,
    allwise, catwise, catwiseMotion, twomass, rubinObject,
    hipparcos2, des, legacySurveys, skyMapper, vista, ukidss, unwise, erosita, xmmDetections, xmmSources, chandra,
    fermi,
    lotss,
    euclid, hyperSuprimeCam, sourceExtractor,
  ]
}
