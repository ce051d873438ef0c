/// The frame in which a file gives its positions.
///
/// Sources: IVOA vocabulary "Reference frames"; VOTable 1.4, section 3.1; FITS Standard 4.0, section 8.3.
public enum SkyFrame: Sendable, Hashable {
  /// The International Celestial Reference System: what a match needs.
  case icrs
  /// FK5 at a mean equinox, Julian years.
  case fk5(equinox: Double)
  /// FK4 at the mean equinox B1950.0, with the terms of aberration that its catalogues leave in.
  case fk4
  /// Galactic longitude and latitude (IAU 1958, as Hipparcos fixed it in ICRS).
  case galactic
  /// Supergalactic longitude and latitude (de Vaucouleurs).
  case supergalactic
  /// Longitude and latitude on the mean ecliptic of an equinox, Julian years (IAU 2006).
  case ecliptic(equinox: Double)

  /// Whether its axes are those of right ascension and declination.
  var isEquatorial: Bool {
    switch self {
    case .icrs, .fk5, .fk4: true
    case .galactic, .supergalactic, .ecliptic: false
    }
  }

  /// The years of an equinox that are taken.
  static let equinoxes = 1800.0...2200.0

  /// Reads `--frame NAME`.
  /// - Throws: `IngestError` of code `usage`.
  public init(option text: String) throws(IngestError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let frame = SkyFrame(name: parts[0], equinox: parts.count > 1 ? parts[1] : nil) else {
      throw IngestError(
        .usage, subject: "--frame \(text)",
        "is not known; allowed: icrs, fk5, fk5:J1975 (an equinox of 1800 to 2200), fk4 (equinox B1950), galactic, supergalactic, "
          + "ecliptic, ecliptic:J1991.25; convert positions of other frames with astropy.coordinates.SkyCoord")
    }
    self = frame
  }

  /// Reads what `TableColumn.frame` says, such as `eq_FK4 at equinox B1950`; nil if it is no frame that is converted.
  init?(columnFrame text: String) {
    let separator = " at equinox "
    guard let range = text.range(ofText: separator) else {
      self.init(name: text, equinox: nil)
      return
    }
    self.init(name: String(text[..<range.lowerBound]), equinox: String(text[range.upperBound...]))
  }

  private init?(name: String, equinox: String?) {
    let word = name.lowercased().filter { $0.isLetter || $0.isNumber }
    switch word {
    case "icrs" where equinox == nil: self = .icrs
    case "fk5", "eqfk5":
      guard let years = Self.years(equinox ?? "J2000", prefix: "J") else { return nil }
      self = .fk5(equinox: years)
    case "fk4", "eqfk4", "b1950":
      guard let years = Self.years(equinox ?? "B1950", prefix: "B"), years == 1950 else { return nil }
      self = .fk4
    case "galactic" where equinox == nil: self = .galactic
    case "supergalactic" where equinox == nil: self = .supergalactic
    case "ecliptic", "eclfk5":
      guard let years = Self.years(equinox ?? "J2000", prefix: "J") else { return nil }
      self = .ecliptic(equinox: years)
    default: return nil
    }
  }

  /// The years of `J1975`, `J1975.0` or `1975`.
  private static func years(_ text: String, prefix: Character) -> Double? {
    let upper = text.uppercased()
    let digits = upper.first == prefix ? String(upper.dropFirst()) : upper
    guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let years = Double(digits),
      equinoxes.contains(years)
    else { return nil }
    return years
  }
}

extension SkyFrame: CustomStringConvertible {
  /// As `--frame` takes it.
  public var description: String {
    switch self {
    case .icrs: "icrs"
    case .fk5(let equinox): equinox == 2000 ? "fk5" : "fk5:J\(Self.short(equinox))"
    case .fk4: "fk4"
    case .galactic: "galactic"
    case .supergalactic: "supergalactic"
    case .ecliptic(let equinox): equinox == 2000 ? "ecliptic" : "ecliptic:J\(Self.short(equinox))"
    }
  }

  /// For people: `FK5 at equinox J1975`.
  var name: String {
    switch self {
    case .icrs: "ICRS"
    case .fk5(let equinox): "FK5 at equinox J\(Self.short(equinox))"
    case .fk4: "FK4 at equinox B1950"
    case .galactic: "galactic"
    case .supergalactic: "supergalactic"
    case .ecliptic(let equinox): "ecliptic at equinox J\(Self.short(equinox))"
    }
  }

  private static func short(_ years: Double) -> String {
    years == years.rounded() ? "\(Int(years))" : "\(years)"
  }
}

extension String {
  /// Where a text occurs first.
  fileprivate func range(ofText other: String) -> Range<Index>? {
    ranges(of: other).first
  }
}
