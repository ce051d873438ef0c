internal import CatalogStore
public import Formats

/// Works out a `RoleAssignment`: mappings first, then the profile of a known survey, then UCDs and names.
struct RoleRecogniser {
  let columns: [TableColumn]
  var bindings: [ColumnRole: RoleBinding] = [:]
  /// Roles taken away by the user, or decided by what the user mapped.
  var closed: Set<ColumnRole> = []
  /// Columns that no rule may take any more.
  var taken: Set<Int> = []
  /// Bands in the order in which their magnitudes were found; `ordered` sorts them.
  var bandOrder: [String] = []
  var notes: [String] = []
  var warnings: [String] = []
  /// Why a column must not play its role although it is bound to it.
  var refusals: [ColumnRole: String] = [:]
  /// Why columns that look like a position were not taken for it.
  var obstacles: [ColumnRole: [String]] = [:]
  /// What must be known of the epoch of a recognised survey before it can be used.
  var epochQuestion: String?
  var profile: SurveyProfile?
  /// Those that are tried.
  private let profiles: SurveyProfiles
  /// The frame of the positions.
  var frame = SkyFrame.icrs
  /// Whether the user states the frame.
  var isFrameStated = false
  /// Whether text may be a position.
  var takesText = false

  init(_ columns: [TableColumn], profiles: SurveyProfiles = .builtIn) {
    self.columns = columns
    self.profiles = profiles
  }

  mutating func run(mappings: [RoleMapping], epochYears: Double?) throws(IngestError) -> RoleAssignment {
    try apply(mappings, epochYears: epochYears)
    closeErrorsThatCompeteWithMappings()
    // What is known of a survey is known of its columns in ICRS.
    profile = frame == .icrs ? profiles.recognise(columns.lazy.map(\.name)) : nil
    if let profile { apply(profile) }
    applyRules()
    if let profile { applyEpoch(profile) }
    settle()
    var assignment = RoleAssignment(profile: profile?.name, bindings: ordered(), notes: notes, warnings: warnings)
    assignment.psf = profile?.psf
    if let profile, let file = profile.file {
      assignment.ownProfile = RoleAssignment.OwnProfile(file: file, text: (try? profile.yaml) ?? "")
    }
    assignment.refusals = assignment.bindings.compactMap { refusals[$0.role] } + (epochQuestion.map { [$0] } ?? [])
    assignment.obstacles = obstacles
    assignment.frame = frame
    return assignment
  }

  /// Whether a rule may still fill a role.
  func isOpen(_ role: ColumnRole) -> Bool { bindings[role] == nil && !closed.contains(role) }

  /// Makes a column play a role.
  mutating func bind(
    _ role: ColumnRole, _ index: Int, _ choice: UnitChoice, _ origin: RoleBinding.Origin, _ reason: String
  ) {
    let column = columns[index]
    let sentence = choice.reason.isEmpty ? reason : "\(reason); \(choice.reason)"
    bindings[role] = RoleBinding(
      role: role, source: .column(index: index, name: column.name), unit: choice.unit, unitOrigin: choice.origin,
      origin: origin, isText: column.type == .text && (role == .ra || role == .dec), reason: sentence)
    taken.insert(index)
    if case .mag(let band) = role { bandOrder.append(band) }
    if let note = choice.note { notes.append(note) }
    refusals[role] = choice.refusal
    if choice.isGuess(for: role) {
      warnings.append(
        "neither the file nor a profile gives the unit of '\(column.name)'; \(choice.unit) is assumed for \(role); "
          + "say --map \(role)=\(column.name):UNIT to set it")
    }
  }

  /// Makes a number play a role.
  mutating func bind(
    _ role: ColumnRole, constant: Double, _ unit: RoleUnit, _ origin: RoleBinding.Origin, _ reason: String
  ) {
    bindings[role] = RoleBinding(
      role: role, source: .constant(constant), unit: unit, unitOrigin: origin == .mapping ? .mapping : .profile,
      origin: origin, reason: reason)
    if case .mag(let band) = role { bandOrder.append(band) }
  }

  /// Bands come in the order of their magnitudes in the file, whoever found them: `best_band` counts that way.
  private func ordered() -> [RoleBinding] {
    let plain = ColumnRole.unbanded.compactMap { bindings[$0] }
    let position = { (band: String) in bindings[.mag(band: band)]?.columnIndex ?? columns.count }
    let bands = bandOrder.enumerated().sorted { (position($0.element), $0.offset) < (position($1.element), $1.offset) }
    let photometry = bands.map(\.element).flatMap { band in
      [ColumnRole.mag(band: band), .magError(band: band), .snr(band: band)].compactMap { bindings[$0] }
    }
    return plain + photometry
  }
}

extension RoleAssignment {
  /// Recognises the roles of a source's columns.
  ///
  /// - Parameters:
  ///   - columns: The columns of the source.
  ///   - mappings: The `--map` options, as given.
  ///   - epochYears: The `--epoch` option: the epoch of all positions in Julian years.
  ///   - frame: The `--frame` option; nil leaves it to the file.
  ///   - profiles: The surveys that are known.
  /// - Returns: What was recognised. It may lack a position or an error: see `requireComplete`.
  /// - Throws: `IngestError` of code `usage` for a malformed, unknown or contradictory option.
  public init(
    recognising columns: [TableColumn], mappings: [String] = [], epochYears: Double? = nil, frame: SkyFrame? = nil,
    profiles: SurveyProfiles = .builtIn
  ) throws(IngestError) {
    var parsed: [RoleMapping] = []
    for text in mappings { parsed.append(try RoleMapping(text, columns: columns)) }
    var recogniser = RoleRecogniser(columns, profiles: profiles)
    (recogniser.frame, recogniser.isFrameStated) = (frame ?? .icrs, frame != nil)
    var trial = recogniser
    let first = try trial.run(mappings: parsed, epochYears: epochYears)
    guard frame == nil, let other = FrameRules.frame(of: first, columns) else {
      self = first
      return
    }
    recogniser.frame = other
    self = try recogniser.run(mappings: parsed, epochYears: epochYears)
  }
}
