import CatalogStore
import Foundation
import Testing

@testable import Ingest

/// The same table out of files of every format makes the same catalogue. The files are those of `FormatsTests/Resources`.
@Suite struct FileFormatTests {
  private static func path(_ name: String) -> String {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return tests.deletingLastPathComponent().appendingPathComponent("FormatsTests/Resources/\(name)").path
  }

  private static let mappings = ["sigma=err:arcsec", "mag:R=mag"]

  private func values(_ name: String) throws -> [[String]] {
    let lab = try IngestLab()
    let outcome = try lab.ingest([Self.path(name)]) { $0.mappings = Self.mappings }
    // The error of the last row is missing.
    #expect(outcome.catalogue.rows == 6, "\(name)")
    return try lab.values("c", "source_id", "ra", "dec", "err", "count", "seen", "mag")
  }

  @Test(arguments: [
    "small.fits", "small.fits.gz", "small-tabledata.vot", "small-binary.vot", "small-binary2.vot", "small.csv",
    "small.csv.gz", "small.csv.bz2", "small.csv.zst", "small.ecsv", "small-comma.ecsv", "small.arrows", "small.feather",
    "small.sqlite",
  ]) func everyFormatMakesTheSameCatalogue(_ name: String) throws {
    #expect(try values(name) == values("small.arrow"))
  }

  @Test(arguments: ["small.fits", "small-binary.vot", "small.ecsv", "small.arrow"])
  func unitsAndUCDsComeFromTheFile(_ name: String) throws {
    var options = IngestOptions(paths: [Self.path(name)])
    options.mappings = Self.mappings
    options.epochYears = 2016
    let plan = try IngestPlan(options)
    #expect(plan.roles[.ra]?.unitOrigin == .file && plan.warnings.isEmpty, "\(plan.warnings)")
    let infos = plan.columnInfos
    #expect(infos[1].unit == "deg" && infos[1].ucd == "pos.eq.ra;meta.main" && infos[6].unit == "mag")
    #expect(infos[0].description == "identifier, 64 bits")
  }

  @Test func tablesOfOneFileAreTwoInputs() throws {
    let lab = try IngestLab()
    try lab.ingest([Self.path("small.fits[STARS]")]) { $0.mappings = Self.mappings }
    let again = try lab.ingest([Self.path("small.fits[STARS]")]) { $0.mappings = Self.mappings }
    #expect(again.wasThere)
    #expect(throws: StoreError.self) { try lab.ingest([Self.path("small.fits")]) { $0.mappings = Self.mappings } }
    #expect(throws: IngestError.self) { try lab.ingest([Self.path("small.fits[OTHER]")], as: "other") }
  }

  @Test func positionsInAnOldFrameAreTurned() throws {
    let lab = try IngestLab()
    let text = String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: Self.path("small-tabledata.vot"))), as: UTF8.self)
    let old = text.replacingOccurrences(of: "system=\"ICRS\"", with: "system=\"eq_FK4\" equinox=\"B1950\"")
    let path = try lab.workdir.write(Data(old.utf8), to: "old.vot")
    let outcome = try lab.ingest([path]) { $0.mappings = Self.mappings }
    let info = outcome.catalogue
    #expect(info.column(role: "ra") == "ra_icrs" && info.column(role: "dec") == "dec_icrs" && info.rows == 6)
    #expect(info.roles.contains { $0.reason.contains("FK4 at equinox B1950") })
    // The columns of the file stay, and the new ones are those of astropy.
    let given = try lab.values("c", "ra", "dec", "ra_icrs", "dec_icrs")
    let untouched = try IngestLab()
    try untouched.ingest([Self.path("small-tabledata.vot")]) { $0.mappings = Self.mappings }
    #expect(Set(given.map { $0[0] }) == Set(try untouched.values("c", "ra").map { $0[0] }))
    #expect(given.allSatisfy { $0[2] != $0[0] && $0[2].hasPrefix("r") })
    // A frame that is not known is refused.
    let odd = text.replacingOccurrences(of: "system=\"ICRS\"", with: "system=\"eq_FK4\" equinox=\"B1875\"")
    let other = try lab.workdir.write(Data(odd.utf8), to: "odd.vot")
    #expect {
      try lab.ingest([other], as: "d") { $0.mappings = Self.mappings }
    } throws: { error in
      (error as? IngestError)?.message.contains("eq_FK4 at equinox B1875") == true
    }
    let forced = try lab.ingest([other], as: "d") { options in
      options.mappings = Self.mappings
      options.frame = .icrs
    }
    #expect(forced.catalogue.column(role: "ra") == "ra")
  }

  /// Text beside numbers: the catalogue is the same, with the position in two columns more; what is no angle is kept aside.
  @Test func sexagesimalPositionsAreRead() throws {
    let lab = try IngestLab()
    let path = try lab.workdir.write(
      Data(
        """
        name,RA,DEC,err
        a,12:34:56.7,-12:34:56.7,0.1
        b,00 00 00,+89 59 59.99,0.1
        c,12:74:56,1:2:3,0.1
        d,1:2:3,91:00:00,0.1
        e,1:2:3,x,0.1
        f,,1:2:3,0.1
        g,23h59m59.9s,-0d00m01s,0.1
        """.utf8), to: "s.csv")
    let info = try lab.ingest([path]) { $0.mappings = ["sigma=err:arcsec"] }.catalogue
    #expect(info.rows == 3)
    let problems = Dictionary(uniqueKeysWithValues: info.problems.map { ($0.reason, $0.rows) })
    #expect(problems == ["ra_malformed": 1, "dec_out_of_range": 1, "dec_malformed": 1, "ra_missing": 1])
    let rows = try lab.values("c", "name", "RA", "ra_icrs", "dec_icrs")
    let b = try #require(rows.first { $0[0] == "'b'" })
    #expect(b[1] == "'00 00 00'" && b[2] == "r0")
    let a = try #require(rows.first { $0[0] == "'a'" })
    #expect(Double(bitPattern: UInt64(a[2].dropFirst(), radix: 16) ?? 0) == 188.73625)
    #expect(info.column(role: "ra") == "ra_icrs")
  }

  /// A column of numbers with a word in it is text, and no column of angles.
  @Test func numbersInTextAreNoAngles() throws {
    let lab = try IngestLab()
    let path = try lab.workdir.write(
      Data("id,ra,dec,err\n1,123.4,5,0.1\n2,123.5,5,0.1\n3,n/k,5,0.1\n".utf8), to: "s.csv")
    #expect {
      try lab.ingest([path]) { $0.mappings = ["sigma=err:arcsec"] }
    } throws: { error in
      let text = "\(error)"
      return text.contains("'ra' is text") && text.contains("'123.4'") && text.contains("--map ra=ra:UNIT")
    }
    let info = try lab.ingest([path]) { $0.mappings = ["sigma=err:arcsec", "ra=ra:deg"] }.catalogue
    #expect(info.rows == 2 && info.problems.map(\.reason) == ["ra_malformed"])
  }

  @Test func galacticErrorsAndMotionsAreTurned() throws {
    let lab = try IngestLab()
    let path = try lab.workdir.write(
      Data(
        "id,l,b,el,eb,pml,pmb,epml,epmb\n1,123.456,-45.678,0.3,0.1,100,-50,3,1\n2,123.456,95,0.3,0.1,100,-50,3,1\n".utf8
      ),
      to: "g.csv")
    let info = try lab.ingest([path]) { options in
      options.frame = .galactic
      options.mappings = [
        "sigma_ra=el:arcsec", "sigma_dec=eb:arcsec", "pm_ra=pml:mas/yr", "pm_dec=pmb:mas/yr", "sigma_pm_ra=epml:mas/yr",
        "sigma_pm_dec=epmb:mas/yr",
      ]
    }.catalogue
    #expect(info.rows == 1 && info.problems.map(\.reason) == ["dec_out_of_range"])
    #expect(info.roles.contains { $0.role == "sigma_ra@galactic" && $0.column == "el" })
    let narrow = try CatalogueReader(database: lab.database, info: info).sources(in: .wholeSky)
    func value(_ quantity: NarrowColumn.Quantity) throws -> Double {
      narrow.columns[try #require(info.layout.place(of: quantity))][0]
    }
    let expected: [(NarrowColumn.Quantity, Double, Double)] = [
      (.ra, 13.242767198617521, 1e-5), (.dec, 17.192187482629716, 1e-5), (.pmRA, 99.57030968958392, 1e-4),
      (.pmDec, -50.85030411236871, 1e-4),
    ]
    for (quantity, number, tolerance) in expected {
      let found = try value(quantity)
      #expect(abs(found - number) < tolerance, "\(quantity)")
    }
    let (xx, yy, xy) = (try value(.varianceX), try value(.varianceY), try value(.covarianceXY))
    #expect(abs(xx + yy - 0.1) < 1e-12 && abs(xx * yy - xy * xy - 0.0009) < 1e-12 && xy != 0)
    let (sx, sy, rho) = (try value(.sigmaPMRA), try value(.sigmaPMDec), try value(.correlationPM))
    #expect(
      abs(sx * sx + sy * sy - 10) < 1e-9 && abs(sx * sx - 100 * xx) < 1e-9 && abs(rho * sx * sy - 100 * xy) < 1e-9)
  }

  @Test func aFolderStandsForFilesOfAllFormats() throws {
    let lab = try IngestLab()
    for name in ["small.fits", "small.csv.gz", "small-binary.vot"] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.path(name)))
      try lab.workdir.write(bytes, to: "in/\(name)")
    }
    try lab.workdir.write(Data("not a table".utf8), to: "in/README.txt")
    let outcome = try lab.ingest([lab.workdir.path("in")]) { $0.mappings = Self.mappings }
    #expect(outcome.catalogue.rows == 18)
  }
}
