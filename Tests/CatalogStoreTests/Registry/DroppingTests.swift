import CSQLiteBoot
import Foundation
import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct DroppingTests {
  private let workdir: Workdir
  private let database: SkyDatabase

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    database = try SkyDatabase.openOrCreate(at: workdir.path("sky.xmdb"))
    for name in ["gaia", "wise"] { try publish(name) }
    _ = try finish("gaia", "wise", "first")
  }

  private func publish(_ name: String) throws {
    let registry = try database.writableRegistry()
    let info = SampleCatalogue.info(name, number: try registry.nextNumber(of: name))
    try registry.publish(info, coverage: SampleCatalogue.coverage)
    try workdir.write(Data("x".utf8), to: "sky.xmdb/\(info.folder)/Norder=1/Npix=2.sqlite")
  }

  private func finish(_ a: String, _ b: String, _ fingerprint: String) throws -> Int64 {
    let registry = try database.writableRegistry()
    let run = try registry.beginRun(
      registry.catalogue(a), registry.catalogue(b), fingerprint: fingerprint, configuration: "c", program: "p", now: "t"
    )
    try registry.finishRun(run, totals: RunTotals(), now: "u")
    try workdir.write(Data("x".utf8), to: "sky.xmdb/runs/\(run)/Norder=1/Npix=2.sqlite")
    return run
  }

  private func clear() throws { _ = try database.lockForWriting() }
  private func exists(_ path: String) -> Bool { FileSystem.exists(database.path + "/" + path) }

  @Test func aRunGoesWithItsFiles() throws {
    let second = try finish("gaia", "wise", "second")
    try database.writableRegistry().drop(catalogues: [], runs: [1], withRuns: false)
    #expect(try database.registry().allRuns().map(\.id) == [second])
    // Files go after the registry, by whoever writes next.
    #expect(exists("runs/1"))
    try clear()
    #expect(!exists("runs/1") && exists("runs/\(second)"))
    #expect(try finish("gaia", "wise", "third") == second + 1)
  }

  @Test func aCatalogueWithRunsStaysUnlessTheyGoToo() throws {
    let error = try #require(throws: StoreError.self) {
      try database.writableRegistry().drop(catalogues: ["gaia"], runs: [], withRuns: false)
    }
    #expect(error.code == .usage && error.description.contains("run 1") && error.description.contains("--with-runs"))
    try database.writableRegistry().drop(catalogues: ["gaia"], runs: [1], withRuns: false)
    try clear()
    #expect(try database.registry().catalogueNames() == ["wise"])
    #expect(!exists("catalogues/gaia") && !exists("runs/1") && exists("catalogues/wise/1"))
    try publish("gaia")
    #expect(try database.registry().catalogue("gaia").number == 1)
  }

  @Test func allGoOrNone() throws {
    for attempt in [
      { try database.writableRegistry().drop(catalogues: ["wise", "nobody"], runs: [1], withRuns: true) },
      { try database.writableRegistry().drop(catalogues: ["wise"], runs: [1, 9], withRuns: true) },
    ] {
      #expect(try #require(throws: StoreError.self, performing: attempt).code == .usage)
      #expect(try database.registry().catalogueNames() == ["gaia", "wise"])
      #expect(try database.registry().allRuns().count == 1)
    }
  }

  /// Runs of replaced generations are kept to take chunks over from; nobody sees them, and they are in nobody's way.
  @Test func whatNobodySeesGoesWithTheCatalogue() throws {
    try publish("gaia")
    #expect(try database.registry().allRuns().isEmpty)
    try database.writableRegistry().drop(catalogues: ["gaia", "wise"], runs: [], withRuns: false)
    try clear()
    #expect(FileSystem.list(database.path + "/runs") == [] && FileSystem.list(database.path + "/catalogues") == [])
    let registry = try database.writableRegistry()
    for table in ["generation", "catalogue", "run", "shard", "column", "coverage", "leftover", "magnitude_count"] {
      let count = try registry.connection.prepare("SELECT count(*) FROM \"\(table)\"")
      #expect(try count.step() && count.int(0) == 0, "\(table)")
    }
  }

  @Test func aRenamedCatalogueKeepsItsFilesAndRuns() throws {
    let registry = try database.writableRegistry()
    let run = try finish("gaia", "gaia", "second")
    let before = try registry.catalogue("gaia")
    try registry.rename("gaia", to: "gaia_dr2")
    let info = try database.registry().catalogue("gaia_dr2")
    #expect(info.shards == before.shards && info.folder == "catalogues/gaia/1" && info.rows == before.rows)
    #expect(try database.registry().catalogueNames() == ["gaia_dr2", "wise"])
    let found = try database.registry().run("gaia_dr2", "gaia_dr2", fingerprint: "second")
    #expect(found?.id == run)
    #expect(try database.registry().run("gaia_dr2", "wise", fingerprint: "second") == nil)
    // The old name is free, and its next generation gets a folder of its own.
    try publish("gaia")
    #expect(try database.registry().catalogue("gaia").folder == "catalogues/gaia/2")
    try database.writableRegistry().drop(catalogues: ["gaia_dr2"], runs: [], withRuns: true)
    try clear()
    #expect(!exists("catalogues/gaia/1") && exists("catalogues/gaia/2"))
  }

  @Test func aNameThatIsTakenIsRefused() throws {
    for (old, new) in [("gaia", "wise"), ("gaia", "WISE"), ("nobody", "x")] {
      let error = try #require(throws: StoreError.self) {
        try database.writableRegistry().rename(old, to: new)
      }
      #expect(error.code == .usage)
    }
    #expect(try database.registry().catalogueNames() == ["gaia", "wise"])
  }
}
