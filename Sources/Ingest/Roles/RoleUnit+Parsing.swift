extension RoleUnit: LosslessStringConvertible {
  /// The units that `--map` takes, for messages.
  public static let allowed =
    "deg, rad, hourangle, arcmin, arcsec, mas, uas; the same per time, such as mas/yr; deg2, arcsec2; "
    + "yr, MJD, JD; mag; nJy, uJy, mJy, Jy"

  /// Reads a unit as surveys, VOUnit and FITS write it: `mas`, `mas/yr`, `mas.yr**-1`, `mas yr-1`, `arcsec^2`, `[deg]`.
  ///
  /// Case matters only for fluxes. Nil for anything unknown; an empty text and `-` are a pure number.
  public init?(_ description: String) {
    var text = description.filter { !"[]()".contains($0) || description.lowercased().hasPrefix("mag(") }
    text = Self.trimmed(text)
    if let unit = Self.flux[text] {
      self = unit
      return
    }
    text = text.lowercased().replacing("**", with: "").replacing("^", with: "")
    if let unit = Self.simple[text] ?? Self.rateOrSquare(text) {
      self = unit
      return
    }
    return nil
  }

  private static let flux: [String: RoleUnit] = [
    "nJy": .nanojansky, "uJy": .microjansky, "µJy": .microjansky, "mJy": .millijansky, "Jy": .jansky,
  ]

  private static let angles: [String: RoleUnit] = [
    "deg": .degree, "degree": .degree, "degrees": .degree, "degs": .degree, "°": .degree,
    "rad": .radian, "radian": .radian, "radians": .radian,
    "hourangle": .hourAngle, "hour_angle": .hourAngle, "h": .hourAngle, "hour": .hourAngle, "hours": .hourAngle,
    "arcmin": .arcminute, "arcminute": .arcminute, "arcminutes": .arcminute, "'": .arcminute,
    "arcsec": .arcsecond, "arcsecond": .arcsecond, "arcseconds": .arcsecond, "arcsecs": .arcsecond,
    "asec": .arcsecond, "\"": .arcsecond,
    "mas": .milliarcsecond, "marcsec": .milliarcsecond, "milliarcsec": .milliarcsecond,
    "milliarcsecond": .milliarcsecond, "milliarcseconds": .milliarcsecond,
    "uas": .microarcsecond, "µas": .microarcsecond, "μas": .microarcsecond, "muas": .microarcsecond,
    "uarcsec": .microarcsecond, "microarcsec": .microarcsecond, "microarcsecond": .microarcsecond,
  ]

  private static let others: [String: RoleUnit] = [
    "": .number, "-": .number, "--": .number, "---": .number, "1": .number, "none": .number, "dimensionless": .number,
    "mag": .magnitude, "mags": .magnitude, "magnitude": .magnitude, "abmag": .magnitude, "vegamag": .magnitude,
    "mag(ab)": .magnitude, "mag(vega)": .magnitude, "mag ab": .magnitude, "mag vega": .magnitude,
    "yr": .julianYear, "year": .julianYear, "years": .julianYear, "a": .julianYear, "jyear": .julianYear,
    "julian year": .julianYear, "julian years": .julianYear, "jyr": .julianYear,
    "mjd": .modifiedJulianDate, "jd": .julianDate, "d": .day, "day": .day, "days": .day,
  ]

  private static let simple = angles.merging(others) { first, _ in first }

  /// Years, and how the unit is spelt in a rate.
  private static let times: [String: (years: Double, text: String)] = [
    "yr": (1, "yr"), "year": (1, "yr"), "years": (1, "yr"), "a": (1, "yr"), "jyr": (1, "yr"),
    "d": (1 / 365.25, "d"), "day": (1 / 365.25, "d"),
    "cyr": (100, "century"), "century": (100, "century"), "cy": (100, "century"),
  ]

  private static func rateOrSquare(_ text: String) -> RoleUnit? {
    if text.hasSuffix("2"), let angle = angles[trimmed(String(text.dropLast()))] { return squared(angle) }
    guard let (above, below) = fraction(text), let angle = angles[above] else { return nil }
    if let time = times[below] { return rate(angle, per: time.years, time.text) }
    return nil
  }

  /// Splits `x/y`, `x.y-1`, `x y-1` and `x*y-1`.
  private static func fraction(_ text: String) -> (String, String)? {
    if let slash = text.firstIndex(of: "/") {
      return (trimmed(String(text[..<slash])), trimmed(String(text[text.index(after: slash)...])))
    }
    guard text.hasSuffix("-1"), let cut = text.lastIndex(where: { ". *".contains($0) }) else { return nil }
    let above = trimmed(String(text[..<cut])).filter { $0 != "*" && $0 != "." }
    return (above, trimmed(String(text[text.index(after: cut)...].dropLast(2))))
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
