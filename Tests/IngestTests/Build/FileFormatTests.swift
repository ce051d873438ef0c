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

  @Test func positionsInAnOldFrameAreRefused() throws {
    let lab = try IngestLab()
    let text = String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: Self.path("small-tabledata.vot"))), as: UTF8.self)
    let old = text.replacingOccurrences(of: "system=\"ICRS\"", with: "system=\"eq_FK4\" equinox=\"B1950\"")
    let path = try lab.workdir.write(Data(old.utf8), to: "old.vot")
    #expect {
      try lab.ingest([path]) { $0.mappings = Self.mappings }
    } throws: { error in
      (error as? IngestError)?.message.contains("eq_FK4 at equinox B1950") == true
    }
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
