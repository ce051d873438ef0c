import CatalogStore
import Ingest
import Testing

struct RoleUnitTests {
  @Test(arguments: [
    ("deg", ColumnRole.ra, 1.0), ("Degrees", .ra, 1), ("[deg]", .dec, 1), ("rad", .ra, 57.29577951308232),
    ("hourangle", .ra, 15), ("h", .ra, 15), ("hr", .ra, 15), ("Hour Angle", .ra, 15), ("hour", .ra, 15),
    ("turn", .ra, 360), ("nrad", .sigma, 2.0626480624709636e-4), ("urad", .sigma, 0.20626480624709636),
    ("µrad", .sigma, 0.20626480624709636), ("mrad", .sigma, 206.26480624709636), ("milli-arcsec", .sigma, 1e-3),
    ("milli arcseconds", .sigma, 1e-3), ("micro-arcsec", .sigma, 1e-6), ("arc_sec", .sigma, 1), ("arcmins", .sigma, 60),
    ("milli-arcsec/yr", .pmRA, 1), ("nanomaggies", .mag(band: "g"), 3631), ("arcsec", .sigma, 1), ("\"", .sigma, 1),
    ("arcmin", .sigma, 60),
    ("mas", .sigma, 1e-3), ("marcsec", .sigma, 1e-3), ("uas", .sigma, 1e-6), ("µas", .sigma, 1e-6),
    ("deg", .sigmaRA, 3600), ("rad", .sigmaRA, 206264.80624709636), ("mas/yr", .pmRA, 1), ("mas.yr**-1", .pmRA, 1),
    ("mas yr-1", .pmRA, 1), ("mas*yr^-1", .pmRA, 1), ("mas.yr(-1)", .pmRA, 1), ("mas / year", .pmRA, 1),
    ("arcsec/yr", .pmDec, 1000), ("arcsec.yr-1", .pmDec, 1000), ("uas/yr", .pmDec, 1e-3),
    ("arcsec/century", .pmDec, 10), ("deg/yr", .sigmaPM, 3.6e6), ("mas/d", .sigmaPM, 365.25), ("mas", .parallax, 1),
    ("arcsec", .parallax, 1000), ("deg**2", .corrRADec, 12_960_000), ("deg2", .corrRADec, 12_960_000),
    ("arcsec^2", .corrRADec, 1), ("mas2", .corrRADec, 1e-6), ("arcsec", .corrRADec, 1), ("", .corrRADec, 1),
    ("mag", .mag(band: "G"), 1), ("mag(AB)", .mag(band: "G"), 1), ("AB mag", .mag(band: "G"), 1),
    ("mag (Vega)", .mag(band: "G"), 1),
    ("Angle[mas]", .sigma, 1e-3), ("Angular Velocity[mas/year]", .pmRA, 1), ("Magnitude[mag]", .mag(band: "G"), 1),
    ("nJy", .mag(band: "g"), 1),
    ("Jy", .mag(band: "g"), 1e9),
  ])
  func converts(_ text: String, _ role: ColumnRole, _ scale: Double) throws {
    let unit = try #require(RoleUnit(text))
    #expect(unit.suits(role))
    let found = unit.conversion(for: role)
    #expect(abs(found.scale - scale) <= 4e-16 * scale)
    #expect(found.offset == 0)
  }

  @Test func exactWhereNothingIsToConvert() {
    #expect(RoleUnit.degree.conversion(for: .ra) == (1, 0))
    #expect(RoleUnit.arcsecond.conversion(for: .sigma) == (1, 0))
    #expect(RoleUnit.masPerYear.conversion(for: .pmRA) == (1, 0))
    #expect(RoleUnit.arcsecPerYear.conversion(for: .pmRA) == (1000, 0))
    #expect(RoleUnit.julianYear.conversion(for: .epoch) == (1, 0))
    #expect(RoleUnit.milliarcsecond.conversion(for: .parallax) == (1, 0))
  }

  @Test(arguments: [
    ("yr", 2016.0, 2016.0), ("Julian years", 1991.25, 1991.25), ("MJD", 51544.5, 2000), ("MJD", 57388.5, 2016),
    ("JD", 2451545, 2000), ("jd", 2448349.0625, 1991.25),
  ])
  func epochsBecomeJulianYears(_ text: String, _ value: Double, _ years: Double) throws {
    let (scale, offset) = try #require(RoleUnit(text)).conversion(for: .epoch)
    #expect(abs(value * scale + offset - years) < 1e-9)
  }

  @Test func datesBecomeJulianYears() {
    let (scale, offset) = RoleUnit.unixTime(.day).conversion(for: .epoch)
    #expect(abs(10957.5 * scale + offset - 2000) < 1e-9)
    let milliseconds = RoleUnit.unixTime(.millisecond).conversion(for: .epoch)
    #expect(abs(946_728_000_000 * milliseconds.scale + milliseconds.offset - 2000) < 1e-9)
  }

  @Test(arguments: [
    "parsec", "mas/", "/yr", "mas/yr/yr", "km/s", "mJyr", "deg3", "2", "mas/mas", "log(mag)", "s", "min",
    "1/deg^2", "deg-2", "-mas-",
  ])
  func unknownUnitsAreUnknown(_ text: String) { #expect(RoleUnit(text) == nil) }

  @Test(arguments: [
    ("mas", ColumnRole.pmRA), ("mas/yr", .sigma), ("mag", .ra), ("deg", .mag(band: "G")), ("yr", .sigma),
    ("deg", .epoch), ("d", .epoch), ("arcsec", .snr(band: "G")), ("deg2", .sigma), ("hr", .dec), ("h", .sigma),
  ])
  func wrongQuantityDoesNotSuit(_ text: String, _ role: ColumnRole) throws {
    #expect(try !#require(RoleUnit(text)).suits(role))
  }

  @Test func descriptionsReadBack() {
    for text in ["deg", "rad", "hourangle", "mas/yr", "arcsec/century", "deg2", "MJD", "mag", "nJy", ""] {
      #expect(RoleUnit(text)?.description == text)
    }
  }
}

struct ColumnRoleTests {
  @Test func textFormsReadBack() {
    let roles = ColumnRole.unbanded + [.mag(band: "G"), .magError(band: "w:1"), .snr(band: "Ks")]
    for role in roles { #expect(ColumnRole(role.description) == role) }
    #expect(Set(roles.map(\.description)).count == roles.count)
  }

  @Test(arguments: ["", "RA", "mag", "mag:", "magnitude:G", "ra:G", ":G", "id "]) func nonsenseIsNoRole(_ text: String)
  {
    #expect(ColumnRole(text) == nil)
  }
}
