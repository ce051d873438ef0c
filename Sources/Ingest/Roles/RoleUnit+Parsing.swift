extension RoleUnit: LosslessStringConvertible {
  /// The units that `--map` takes, for messages.
  public static let allowed =
    "deg, rad, mrad, urad, nrad, turn, hourangle, arcmin, arcsec, mas, uas; hms, dms (text); the same per time, such as mas/yr; "
    + "deg2, arcsec2; yr, MJD, JD; mag; nJy, uJy, mJy, Jy, nMgy"

  /// Reads a unit as surveys, VOUnit and FITS write it: `mas`, `mas/yr`, `mas.yr**-1`, `mas yr-1`, `arcsec^2`, `[deg]`.
  ///
  /// Case matters only for fluxes. Nil for anything unknown; an empty text and `-` are a pure number.
  public init?(_ description: String) {
    var text = Self.trimmed(Self.inBrackets(description).filter { !"[]()".contains($0) })
    if Self.isMagnitude(text) {
      self = .magnitude
      return
    }
    if let unit = Self.flux[text] {
      self = unit
      return
    }
    text = text.lowercased().replacing("**", with: "").replacing("^", with: "")
    if let unit = Self.others[text] ?? Self.angle(text) ?? Self.rateOrSquare(text) {
      self = unit
      return
    }
    return nil
  }

  /// `mas` of `Angle[mas]`, as the data model of Gaia writes units.
  private static func inBrackets(_ text: String) -> String {
    guard text.hasSuffix("]"), let open = text.firstIndex(of: "[") else { return text }
    return String(text[text.index(after: open)...].dropLast())
  }

  /// Magnitudes of any system: `mag`, `mag(AB)`, `ABmag`, `mag Vega`.
  private static func isMagnitude(_ text: String) -> Bool {
    let plain = text.lowercased().filter { !" -_".contains($0) }
    let systems = ["", "ab", "vega"]
    return ["mag", "mags", "magnitude", "magnitudes"].contains { word in
      systems.contains { plain == word + $0 || plain == $0 + word }
    }
  }

  private static let flux: [String: RoleUnit] = [
    "nJy": .nanojansky, "uJy": .microjansky, "µJy": .microjansky, "mJy": .millijansky, "Jy": .jansky,
    "nMgy": .nanomaggy, "nmgy": .nanomaggy, "nanomaggy": .nanomaggy, "nanomaggies": .nanomaggy,
  ]

  private static let angles: [String: RoleUnit] = [
    "deg": .degree, "degree": .degree, "degrees": .degree, "degs": .degree, "°": .degree,
    "rad": .radian, "radian": .radian, "radians": .radian, "rads": .radian,
    "mrad": .milliradian, "milliradian": .milliradian, "milliradians": .milliradian,
    "urad": .microradian, "µrad": .microradian, "μrad": .microradian, "microradian": .microradian,
    "microradians": .microradian, "nrad": .nanoradian, "nanoradian": .nanoradian, "nanoradians": .nanoradian,
    "turn": .turn, "turns": .turn, "rev": .turn, "revolution": .turn, "revolutions": .turn, "cycle": .turn,
    "hourangle": .hourAngle, "hourangles": .hourAngle, "h": .hourAngle, "hr": .hourAngle, "hrs": .hourAngle,
    "hour": .hourAngle, "hours": .hourAngle,
    "arcmin": .arcminute, "arcminute": .arcminute, "arcminutes": .arcminute, "arcmins": .arcminute,
    "amin": .arcminute, "'": .arcminute, "′": .arcminute,
    "arcsec": .arcsecond, "arcsecond": .arcsecond, "arcseconds": .arcsecond, "arcsecs": .arcsecond,
    "asec": .arcsecond, "\"": .arcsecond, "″": .arcsecond, "''": .arcsecond,
    "mas": .milliarcsecond, "marcsec": .milliarcsecond, "milliarcsec": .milliarcsecond, "masec": .milliarcsecond,
    "milliarcsecond": .milliarcsecond, "milliarcseconds": .milliarcsecond, "milliarcsecs": .milliarcsecond,
    "uas": .microarcsecond, "µas": .microarcsecond, "μas": .microarcsecond, "muas": .microarcsecond,
    "uarcsec": .microarcsecond, "µarcsec": .microarcsecond, "μarcsec": .microarcsecond,
    "microarcsec": .microarcsecond, "microarcsecond": .microarcsecond, "microarcseconds": .microarcsecond,
  ]

  /// An angle's name; hyphens, spaces and underscores within it do not matter: `milli-arcsec`, `hour angle`.
  private static func angle(_ text: String) -> RoleUnit? {
    if let known = angles[text] { return known }
    guard text.first?.isLetter == true, text.last?.isLetter == true else { return nil }
    return angles[text.filter { !"-_ ".contains($0) }]
  }

  private static let others: [String: RoleUnit] = [
    "hms": .hms, "h:m:s": .hms, "\"h:m:s\"": .hms, "hh:mm:ss": .hms, "hh:mm:ss.s": .hms, "hour:min:sec": .hms,
    "dms": .dms, "d:m:s": .dms, "\"d:m:s\"": .dms, "dd:mm:ss": .dms, "dd:mm:ss.s": .dms, "deg:min:sec": .dms,
    "": .number, "-": .number, "--": .number, "---": .number, "1": .number, "none": .number, "dimensionless": .number,
    "yr": .julianYear, "year": .julianYear, "years": .julianYear, "a": .julianYear, "jyear": .julianYear,
    "julian year": .julianYear, "julian years": .julianYear, "jyr": .julianYear,
    "mjd": .modifiedJulianDate, "mjdate": .modifiedJulianDate, "jd": .julianDate, "d": .day, "day": .day, "days": .day,
  ]

  /// Years, and how the unit is spelt in a rate.
  private static let times: [String: (years: Double, text: String)] = [
    "yr": (1, "yr"), "year": (1, "yr"), "years": (1, "yr"), "a": (1, "yr"), "jyr": (1, "yr"),
    "d": (1 / 365.25, "d"), "day": (1 / 365.25, "d"),
    "cyr": (100, "century"), "century": (100, "century"), "cy": (100, "century"),
  ]

  private static func rateOrSquare(_ text: String) -> RoleUnit? {
    if text.hasSuffix("2"), let angle = angle(trimmed(String(text.dropLast()))) {
      return squared(angle)
    }
    guard let (above, below) = fraction(text), let angle = angle(above) else { return nil }
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

  /// What a unit that is not known may have meant, and what to do; nil without a guess.
  static func hint(onUnknown text: String) -> String? {
    let plain = text.lowercased().filter { !" ^*.()[]".contains($0) }
    switch plain {
    case "s", "sec", "secs", "second", "seconds":
      return "seconds of time (15 arcsec) and of arc are both written so"
    case "m", "min", "mins", "minute", "minutes":
      return "minutes of time (15 arcmin) and of arc are both written so"
    case "hms", "dms", "h:m:s", "d:m:s", "hhmmss", "ddmmss", "sexagesimal", "\"h:m:s\"", "\"d:m:s\"":
      return "sexagesimal positions are read from columns of text"
    default:
      return isInverse(plain) ? "xmdb takes 1-sigma errors, not inverse variances: write 1/sqrt of it" : nil
    }
  }

  /// Whether a unit is one over something squared, as that of an inverse variance.
  private static func isInverse(_ plain: String) -> Bool {
    (plain.hasPrefix("1/") && plain.contains("2")) || plain.hasSuffix("-2") || plain.hasSuffix("yr2/mas2")
      || plain.hasSuffix("yr2/arcsec2")
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
