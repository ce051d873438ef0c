internal import Formats

/// Signs that a column is no right ascension or declination of ICRS, and how errors may be told that xmdb does not take.
enum FrameRules {
  /// The frame that a column's UCD, name or description gives, if it is not ICRS (or FK5 at J2000, which is the same within
  /// 0.1 arcsec).
  static func otherFrame(_ column: TableColumn) -> String? {
    if let frame = column.frame { return frame }
    if let frame = column.ucd.flatMap(frame(ofUCD:)) { return frame }
    let name = RoleRules.plain(column.name)
    if name.contains("1950") || name.contains("fk4") { return "B1950 (FK4)" }
    let isEquatorial = column.ucd.map { UCDRules.words($0).first?.hasPrefix("pos.eq") ?? false } ?? false
    if !isEquatorial, galactic.contains(name) { return "galactic" }
    if !isEquatorial, ecliptic.contains(name) { return "ecliptic" }
    let description = (column.description ?? "").lowercased()
    let isOld = description.contains("b1950") || description.contains("fk4")
    return isOld && !description.contains("j2000") && !description.contains("icrs") ? "B1950 (FK4)" : nil
  }

  private static func frame(ofUCD ucd: String) -> String? {
    let first = UCDRules.words(ucd).first ?? ""
    return frames.first { first.hasPrefix($0.prefix) }?.name
  }

  private static let frames: [(prefix: String, name: String)] = [
    ("pos.galactic", "galactic"), ("pos.supergalactic", "supergalactic"), ("pos.ecliptic", "ecliptic"),
    ("pos.az", "horizontal"), ("pos.bodyrc", "planetary"), ("pos.earth", "geographic"),
  ]

  private static let galactic: Set<String> = [
    "l", "b", "glon", "glat", "gallon", "gallat", "gall", "galb", "lii", "bii", "galacticl", "galacticb",
  ]

  private static let ecliptic: Set<String> = ["elon", "elat", "ecllon", "ecllat", "eclipticlon", "eclipticlat"]

  /// What to do about a column of another frame.
  static func remedy(_ column: TableColumn, _ frame: String) -> String {
    "'\(column.name)' is a \(frame) coordinate, and positions are taken in ICRS: convert it, for example with "
      + "astropy.coordinates.SkyCoord"
  }

  /// What to do about text where numbers are needed.
  static func remedy(ofText column: TableColumn) -> String {
    "'\(column.name)' is text, and sexagesimal positions are not read: write decimal degrees, for example with "
      + "astropy.coordinates.SkyCoord(ra, dec, unit=('hourangle', 'deg'))"
  }

  /// Whether a column holds an inverse variance, by its name or unit.
  static func isInverseVariance(_ column: TableColumn) -> Bool {
    let name = RoleRules.plain(column.name)
    if name.hasSuffix("ivar") || name.hasSuffix("invvar") || name.hasPrefix("ivar") { return true }
    guard let unit = column.unit, RoleUnit(unit) == nil else { return false }
    return RoleUnit.hint(onUnknown: unit)?.contains("inverse") ?? false
  }

  /// What to do about an inverse variance.
  static func remedy(ofInverseVariance column: TableColumn) -> String {
    "'\(column.name)' is an inverse variance, and errors are taken as 1 sigma: write 1/sqrt(\(column.name)), along right "
      + "ascension times cos(dec)"
  }
}
