import CatalogStore
import Testing

@testable import Ingest

@Suite struct CatalogueNameTests {
  @Test(arguments: ["Gaia", "2mass", "DR3.main", "my cat", "a", "_x", "a+b-c", String(repeating: "x", count: 48)])
  func whatPeopleTypeIsAName(name: String) throws { try CatalogueName.validate(name) }

  @Test(arguments: [
    ("", "is empty"), ("a/b", "has the character '/'"), ("a\"b", "has the character '\"'"),
    ("é", "has the character 'é'"),
    ("a\nb", "has the character number 10"), (".x", "begins with '.'"), ("-x", "begins with '-'"),
    (" x", "begins with ' '"),
    ("x ", "ends with ' '"), ("x.", "ends with '.'"), (String(repeating: "x", count: 49), "has 49 characters"),
    ("json_each", "is a table of SQLite itself"), ("DBSTAT", "is a table of SQLite itself"),
    ("fts5", "of SQLite itself"),
    ("pragma_table_info", "of SQLite itself"), ("generate_series", "of SQLite itself"),
    ("sqlite_master", "of SQLite itself"),
    ("xmatch", "xmdb's own"), ("XM_cone", "xmdb's own"), ("source", "xmdb's own"),
  ])
  func aNameThatCannotBeSaysWhy(name: String, reason: String) throws {
    let error = #expect(throws: StoreError.self) { try CatalogueName.validate(name) }
    #expect(error?.code == .usage && "\(error!)".contains(reason) && "\(error!)".contains("--as NAME"), "\(error!)")
  }

  @Test func namesThatDifferOnlyInCaseAreRefused() throws {
    try CatalogueName.requireDistinct("gaia", from: ["gaia", "dr3"])
    try CatalogueName.requireDistinct("gaia", from: [])
    let error = #expect(throws: StoreError.self) { try CatalogueName.requireDistinct("Gaia", from: ["dr3", "gaia"]) }
    #expect("\(error!)".contains("differs only in case from the catalogue 'gaia'"))
  }

  @Test func everySuggestionIsAName() throws {
    for path in [
      "gaia.parquet", "/a/b/2MASS.psc.parquet", "x/é è.parquet", "-.parquet", String(repeating: "y", count: 200),
    ] {
      let name = CatalogueName.suggested(by: path)
      try CatalogueName.validate(name)
    }
  }
}
