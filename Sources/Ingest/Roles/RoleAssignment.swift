public import CatalogStore

/// Which columns play which roles, and why: the result of recognition, and what `xmdb ingest --dry-run` shows.
public struct RoleAssignment: Sendable, Hashable {
  /// How the position error of a row is told.
  public enum PositionError: Sendable, Hashable {
    /// `sigma`: xx = yy = σ², xy = 0.
    case circular
    /// `sigma_ra` and `sigma_dec`; the correlation may be a column of three kinds.
    case axes(Correlation)
    /// `sigma_major`, `sigma_minor`, `sigma_pa`.
    case ellipse
    /// Not known: the catalogue cannot be matched.
    case missing
  }

  /// How the covariance xy follows from the column `corr_ra_dec`.
  public enum Correlation: Sendable, Hashable {
    /// No column: xy = 0.
    case none
    /// ρ: xy = ρ σ_α σ_δ.
    case coefficient
    /// Co-sigma s of WISE: xy = s |s|.
    case coSigma
    /// The covariance itself.
    case covariance
  }

  /// One photometric band.
  public struct Band: Sendable, Hashable {
    /// The name, for example `G` or `W1`.
    public let name: String
    /// Magnitude, or AB flux by its unit.
    public let magnitude: RoleBinding
    /// 1-σ error of the magnitude (or of the flux).
    public let error: RoleBinding?
    /// Signal to noise.
    public let snr: RoleBinding?
  }

  /// A profile from a file of the user's.
  public struct OwnProfile: Sendable, Hashable {
    /// The file.
    public let file: String
    /// The whole profile, as such a file holds it.
    public let text: String
  }

  /// The frame of the positions as the file gives them; what is kept for the match is ICRS.
  public internal(set) var frame = SkyFrame.icrs
  /// The profile that was recognised, for example `Gaia DR3 archive`.
  public let profile: String?
  /// Set when that profile is from a file of the user's.
  public internal(set) var ownProfile: OwnProfile?
  /// The PSF that the profile states: a full width in arcsec, the name of a band, or `none`.
  public internal(set) var psf: String?
  /// All bindings: the roles without band in their usual order, then band by band.
  public internal(set) var bindings: [RoleBinding]
  /// Facts worth knowing, such as other candidates that were not taken.
  public let notes: [String]
  /// What a user should look at before trusting the result.
  public internal(set) var warnings: [String]
  /// Why the catalogue cannot be ingested so: columns whose meaning must be stated first, each with the option that does.
  public internal(set) var refusals: [String] = []
  /// Why columns that look like a position were not taken for it.
  var obstacles: [ColumnRole: [String]] = [:]

  init(profile: String?, bindings: [RoleBinding], notes: [String], warnings: [String]) {
    self.profile = profile
    self.bindings = bindings
    self.notes = notes
    self.warnings = warnings
  }

  /// What plays a role.
  public subscript(role: ColumnRole) -> RoleBinding? { bindings.first { $0.role == role } }

  /// The role that a column plays, by its position in the source.
  public func role(ofColumn index: Int) -> ColumnRole? { bindings.first { $0.columnIndex == index }?.role }

  /// Whether right ascension and declination in degrees of ICRS are not columns of the file, but follow from some.
  public var derivesPosition: Bool {
    frame != .icrs
      || [ColumnRole.ra, .dec].contains { self[$0]?.unit.quantity == .sexagesimal || self[$0]?.isText == true }
  }

  /// The bands, in the order to which `best_band` refers: that of the magnitudes in the file.
  public var bands: [Band] {
    bindings.compactMap { binding in
      guard case .mag(let name) = binding.role else { return nil }
      return Band(name: name, magnitude: binding, error: self[.magError(band: name)], snr: self[.snr(band: name)])
    }
  }

  /// The epoch of all positions in Julian years, if it is one constant.
  public var epochYears: Double? {
    guard let binding = self[.epoch], case .constant(let value) = binding.source else { return nil }
    return binding.unit.scale * value + binding.unit.offset
  }

  /// How position errors are told.
  public var positionError: PositionError {
    if self[.sigmaRA] != nil, self[.sigmaDec] != nil { return .axes(correlation) }
    if self[.sigmaMajor] != nil, self[.sigmaMinor] != nil, self[.sigmaPA] != nil { return .ellipse }
    return self[.sigma] != nil ? .circular : .missing
  }

  private var correlation: Correlation {
    switch self[.corrRADec]?.unit.quantity {
    case nil: .none
    case .angle?: .coSigma
    case .squaredAngle?: .covariance
    default: .coefficient
    }
  }

  /// Refuses an assignment without position or position error, and one with a column whose meaning must be stated first.
  ///
  /// - Throws: `IngestError` of code `missingRole` that says which option supplies what is missing.
  public func requireComplete(subject: String) throws(IngestError) {
    for role in [ColumnRole.ra, .dec] where self[role] == nil {
      let seen = (obstacles[role] ?? []).map { "; \($0)" }.joined()
      throw IngestError(
        .missingRole, subject: subject,
        "no column for \(role) was recognised\(seen); name it with --map \(role)=COLUMN[:UNIT]")
    }
    guard refusals.isEmpty else {
      throw IngestError(.missingRole, subject: subject, refusals.joined(separator: "; "))
    }
    if positionError == .missing {
      let seen = (obstacles[.sigma] ?? []).map { "; \($0)" }.joined()
      throw IngestError(
        .missingRole, subject: subject,
        "no position error was recognised\(seen); name one with --map sigma=COLUMN:arcsec, or give one for all rows, "
          + "for example --map sigma=0.1:arcsec")
    }
  }
}
