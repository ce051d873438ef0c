internal import CatalogStore

/// Roles told by UCDs (IVOA UCD1+), in lower case: the words that must and must not be there.
enum UCDRules {
  /// The role of a UCD. `isMain` when it carries `meta.main`, which names the one column meant for the purpose.
  /// - Parameter frame: The frame of the positions: what is told along its axes counts.
  static func role(of ucd: String, in frame: SkyFrame = .icrs) -> (role: ColumnRole, isMain: Bool)? {
    let words = words(ucd).map { word(word: $0, in: frame) }
    guard let role = errorRole(words) ?? plainRole(words) else { return nil }
    return (role, words.contains("meta.main"))
  }

  /// Along the axes of a frame that is not equatorial, longitude and latitude are what right ascension and declination are to others.
  private static func word(word: String, in frame: SkyFrame) -> String {
    guard !frame.isEquatorial else { return word }
    let own =
      switch frame {
      case .galactic: "pos.galactic"
      case .supergalactic: "pos.supergalactic"
      default: "pos.ecliptic"
      }
    if word == own + ".lon" { return "pos.eq.ra" }
    if word == own + ".lat" { return "pos.eq.dec" }
    return word.hasPrefix("pos.eq.") ? "pos.other" : word
  }

  /// The words of a UCD.
  static func words(_ ucd: String) -> [String] {
    ucd.lowercased().split(separator: ";").map { word in word.filter { !$0.isWhitespace } }
  }

  private static func plainRole(_ words: [String]) -> ColumnRole? {
    guard let first = words.first, !words.contains(where: { $0.hasPrefix("stat.") || $0.hasPrefix("arith.") }) else {
      return nil
    }
    switch first {
    case "meta.id" where words.contains("meta.main"): return .id
    case "pos.eq.ra" where positionWords(words): return .ra
    case "pos.eq.dec" where positionWords(words): return .dec
    case "pos.pm" where words.contains("pos.eq.ra"): return .pmRA
    case "pos.pm" where words.contains("pos.eq.dec"): return .pmDec
    case "pos.parallax", "pos.parallax.trig": return .parallax
    default: return nil
    }
  }

  /// Only words that leave a position a position of the source itself.
  private static func positionWords(_ words: [String]) -> Bool {
    words.dropFirst().allSatisfy { ["meta.main", "meta.ref", "pos.frame"].contains($0) }
  }

  private static func errorRole(_ words: [String]) -> ColumnRole? {
    if words.first == "stat.correlation" || words.first == "stat.covariance" {
      let isPosition = words.contains("pos.eq.ra") && words.contains("pos.eq.dec") && !words.contains("pos.pm")
      return isPosition ? .corrRADec : nil
    }
    guard words.first == "stat.error" || words.first == "stat.stdev" else { return nil }
    let isMotion = words.contains("pos.pm")
    if words.contains("pos.eq.ra") { return isMotion ? .sigmaPMRA : .sigmaRA }
    if words.contains("pos.eq.dec") { return isMotion ? .sigmaPMDec : .sigmaDec }
    if words.contains("pos.eq") || words.contains("pos") { return .sigma }
    return nil
  }

  /// A plain magnitude of a source, with its band if the UCD tells it.
  struct Magnitude {
    let band: String?
  }

  /// Reads `phot.mag;em.opt.V` as a magnitude in V; nil if the UCD is not that of a source's magnitude.
  static func magnitude(_ ucd: String) -> Magnitude? {
    let parts = ucd.split(separator: ";").map { part in part.filter { !$0.isWhitespace } }
    let isDerived = parts.contains { ["stat.", "arith."].contains(where: $0.lowercased().hasPrefix) }
    guard parts.first?.lowercased() == "phot.mag", !isDerived else { return nil }
    let spectral = parts.first { $0.lowercased().hasPrefix("em.") }
    let band = spectral?.split(separator: ".").dropFirst(2).joined(separator: ".") ?? ""
    return Magnitude(band: band.isEmpty ? nil : band)
  }
}
