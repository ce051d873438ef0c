internal import CatalogStore

/// The range of the values that a role may hold, in its canonical unit, and what becomes of a value outside it.
///
/// The table of all ranges is `RoleRange.all`; docs/ingest.md shows it.
public struct RoleRange: Sendable {
  /// What becomes of a value outside the range.
  public enum Outside: Sendable, Equatable {
    /// The row is kept aside with this reason.
    case keptAside(ProblemReason)
    /// The value is taken as unknown; the row stays.
    case unknown
  }

  /// The roles, as `--map` names them.
  public let roles: String
  /// The range, bounds included, in `unit`.
  public let bounds: ClosedRange<Double>
  /// The canonical unit; empty for pure numbers.
  public let unit: String
  /// What becomes of a value outside.
  public let outside: Outside
  /// Why the range is so.
  public let why: String

  private init(_ roles: String, _ bounds: ClosedRange<Double>, _ unit: String, _ outside: Outside, _ why: String) {
    self.roles = roles
    self.bounds = bounds
    self.unit = unit
    self.outside = outside
    self.why = why
  }

  /// Whether a number lies in the range; NaN does not.
  func contains(_ value: Double) -> Bool { bounds.contains(value) }

  static let ra = RoleRange(
    "ra", -360...720, "deg", .keptAside(.raOutOfRange),
    "a turn below and above the circle are angles; beyond are placeholders such as -999")
  static let dec = RoleRange("dec", -90...90, "deg", .keptAside(.decOutOfRange), "from pole to pole")
  static let positionError = RoleRange(
    "sigma, sigma_ra, sigma_dec, sigma_major, sigma_minor", 1e-9...3600, "arcsec", .keptAside(.errorOutOfRange),
    "radio interferometry reaches 1e-5; an error of more than a degree does not tell one source from another")
  static let axisRatio = RoleRange(
    "the longer axis of the error ellipse, over the shorter", 1...10_000, "", .keptAside(.errorTooElongated),
    "errors that differ more are placeholders; their covariance cannot be inverted in double precision")
  static let correlation = RoleRange(
    "corr_ra_dec", -1...1, "", .keptAside(.correlationOutOfRange),
    "a correlation; exactly -1 and 1 are outside, too. Co-sigmas and covariances are held to the correlation that follows"
  )
  static let errorAngle = RoleRange(
    "sigma_pa", -360...720, "deg", .keptAside(.angleOutOfRange), "as for ra")
  static let motion = RoleRange(
    "pm_ra, pm_dec", -1e5...1e5, "mas/yr", .keptAside(.motionOutOfRange),
    "ten times the largest that is known (Barnard's star, 10 arcsec/yr)")
  static let motionError = RoleRange(
    "sigma_pm, sigma_pm_ra, sigma_pm_dec", 0...1e5, "mas/yr", .keptAside(.motionErrorOutOfRange),
    "as the motion itself; 0 and less stand for an unknown error")
  static let motionCorrelation = RoleRange(
    "corr_pm", -1...1, "", .unknown, "a correlation; exactly -1 and 1 are outside, too")
  static let parallax = RoleRange(
    "parallax", -10_000...10_000, "mas", .unknown, "the nearest star has 768; noise makes negative ones")
  static let epoch = RoleRange(
    "epoch", 1500...2500, "yr", .keptAside(.epochOutOfRange),
    "the years that `--epoch` takes; 0, -999 and 9999 are placeholders, 57000 is a modified Julian date")
  static let magnitude = RoleRange(
    "mag", -40...60, "mag", .unknown,
    "the Sun has -27, the faintest sources seen 33; surveys write 99, -99 and -999 for none")
  static let magnitudeError = RoleRange(
    "mag_error", 0...10, "mag", .unknown, "a source with a larger one is not measured; 0 and less stand for none")
  static let snr = RoleRange("snr", -1e12...1e12, "", .unknown, "more photons than any detector counts")

  /// The table.
  public static let all = [
    ra, dec, positionError, axisRatio, correlation, errorAngle, motion, motionError, motionCorrelation, parallax, epoch,
    magnitude,
    magnitudeError, snr,
  ]

  /// The range of a role; nil for identifiers, `best_band` and `halo`, which are not measured.
  static func of(_ role: ColumnRole) -> RoleRange? {
    switch role {
    case .ra: ra
    case .dec: dec
    case .sigma, .sigmaRA, .sigmaDec, .sigmaMajor, .sigmaMinor: positionError
    case .corrRADec: correlation
    case .sigmaPA: errorAngle
    case .pmRA, .pmDec: motion
    case .sigmaPM, .sigmaPMRA, .sigmaPMDec: motionError
    case .corrPM: motionCorrelation
    case .parallax: parallax
    case .epoch: epoch
    case .mag: magnitude
    case .magError: magnitudeError
    case .snr: snr
    case .id, .bestBand, .halo: nil
    }
  }
}

extension RoleRange {
  /// The range as people read it: `-360 … 720 deg`.
  public var text: String {
    let (low, high) = (Self.plain(bounds.lowerBound), Self.plain(bounds.upperBound))
    return unit.isEmpty ? "\(low) … \(high)" : "\(low) … \(high) \(unit)"
  }

  private static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? "\(Int64(value))" : "\(value)"
  }

  /// The table in Markdown, as docs/ingest.md shows it.
  public static var markdown: [String] {
    ["| Role | Range | Outside it | Because |", "| --- | --- | --- | --- |"]
      + all.map { range in
        let outcome =
          switch range.outside {
          case .keptAside(let reason): "kept aside, `\(reason)`"
          case .unknown: "unknown"
          }
        return "| \(range.roles) | \(range.text) | \(outcome) | \(range.why) |"
      }
  }
}
