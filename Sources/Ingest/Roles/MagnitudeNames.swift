/// Magnitudes, their errors and their signal to noise, told by the names of columns.
enum MagnitudeNames {
  /// A magnitude: its band, and how much its name is to be preferred among several of one band (0 is best).
  struct Reading: Equatable {
    let band: String
    let preference: Int
  }

  /// Reads names such as `g_mag`, `w1mag`, `Jmag`, `mag_r`, `phot_g_mean_mag`, `gMeanPSFMag`, `psfMag_r`, `w1mpro`.
  static func read(_ name: String) -> Reading? {
    for (preference, form) in forms.enumerated() {
      guard let band = form.band(of: name), isBand(band) else { continue }
      return Reading(band: shown(band), preference: preference)
    }
    return nil
  }

  /// A name with a gap for the band.
  private struct Form {
    let prefix: String
    let suffix: String

    func band(of name: String) -> String? {
      let lower = name.lowercased()
      guard lower.hasPrefix(prefix), lower.hasSuffix(suffix), name.count > prefix.count + suffix.count else {
        return nil
      }
      return String(name.dropFirst(prefix.count).dropLast(suffix.count))
    }
  }

  /// In the order of preference: total magnitudes of point sources before those of galaxies and apertures.
  private static let forms: [Form] =
    ([
      ("phot_", "_mean_mag"), ("", "_psfmag"), ("", "meanpsfmag"), ("psfmag_", ""), ("mag_psf_", ""), ("", "_psf_mag"),
      ("", "mpro"), ("", "_mag"), ("mag_", ""), ("", "mag"), ("", "_mean_mag"), ("", "_mag_mean"),
      ("", "_modelmag"), ("modelmag_", ""), ("", "_cmodelmag"), ("cmodelmag_", ""), ("mag_auto_", ""),
      ("", "_mag_auto"), ("", "_kronmag"), ("", "meankronmag"), ("petromag_", ""), ("", "_petromag"),
      ("", "meanapmag"), ("mag_aper_", ""), ("mag_iso_", ""),
    ] as [(String, String)]).map { Form(prefix: $0.0, suffix: $0.1) }

  /// What stands for a band in names that are not bands.
  private static let otherWords: Set<String> = [
    "abs", "absolute", "lim", "limit", "limiting", "app", "delta", "d", "diff", "n", "num", "err", "error", "e", "sig",
    "min", "max", "mean", "med", "median", "std", "stddev", "ext", "ref", "best", "total", "auto", "psf", "kron",
    "model", "cmodel", "petro", "aper", "iso", "flag", "flags", "type", "sys", "system", "zp", "cal", "inst", "raw",
    "peak", "first", "last", "amp", "host", "unc", "nobs", "snr", "epoch",
  ]

  /// Whether a text can name a band: letter first, a few letters, digits, dots and primes.
  private static func isBand(_ text: String) -> Bool {
    guard (1...6).contains(text.count), let first = text.unicodeScalars.first, isLetter(first) else { return false }
    let lower = text.lowercased()
    guard !otherWords.contains(lower), !lower.hasPrefix("e_"), !lower.hasPrefix("n_") else { return false }
    return text.unicodeScalars.allSatisfy { isLetter($0) || ("0"..."9").contains($0) || $0 == "'" || $0 == "." }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }

  private static let capitals: Set<String> = [
    "bp", "rp", "w1", "w2", "w3", "w4", "j", "h", "k", "nuv", "fuv", "bt", "vt", "b", "v",
  ]

  /// The band as people write it: surveys with one spelling get theirs, all others keep that of the file.
  static func shown(_ band: String) -> String {
    let lower = band.lowercased()
    if capitals.contains(lower) { return band.uppercased() }
    return lower == "ks" ? "Ks" : band
  }

  /// Names that the error of the magnitude in a column may have, as `RoleRules.plain` spells them.
  static func errorNames(column: String, band: String) -> [String] {
    let name = RoleRules.plain(column)
    let band = RoleRules.plain(band)
    let stem = name.hasSuffix("mag") ? String(name.dropLast(3)) : name
    return [
      "e\(name)", "\(name)err", "\(name)error", "\(name)unc", "\(name)sigma", "err\(name)", "sig\(name)",
      "sigma\(name)", "mag\(stem)err", "\(stem)magerr", "mag\(band)err", "magerr\(band)", "magerror\(band)",
      "\(band)magerr", "\(band)magerror", "e\(band)mag", "\(band)sigmpro", "psfmagerr\(band)", "\(band)psfmagerr",
      "\(band)meanpsfmagerr", "magerrauto\(band)", "magerrpsf\(band)", "modelmagerr\(band)", "cmodelmagerr\(band)",
      "phot\(band)meanmagerror", "sigma\(band)", "\(band)err", "\(band)error", "\(band)sigma",
    ]
  }

  /// Names that the signal to noise in a band may have, as `RoleRules.plain` spells them.
  static func snrNames(column: String, band: String) -> [String] {
    let name = RoleRules.plain(column)
    let band = RoleRules.plain(band)
    return [
      "\(band)snr", "snr\(band)", "\(band)sn", "\(name)snr", "snr\(name)", "phot\(band)meanfluxovererror",
      "\(band)fluxovererror", "\(band)psfsnr", "sn\(band)",
    ]
  }
}
