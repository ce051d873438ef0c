import CSQLiteBoot
import Indexing
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// What was given of the sky stays with the runs that name it, as it was written.
@Suite struct SkyTableTests {
  private let workdir: Workdir
  private let database: SkyDatabase
  private let table: SkyTable
  private let run: Int64

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    database = try SkyDatabase.openOrCreate(at: workdir.path("sky"))
    let registry = try database.writableRegistry()
    for name in ["gaia", "wise"] {
      try registry.publish(SampleCatalogue.info(name), coverage: SampleCatalogue.coverage)
    }
    table = try SkyTable(.counts, origin: "stars.dat", payload: [1, 2, 3])
    try registry.keep(table)
    run = try registry.beginRun(
      registry.catalogue("gaia"), registry.catalogue("wise"), fingerprint: "f",
      configuration: "psf_a: auto\ncounts_b: \(table.digest)\n", program: "p", now: "2026-01-01T00:00:00Z")
  }

  private var damages: [Damage] {
    get throws { try DatabaseVerifier(database: database, threads: 1).verifyRegistry().damages }
  }

  @Test func itIsReadAsItWasWritten() throws {
    let read = try database.registry().skyTable(.counts, digest: table.digest)
    #expect(read.payload == [1, 2, 3] && read.origin == "stars.dat" && read.digest == table.digest)
    #expect(try SkyTable(.extinction, origin: "stars.dat", payload: [1, 2, 3]).digest != table.digest)
    #expect(throws: StoreError.self) { try database.registry().skyTable(.extinction, digest: table.digest) }
    #expect(throws: StoreError.self) {
      try SkyTable(.counts, origin: "x", payload: [UInt8](repeating: 0, count: SkyTable.largestPayload + 1))
    }
    #expect(try damages.isEmpty)
  }

  @Test(arguments: [
    "UPDATE sky_table SET payload = x'010204'", "UPDATE sky_table SET origin = 'other'",
    "UPDATE sky_table SET kind = 'extinction'", "UPDATE sky_table SET kind = 'x'",
    "UPDATE sky_table SET checksum = 'x'", "UPDATE sky_table SET digest = 'x'", "DELETE FROM sky_table",
  ])
  func whatHasChangedIsFound(sql: String) throws {
    do { try Connection(path: database.registryPath, mode: .readWrite).execute(sql) }
    #expect(throws: StoreError.self) { try database.registry().skyTable(.counts, digest: table.digest) }
    #expect(try !damages.isEmpty)
    // Keeping it again mends it.
    try database.writableRegistry().keep(table)
    #expect(try database.registry().skyTable(.counts, digest: table.digest).payload == [1, 2, 3])
  }

  @Test func itGoesWithTheLastRunThatNamesIt() throws {
    let registry = try database.writableRegistry()
    let other = try registry.beginRun(
      registry.catalogue("gaia"), registry.catalogue("wise"), fingerprint: "g",
      configuration: "counts_a: \(table.digest)\n", program: "p", now: "2026-01-01T00:00:00Z")
    try registry.removeRun(run)
    #expect(try registry.skyTable(.counts, digest: table.digest).payload == [1, 2, 3])
    try registry.removeRun(other)
    #expect(throws: StoreError.self) { try registry.skyTable(.counts, digest: table.digest) }
    #expect(try damages.isEmpty)
  }
}
