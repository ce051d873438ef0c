import Testing
import XMDBTestSupport

@testable import SQLExt

@Suite struct CatalogueNameTests {
  @Test(arguments: ["Gaia", "2mass", "DR3.main", "my cat", "select", "+5-x", "_", "GAIA_edr3"])
  func aCatalogueOfAnyNameIsATable(name: String) throws {
    let sky = try TestSky()
    try sky.add(TestCatalogue(name, Sky([10, 11], [5, 5])))
    try sky.add(TestCatalogue("other", Sky([10, 12], [5, 5])))
    let host = try SQLHost(databasePath: sky.path)
    let given = name.uppercased()
    #expect(try host.value("SELECT count(*) FROM \(quoted(name))") == "2")
    #expect(try host.value("SELECT count(*) FROM \(quoted(given))") == "2", "SQL does not tell cases apart")
    #expect(try host.value("SELECT count(*) FROM xm_cone('\(given)', 10, 5, 0.1)") == "1")
    #expect(try host.value("SELECT count(*) FROM xmatch('\(given)', 'other')") == "1")
    #expect(try host.value("SELECT count(*) FROM xm_nonmatches('other', '\(name)', '\(given)')") == "1")
    try sky.add(TestCatalogue(name, Sky([10, 11, 12], [5, 5, 5])))
    #expect(try host.value("SELECT count(*) FROM \(quoted(name))") == "3")
  }
}
