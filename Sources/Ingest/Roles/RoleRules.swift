internal import CatalogStore
internal import Formats

/// Names by which columns of unknown catalogues are recognised: data, in order of preference.
enum RoleRules {
  /// A name in lower case without anything but letters and digits, and the unit that it usually means.
  struct Name: Sendable {
    let text: String
    let unit: RoleUnit?

    init(_ text: String, _ unit: RoleUnit? = nil) {
      self.text = text
      self.unit = unit
    }
  }

  /// Identifiers: catalogue keys first, human-made designations last.
  static let ids = [
    "sourceid", "objectid", "objid", "diaobjectid", "catid", "cntr", "source", "id", "uid", "ptskey", "hip", "tyc",
    "tic", "kic", "epic", "2mass", "allwise", "catwise", "starid", "number", "num", "recno", "mainid", "objname",
    "sourcename", "designation", "name", "iauname",
  ]

  /// Roles by name, without identifiers and photometry.
  static let names: [(role: ColumnRole, names: [Name])] = [
    (
      .ra,
      [
        Name("ra"), Name("raicrs"), Name("radeg"), Name("raj2000"), Name("rarad", .radian), Name("coordra"),
        Name("ramean"), Name("alpha"), Name("alphaj2000"), Name("rightascension"), Name("rajd"),
      ]
    ),
    (
      .dec,
      [
        Name("dec"), Name("deicrs"), Name("decicrs"), Name("dedeg"), Name("decdeg"), Name("dej2000"), Name("decj2000"),
        Name("derad", .radian), Name("decrad", .radian), Name("coorddec"), Name("decmean"), Name("delta"),
        Name("deltaj2000"), Name("declination"), Name("de"), Name("decjd"),
      ]
    ),
    (
      .sigma,
      [
        Name("poserr"), Name("poserror"), Name("positionerror"), Name("positionalerror"), Name("sigmapos"),
        Name("sigpos"), Name("epos"), Name("errorradius"), Name("sigma"), Name("astrometricerror"), Name("sigmaarcsec"),
        Name("radecerr"),
      ]
    ),
    (
      .sigmaRA,
      [
        Name("raerror"), Name("raerr"), Name("era"), Name("eraicrs"), Name("eradeg"), Name("eraj2000"),
        Name("erarad", .milliarcsecond), Name("sigmara"), Name("sigra"), Name("rasigma"), Name("coordraerr"),
        Name("rameanerr"), Name("raunc"), Name("erraarcsec"), Name("errra"), Name("stdra"), Name("rastd"),
      ]
    ),
    (
      .sigmaDec,
      [
        Name("decerror"), Name("decerr"), Name("edec"), Name("ede"), Name("edeicrs"), Name("ededeg"), Name("edej2000"),
        Name("ederad", .milliarcsecond), Name("sigmadec"), Name("sigmade"), Name("sigdec"), Name("decsigma"),
        Name("coorddecerr"), Name("decmeanerr"), Name("decunc"), Name("deerr"), Name("errdec"), Name("stddec"),
        Name("decstd"),
      ]
    ),
    (
      .corrRADec,
      [
        Name("radeccorr"), Name("corrradec"), Name("radecor"), Name("sigradec", .arcsecond), Name("radeccorrelation"),
      ]
    ),
    (
      .sigmaMajor,
      [
        Name("errmaj"), Name("eemaj"), Name("sigmamajor"), Name("errormajor"), Name("errmajor"), Name("erraa"),
        Name("emaj"), Name("smajaxerr"),
      ]
    ),
    (
      .sigmaMinor,
      [
        Name("errmin"), Name("eemin"), Name("sigmaminor"), Name("errorminor"), Name("errminor"), Name("errbb"),
        Name("emin"), Name("sminaxerr"),
      ]
    ),
    (
      .sigmaPA,
      [
        Name("errang", .degree), Name("errpa", .degree), Name("eepa", .degree), Name("sigmapa", .degree),
        Name("errorpa", .degree), Name("errortheta", .degree), Name("errorangle", .degree), Name("epa", .degree),
      ]
    ),
    (
      .pmRA,
      [
        Name("pmra"), Name("pmracosdec"), Name("pmrastar"), Name("mualphastar"), Name("pmrac"), Name("muracosdec"),
      ]
    ),
    (.pmDec, [Name("pmdec"), Name("pmde"), Name("mudelta"), Name("mudec")]),
    (.sigmaPM, [Name("pmerr"), Name("pmerror"), Name("sigmapm"), Name("epm"), Name("sigpm")]),
    (
      .sigmaPMRA,
      [
        Name("pmraerror"), Name("pmraerr"), Name("epmra"), Name("sigpmra"), Name("sigmapmra"), Name("epmracosdec"),
        Name("pmraunc"),
      ]
    ),
    (
      .sigmaPMDec,
      [
        Name("pmdecerror"), Name("pmdecerr"), Name("epmde"), Name("epmdec"), Name("sigpmdec"), Name("sigmapmdec"),
        Name("pmdeerr"), Name("pmdecunc"),
      ]
    ),
    (.corrPM, [Name("pmrapmdeccorr"), Name("pmrapmdecor"), Name("pmrapmdecorr"), Name("corrpmrapmdec")]),
    (.parallax, [Name("parallax"), Name("plx"), Name("varpi"), Name("prlx")]),
    (
      .epoch,
      [
        Name("refepoch", .julianYear), Name("epoch", .julianYear), Name("meanepoch", .julianYear),
        Name("obsepoch", .julianYear), Name("epochyr", .julianYear), Name("epochyears", .julianYear),
        Name("meanobsmjd", .modifiedJulianDate), Name("mjd", .modifiedJulianDate), Name("mjdmean", .modifiedJulianDate),
        Name("meanmjd", .modifiedJulianDate), Name("obsmjd", .modifiedJulianDate), Name("mjdobs", .modifiedJulianDate),
        Name("epochmjd", .modifiedJulianDate), Name("epochmean", .modifiedJulianDate), Name("jdate", .julianDate),
        Name("jd", .julianDate), Name("epochjd", .julianDate),
      ]
    ),
    (.bestBand, [Name("bestindex"), Name("bestband"), Name("bestbandindex")]),
  ]

  /// Names of coordinates that are not equatorial, and of errors and motions along them; those of other roles are as above.
  static func names(in frame: SkyFrame) -> [(role: ColumnRole, names: [Name])] {
    if frame == .icrs { return names }
    let along = namesAlongAxes(of: frame)
    return names.map { rule in
      if let own = along[rule.role] { return (rule.role, own.map { Name($0) }) }
      return frame.isEquatorial || !axes.contains(rule.role) ? rule : (rule.role, [])
    }
  }

  /// Roles whose values are components along the axes of the frame.
  static let axes: Set<ColumnRole> = [
    .ra, .dec, .sigmaRA, .sigmaDec, .corrRADec, .sigmaPA, .pmRA, .pmDec, .sigmaPMRA, .sigmaPMDec, .corrPM,
  ]

  private static func namesAlongAxes(of frame: SkyFrame) -> [ColumnRole: [String]] {
    switch frame {
    case .icrs, .fk5: [:]
    case .fk4:
      [
        .ra: ["rab1950", "ra1950", "rafk4", "radeg1950", "alpha1950", "ra", "radeg", "alpha"],
        .dec: [
          "deb1950", "decb1950", "dec1950", "de1950", "decfk4", "delta1950", "dec", "dedeg", "decdeg", "delta", "de",
        ],
      ]
    case .galactic:
      [
        .ra: ["glon", "l", "lii", "gallon", "gall", "galacticl", "galacticlongitude"],
        .dec: ["glat", "b", "bii", "gallat", "galb", "galacticb", "galacticlatitude"],
        .sigmaRA: ["eglon", "glonerr", "glonerror", "lerr", "lerror", "el"],
        .sigmaDec: ["eglat", "glaterr", "glaterror", "berr", "berror", "eb"],
        .pmRA: ["pmglon", "pml", "pmlcosb"], .pmDec: ["pmglat", "pmb"],
        .sigmaPMRA: ["epmglon", "pmglonerr", "pmlerr", "pmlerror", "epml"],
        .sigmaPMDec: ["epmglat", "pmglaterr", "pmberr", "pmberror", "epmb"],
      ]
    case .supergalactic: [.ra: ["sglon", "sgl", "supergall"], .dec: ["sglat", "sgb", "supergalb"]]
    case .ecliptic:
      [
        .ra: ["elon", "ecllon", "eclipticlon", "eclipticlongitude", "lambda", "lon"],
        .dec: ["elat", "ecllat", "eclipticlat", "eclipticlatitude", "beta", "lat"],
        .sigmaRA: ["eelon", "elonerr", "ecllonerr"], .sigmaDec: ["eelat", "elaterr", "ecllaterr"],
        .pmRA: ["pmelon", "pmlambda"], .pmDec: ["pmelat", "pmbeta"],
      ]
    }
  }

  /// The letters and digits of a name, in lower case.
  static func plain(_ name: String) -> String {
    String(name.lowercased().unicodeScalars.filter { isLetterOrDigit($0) }.map(Character.init))
  }

  private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
  }

  private static let unitSuffixes: [(suffix: String, unit: RoleUnit)] = [
    ("_mas_per_yr", .masPerYear), ("_mas_yr", .masPerYear), ("_masyr", .masPerYear),
    ("_arcsec_per_yr", .arcsecPerYear), ("_arcsec_yr", .arcsecPerYear), ("_arcsecyr", .arcsecPerYear),
    ("_deg", .degree), ("_rad", .radian), ("_arcsec", .arcsecond), ("_asec", .arcsecond), ("_arcmin", .arcminute),
    ("_mas", .milliarcsecond), ("_uas", .microarcsecond),
  ]

  /// Splits a unit off the end of a name: `pm_ra_mas_yr` is `pm_ra` in mas/yr.
  static func splittingUnit(_ name: String) -> (base: String, unit: RoleUnit?) {
    let lower = name.lowercased()
    for (suffix, unit) in unitSuffixes where lower.hasSuffix(suffix) && lower.count > suffix.count {
      return (String(lower.dropLast(suffix.count)), unit)
    }
    return (lower, nil)
  }

  /// Whether a column of this type can be an identifier; floating-point ones if all values are exact integers.
  static func canBeID(_ type: ColumnType) -> Bool {
    switch type {
    case .int64, .uint64, .text, .float64, .float32: true
    default: false
    }
  }

  /// Whether a column of this type can play a role other than the identifier.
  static func canPlay(_ type: ColumnType, _ role: ColumnRole) -> Bool {
    switch type {
    case .date, .timestamp: role == .epoch
    case .text: role == .ra || role == .dec
    case .bool: role == .halo
    default: type.isNumeric
    }
  }
}
