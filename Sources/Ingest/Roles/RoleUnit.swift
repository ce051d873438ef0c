public import Formats

/// The unit of a column that plays a role, with its conversion to a base unit.
///
///     base value = scale · value + offset
///
/// Base units: degrees and arcseconds for angles (both are kept, so neither is rounded through the other), arcsec² for
/// squared angles, mas/yr for motions, Julian years for epochs, nJy for fluxes.
public struct RoleUnit: Sendable, Hashable, CustomStringConvertible {
  /// What the unit measures.
  public enum Quantity: String, Sendable, Hashable {
    case angle, sexagesimal, squaredAngle, angularRate, epoch, duration, magnitude, flux, none
  }

  /// What it measures.
  public let quantity: Quantity
  /// The unit in the spelling of this program, for example `mas/yr`; empty for a pure number.
  public let description: String
  /// Factor to the base unit.
  public let scale: Double
  /// What is added after scaling; only epochs have one.
  public let offset: Double
  /// Degrees per unit of an angle, otherwise 0.
  public let degrees: Double

  private init(_ quantity: Quantity, _ description: String, scale: Double, offset: Double = 0, degrees: Double = 0) {
    self.quantity = quantity
    self.description = description
    self.scale = scale
    self.offset = offset
    self.degrees = degrees
  }

  private static func angle(_ text: String, arcsec: Double, degrees: Double) -> RoleUnit {
    RoleUnit(.angle, text, scale: arcsec, degrees: degrees)
  }

  /// Degrees.
  public static let degree = angle("deg", arcsec: 3600, degrees: 1)
  /// Radians.
  public static let radian = angle("rad", arcsec: 648_000 / .pi, degrees: 180 / .pi)
  /// Thousandths of a radian.
  public static let milliradian = angle("mrad", arcsec: 648 / .pi, degrees: 0.18 / .pi)
  /// Millionths of a radian.
  public static let microradian = angle("urad", arcsec: 0.648 / .pi, degrees: 1.8e-4 / .pi)
  /// Billionths (10⁻⁹) of a radian.
  public static let nanoradian = angle("nrad", arcsec: 6.48e-4 / .pi, degrees: 1.8e-7 / .pi)
  /// Full circles.
  public static let turn = angle("turn", arcsec: 1_296_000, degrees: 360)
  /// Hours of right ascension, 15° each.
  public static let hourAngle = angle("hourangle", arcsec: 54_000, degrees: 15)
  /// Text of hours, minutes and seconds of right ascension.
  public static let hms = RoleUnit(.sexagesimal, "hms", scale: 1, degrees: 15)
  /// Text of degrees, minutes and seconds of arc.
  public static let dms = RoleUnit(.sexagesimal, "dms", scale: 1, degrees: 1)
  /// Minutes of arc.
  public static let arcminute = angle("arcmin", arcsec: 60, degrees: 1 / 60)
  /// Seconds of arc.
  public static let arcsecond = angle("arcsec", arcsec: 1, degrees: 1 / 3600)
  /// Milliarcseconds.
  public static let milliarcsecond = angle("mas", arcsec: 1e-3, degrees: 1 / 3.6e6)
  /// Microarcseconds.
  public static let microarcsecond = angle("uas", arcsec: 1e-6, degrees: 1 / 3.6e9)
  /// Magnitudes.
  public static let magnitude = RoleUnit(.magnitude, "mag", scale: 1)
  /// No unit.
  public static let number = RoleUnit(.none, "", scale: 1)
  /// Nanojanskys, as AB flux.
  public static let nanojansky = RoleUnit(.flux, "nJy", scale: 1)
  /// Microjanskys, as AB flux.
  public static let microjansky = RoleUnit(.flux, "uJy", scale: 1e3)
  /// Millijanskys, as AB flux.
  public static let millijansky = RoleUnit(.flux, "mJy", scale: 1e6)
  /// Janskys, as AB flux.
  public static let jansky = RoleUnit(.flux, "Jy", scale: 1e9)
  /// Nanomaggies, as AB flux: 3631 nJy each.
  public static let nanomaggy = RoleUnit(.flux, "nMgy", scale: 3631)
  /// Days, of which the name of a column must tell the zero.
  public static let day = RoleUnit(.duration, "d", scale: 1)
  /// Epochs given as Julian years, such as 2016.0.
  public static let julianYear = RoleUnit(.epoch, "yr", scale: 1)
  /// Epochs given as Julian dates: J = 2000 + (JD − 2451545) / 365.25.
  public static let julianDate = RoleUnit(.epoch, "JD", scale: 1 / 365.25, offset: 2000 - 2_451_545 / 365.25)
  /// Epochs given as modified Julian dates: J = 2000 + (MJD − 51544.5) / 365.25.
  public static let modifiedJulianDate = RoleUnit(.epoch, "MJD", scale: 1 / 365.25, offset: 2000 - 51_544.5 / 365.25)

  /// Dates and timestamps that count steps since 1970-01-01 (MJD 40587). Leap seconds are ignored: under 1e-6 yr.
  public static func unixTime(_ step: TimeStep) -> RoleUnit {
    RoleUnit(
      .epoch, "unix time in \(step.rawValue)", scale: step.seconds / (86_400 * 365.25),
      offset: 2000 + (40_587 - 51_544.5) / 365.25)
  }

  /// The same angle per time.
  static func rate(_ angle: RoleUnit, per years: Double, _ text: String) -> RoleUnit {
    // mas and uas directly: 0.001 · 1000 would be right only by luck of rounding.
    let mas = angle == .milliarcsecond ? 1 : angle == .microarcsecond ? 1e-3 : angle.scale * 1000
    return RoleUnit(.angularRate, "\(angle)/\(text)", scale: mas / years)
  }

  /// The square of an angle.
  static func squared(_ angle: RoleUnit) -> RoleUnit {
    RoleUnit(.squaredAngle, "\(angle)2", scale: angle.scale * angle.scale)
  }

  /// mas/yr.
  public static let masPerYear = rate(.milliarcsecond, per: 1, "yr")
  /// arcsec/yr.
  public static let arcsecPerYear = rate(.arcsecond, per: 1, "yr")
}
