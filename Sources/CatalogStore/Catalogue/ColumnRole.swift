/// What a column of a catalogue means to the match.
///
/// The text form is the one of `--map` and of the registry: `ra`, `sigma_pm_ra`, `mag:G`, … Bands are written as the
/// survey writes them and compared exactly.
public enum ColumnRole: Sendable, Hashable {
  /// The identifier of a source.
  case id
  /// Right ascension, ICRS.
  case ra
  /// Declination, ICRS.
  case dec
  /// Circular 1-σ position error.
  case sigma
  /// 1-σ position error along right ascension, cos δ included.
  case sigmaRA
  /// 1-σ position error along declination.
  case sigmaDec
  /// Correlation of the two position errors; with an angle as unit a co-sigma, with a squared angle a covariance.
  case corrRADec
  /// Semi-major axis of the 1-σ error ellipse.
  case sigmaMajor
  /// Semi-minor axis of the 1-σ error ellipse.
  case sigmaMinor
  /// Position angle of the major axis, from north through east.
  case sigmaPA
  /// Proper motion along right ascension, μ_α* = μ_α cos δ.
  case pmRA
  /// Proper motion along declination.
  case pmDec
  /// Circular 1-σ error of the proper motion.
  case sigmaPM
  /// 1-σ error of μ_α*.
  case sigmaPMRA
  /// 1-σ error of μ_δ.
  case sigmaPMDec
  /// Correlation of the errors of μ_α* and μ_δ.
  case corrPM
  /// Parallax.
  case parallax
  /// Epoch of the position.
  case epoch
  /// Magnitude in a band.
  case mag(band: String)
  /// 1-σ error of the magnitude in a band.
  case magError(band: String)
  /// Signal to noise in a band.
  case snr(band: String)
  /// Position, from 0, in the list of the catalogue's bands of the band to use for a source.
  case bestBand
  /// Not 0 where a row belongs to another file, which has it, too: halos around the chunks of a survey.
  case halo
}

extension ColumnRole: CustomStringConvertible, LosslessStringConvertible {
  /// Every role without a band, in the order in which they are reported.
  public static let unbanded: [ColumnRole] = [
    .id, .ra, .dec, .sigma, .sigmaRA, .sigmaDec, .corrRADec, .sigmaMajor, .sigmaMinor, .sigmaPA, .pmRA, .pmDec,
    .sigmaPM, .sigmaPMRA, .sigmaPMDec, .corrPM, .parallax, .epoch, .bestBand, .halo,
  ]

  /// The names of all roles as `--map` takes them, for messages.
  public static let allNames: [String] = unbanded.map(\.description) + ["mag:BAND", "mag_error:BAND", "snr:BAND"]

  /// The stable text form.
  public var description: String {
    switch self {
    case .id: "id"
    case .ra: "ra"
    case .dec: "dec"
    case .sigma: "sigma"
    case .sigmaRA: "sigma_ra"
    case .sigmaDec: "sigma_dec"
    case .corrRADec: "corr_ra_dec"
    case .sigmaMajor: "sigma_major"
    case .sigmaMinor: "sigma_minor"
    case .sigmaPA: "sigma_pa"
    case .pmRA: "pm_ra"
    case .pmDec: "pm_dec"
    case .sigmaPM: "sigma_pm"
    case .sigmaPMRA: "sigma_pm_ra"
    case .sigmaPMDec: "sigma_pm_dec"
    case .corrPM: "corr_pm"
    case .parallax: "parallax"
    case .epoch: "epoch"
    case .mag(let band): "mag:\(band)"
    case .magError(let band): "mag_error:\(band)"
    case .snr(let band): "snr:\(band)"
    case .bestBand: "best_band"
    case .halo: "halo"
    }
  }

  /// Reads the text form; nil if it is not a role, or lacks its band, or has one that it may not have.
  public init?(_ description: String) {
    if let role = ColumnRole.unbanded.first(where: { $0.description == description }) {
      self = role
      return
    }
    let parts = description.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    let band = String(parts[1])
    switch parts[0] {
    case "mag": self = .mag(band: band)
    case "mag_error": self = .magError(band: band)
    case "snr": self = .snr(band: band)
    default: return nil
    }
  }

  /// The band of a photometric role.
  public var band: String? {
    switch self {
    case .mag(let band), .magError(let band), .snr(let band): band
    default: nil
    }
  }
}
