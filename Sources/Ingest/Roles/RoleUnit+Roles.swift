public import CatalogStore

extension RoleUnit {
  /// Factor and summand to the canonical unit of a role: degrees for positions, arcsec for errors (arcsec² for a
  /// covariance), mas/yr for motions, mas for the parallax, Julian years for epochs, nJy for magnitudes kept as fluxes.
  public func conversion(for role: ColumnRole) -> (scale: Double, offset: Double) {
    switch role {
    case .ra, .dec, .sigmaPA: (degrees, 0)
    case .parallax: (self == .milliarcsecond ? 1 : scale * 1000, 0)
    default: (scale, offset)
    }
  }

  /// Whether a role may be given in this unit.
  ///
  /// Hours are taken for right ascensions only: those of other angles could be of time or of arc.
  public func suits(_ role: ColumnRole) -> Bool {
    Self.quantities(of: role).contains(quantity) && (role == .ra || (self != .hourAngle && self != .hms))
  }

  /// What a role may measure; the first is the usual one.
  static func quantities(of role: ColumnRole) -> [Quantity] {
    switch role {
    case .id, .snr, .bestBand, .halo, .corrPM: [.none]
    case .ra, .dec: [.angle, .sexagesimal]
    case .sigma, .sigmaRA, .sigmaDec, .sigmaMajor, .sigmaMinor, .sigmaPA, .parallax: [.angle]
    case .corrRADec: [.none, .angle, .squaredAngle]
    case .pmRA, .pmDec, .sigmaPM, .sigmaPMRA, .sigmaPMDec: [.angularRate]
    case .epoch: [.epoch]
    case .mag, .magError: [.magnitude, .flux]
    }
  }

  /// Examples of units that a role takes, for messages.
  static func examples(for role: ColumnRole) -> String {
    switch role {
    case .id, .snr, .bestBand, .halo, .corrPM: "no unit"
    case .corrRADec: "no unit (correlation), arcsec (co-sigma) or deg2 (covariance)"
    case .epoch: "yr, MJD or JD"
    case .mag, .magError: "mag, or nJy, uJy, mJy, Jy, nMgy for AB fluxes"
    case .ra: "deg, hourangle, rad or arcsec; hms, dms or deg for text"
    case .dec: "deg, rad, arcmin or arcsec; dms or deg for text"
    case .pmRA, .pmDec, .sigmaPM, .sigmaPMRA, .sigmaPMDec: "mas/yr, arcsec/yr or another angle per time"
    default: "deg, rad, arcmin, arcsec, mas or uas"
    }
  }

  /// Whether values of a column in this unit can be read: text in the units of text, numbers in the others.
  func isReadable(asText: Bool) -> Bool {
    asText ? quantity == .sexagesimal || self == .degree : quantity != .sexagesimal
  }

  /// The unit of text for a position where nothing says otherwise: hours of right ascension, degrees of all else.
  static func ofText(_ role: ColumnRole, in frame: SkyFrame) -> RoleUnit {
    role == .ra && frame.isEquatorial ? .hms : .dms
  }

  /// The unit of a role when nothing says otherwise: the canonical one, and mas for the parallax.
  static func canonical(_ role: ColumnRole) -> RoleUnit {
    switch role {
    case .ra, .dec, .sigmaPA: .degree
    case .sigma, .sigmaRA, .sigmaDec, .sigmaMajor, .sigmaMinor: .arcsecond
    case .pmRA, .pmDec, .sigmaPM, .sigmaPMRA, .sigmaPMDec: .masPerYear
    case .parallax: .milliarcsecond
    case .epoch: .julianYear
    case .mag, .magError: .magnitude
    case .id, .snr, .bestBand, .halo, .corrRADec, .corrPM: .number
    }
  }
}
