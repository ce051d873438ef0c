internal import Formats

/// Signs that a column is no right ascension or declination of ICRS, and how errors may be told that xmdb does not take.
enum FrameRules {
  /// The frame that a column's UCD, name or description gives, if it is not ICRS (or FK5 at J2000, which is the same within
  /// 0.1 arcsec).
  static func otherFrame(_ column: TableColumn) -> String? {
    if let frame = statedFrame(column) { return frame }
    let name = RoleRules.plain(column.name)
    if name.contains("1950") || name.contains("fk4") { return oldEquatorial }
    let isEquatorial = column.ucd.map { UCDRules.words($0).first?.hasPrefix("pos.eq") ?? false } ?? false
    if !isEquatorial, galactic.contains(name) { return "galactic" }
    if !isEquatorial, ecliptic.contains(name) { return "ecliptic" }
    let description = (column.description ?? "").lowercased()
    let isOld = description.contains("b1950") || description.contains("fk4")
    return isOld && !description.contains("j2000") && !description.contains("icrs") ? oldEquatorial : nil
  }

  /// The frame that the file itself gives for a column, by its UCD or its coordinate system.
  static func statedFrame(_ column: TableColumn) -> String? {
    column.ucd.flatMap(frame(ofUCD:)) ?? column.frame
  }

  /// Whether a column can hold positions of a frame: nothing says another one.
  static func canBe(_ frame: SkyFrame, _ column: TableColumn) -> Bool {
    guard let said = otherFrame(column) else { return frame.isEquatorial }
    if said == oldEquatorial { return frame == .fk4 }
    return SkyFrame(columnFrame: said) == frame
  }

  /// The frame that the file states for its positions, where none was found in ICRS or the user names columns of that frame.
  static func frame(of roles: RoleAssignment, _ columns: [TableColumn]) -> SkyFrame? {
    func stated(_ column: TableColumn) -> SkyFrame? {
      statedFrame(column).flatMap { SkyFrame(columnFrame: $0) }.flatMap { $0 == .icrs ? nil : $0 }
    }
    if let ra = roles[.ra]?.columnIndex, let dec = roles[.dec]?.columnIndex {
      guard let frame = stated(columns[ra]), stated(columns[dec]) == frame else { return nil }
      return frame
    }
    guard roles[.ra] == nil, roles[.dec] == nil else { return nil }
    let frames = Set(columns.filter { $0.type.isNumeric || $0.type == .text }.compactMap(stated))
    guard frames.count <= 16 else { return nil }
    let usable = frames.filter { frame in
      guard let found = try? RoleAssignment(recognising: columns, frame: frame) else { return false }
      return found[.ra] != nil && found[.dec] != nil
    }
    return usable.count == 1 ? usable.first : nil
  }

  private static let oldEquatorial = "B1950 (FK4)"

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
    let known = frame == oldEquatorial ? SkyFrame.fk4 : SkyFrame(columnFrame: frame)
    let advice =
      known.map { "say --frame \($0) to have them turned into ICRS" }
      ?? "convert them, for example with astropy.coordinates.SkyCoord, or say --frame NAME if that is wrong"
    return "'\(column.name)' is a \(frame) coordinate, and positions are taken in ICRS: \(advice)"
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
