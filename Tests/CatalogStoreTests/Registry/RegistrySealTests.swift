import CSQLiteBoot
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// A cell of the registry that was changed by anyone but xmdb is found before it is believed.
@Suite struct RegistrySealTests {
  let workdir: Workdir
  let database: SkyDatabase
  let run: Int64

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    database = try SkyDatabase.openOrCreate(at: workdir.path("sky"))
    let registry = try database.writableRegistry()
    for name in ["gaia", "wise"] {
      try registry.publish(SampleCatalogue.info(name), coverage: SampleCatalogue.coverage)
    }
    let (a, b) = (try registry.catalogue("gaia"), try registry.catalogue("wise"))
    let pixels = [HealpixPixel(order: 0, index: 0), HealpixPixel(order: 0, index: 5)]
    run = try registry.beginRun(
      a, b, fingerprint: "f", configuration: "c", program: "p", now: "2026-01-01T00:00:00Z", chunks: pixels)
    try registry.record(
      [RunClass(isA: true, number: 0, band: "G", brightest: 1, faintest: 2)], of: run)
    let region = RunRegion(
      pixel: pixels[0], areaDegrees2: 1, countA: 1, countB: 1, counterparts: 1, counterpartsError: 0.1, unmatchedA: 1,
      unmatchedB: 1, measuredIn: .whole, flags: [],
      bandPairs: [
        RunBandPair(bandA: "G", bandB: "W", counterparts: 1, counterpartsError: 1, unmatchedA: 1, unmatchedB: 1)
      ])
    let photometry = RunPhotometry(sky: .whole, shares: [1, 2])
    for position in 0..<2 {
      // Photometry of one sky is recorded again and again.
      try registry.record([(position, region)], photometry: [photometry], of: run)
    }
    try registry.record(
      pixels.enumerated().map {
        RunChunk(
          position: $0, pixel: $1, path: "p\($0)", bytes: 10, fingerprint: "f", totals: RunTotals(),
          cost: RunCost(seconds: 1), inputs: [1, 2])
      }, of: run)
    try registry.record(
      RunProblem(stage: "matching", position: 1, pixel: pixels[1], attempts: 2, code: .system, reason: "r"), of: run)
    try registry.finishRun(run, totals: RunTotals(), now: "2026-01-02T00:00:00Z")
  }

  /// Reads all there is.
  private func readAll() throws {
    let registry = try database.registry()
    for name in try registry.catalogueNames() { _ = try registry.coverage(of: registry.catalogue(name)) }
    _ = try registry.catalogue("gaia")
    _ = try registry.catalogue("wise")
    for run in try registry.allRuns() {
      _ = try (registry.chunks(of: run.id), registry.plannedPixels(of: run.id), registry.problems(of: run.id))
      _ = try (registry.measurement(of: run.id), registry.work(of: run.id), registry.chunkCounts(of: run.id))
    }
  }

  @Test func whatWasWrittenIsBelieved() throws {
    try readAll()
    #expect(try database.registry().unsoundOwners().isEmpty)
    #expect(try DatabaseVerifier(database: database, threads: 1).verifyRegistry().damages.isEmpty)
  }

  /// Every table is sealed, so that a new one is not forgotten.
  @Test func everyTableHasSeals() throws {
    let statement = try database.registry().connection.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'seal'")
    var tables: Set<String> = []
    while try statement.step() { tables.insert(statement.text(0)) }
    // What is to be removed belongs to no generation and no run any more.
    tables.remove("leftover")
    // Named by digests of what they hold.
    tables.remove("sky_table")
    #expect(tables == Set(RegistrySeals.Owner.allCases.flatMap { $0.tables.map(\.name) }))
  }

  @Test func everyChangedCellIsFound() throws {
    let reader = try database.registry().connection
    var cells: [(table: String, column: String)] = []
    for table in RegistrySeals.Owner.allCases.flatMap({ $0.tables.map(\.name) }) {
      let statement = try reader.prepare("SELECT name FROM pragma_table_info('\(table)')")
      while try statement.step() { cells.append((table, statement.text(0))) }
    }
    let sound = try FileSystem.contents(of: database.registryPath)
    var changes = 0
    for (table, column) in cells {
      for value in ["NULL", "-1", "9223372036854775807", "1e308", "'x'", "x'00'", "\"\(column)\" + 1", "1950"] {
        let (name, cell) = (SQLText.identifier(table), SQLText.identifier(column))
        do {
          let connection = try Connection(path: database.registryPath, mode: .readWrite)
          try connection.execute("PRAGMA foreign_keys=OFF")
          let differs = try connection.prepare("SELECT count(*) FROM \(name) WHERE \(cell) IS NOT (\(value))")
          guard try differs.step(), differs.int(0) > 0 else { continue }
          differs.reset()
          do { try connection.execute("UPDATE OR IGNORE \(name) SET \(cell) = \(value)") } catch is StoreError {
            continue
          }
          let same = try connection.prepare("SELECT total_changes()")
          guard try same.step(), same.int(0) > 0 else { continue }
        }
        changes += 1
        let what: Comment = "\(table).\(column) = \(value)"
        #expect(throws: StoreError.self, what) { try readAll() }
        do {
          let report = try DatabaseVerifier(database: database, threads: 1).verifyRegistry()
          #expect(!report.damages.isEmpty, what)
        } catch let error as StoreError { #expect(error.code == .damaged, what) }
        let writer = try FileWriter(path: database.registryPath)
        try writer.write(bytes: sound)
        _ = try writer.publish()
      }
    }
    #expect(changes > 300)
    try readAll()
  }

  @Test(arguments: ["generation", "catalogue", "shard", "coverage", "run", "run_chunk", "run_region", "seal"])
  func rowsThatAreGoneAreFound(table: String) throws {
    do {
      let connection = try Connection(path: database.registryPath, mode: .readWrite)
      try connection.execute("PRAGMA foreign_keys=OFF; DELETE FROM \"\(table)\"")
    }
    let report = try DatabaseVerifier(database: database, threads: 1).verifyRegistry()
    #expect(!report.damages.isEmpty)
    if table != "run" { #expect(try #require(throws: StoreError.self) { try readAll() }.code == .damaged) }
  }

  /// Damage of one catalogue is no damage of the other, and the catalogue can be replaced.
  @Test func aDamagedCatalogueCanBeReplaced() throws {
    for sql in [
      "UPDATE generation SET epoch_yr = 1950 WHERE catalogue = 'gaia'",
      "UPDATE catalogue SET name = 'x' WHERE name = 'gaia'",
      "DELETE FROM generation", "DELETE FROM catalogue",
      "DELETE FROM catalogue WHERE name = 'wise'; UPDATE generation SET catalogue = 'other' WHERE catalogue = 'gaia'",
    ] {
      let copy = SkyDatabase(path: workdir.path("copy-\(Fingerprint(of: sql))"))
      try FileSystem.createDirectories(copy.path)
      try? FileManager.default.removeItem(atPath: copy.registryPath)
      try FileManager.default.copyItem(atPath: database.registryPath, toPath: copy.registryPath)
      do {
        let connection = try Connection(path: copy.registryPath, mode: .readWrite)
        try connection.execute("PRAGMA foreign_keys=OFF; " + sql)
      }
      #expect(throws: StoreError.self) { _ = try copy.registry().catalogue("gaia") }
      let registry = try copy.writableRegistry()
      for name in ["gaia", "wise"] {
        let number = try registry.nextNumber(of: name)
        try registry.publish(SampleCatalogue.info(name, number: number), coverage: SampleCatalogue.coverage)
      }
      #expect(try copy.registry().catalogue("gaia").epochYears == 2015.5)
      #expect(try copy.registry().unsoundOwners().allSatisfy { $0.owner == .run })
      try registry.forgetDamagedRuns()
      let (a, b) = (try registry.catalogue("gaia"), try registry.catalogue("wise"))
      _ = try registry.beginRun(a, b, fingerprint: "g", configuration: "c", program: "p", now: "n")
      #expect(try DatabaseVerifier(database: copy, threads: 1).verifyRegistry().damages.isEmpty)
    }
  }

  /// What an unsound registry does not name is not cleared away: it may be what it should name.
  @Test func nothingIsClearedForADamagedRegistry() throws {
    let path = "catalogues/gaia/1/x.sqlite"
    try workdir.write("shard".utf8.map { $0 }, to: "sky/" + path)
    do {
      try Connection(path: database.registryPath, mode: .readWrite).execute(
        "UPDATE generation SET catalogue = 'x', number = 9 WHERE catalogue = 'gaia'")
    }
    let lock = try database.lockForWriting()
    #expect(FileSystem.exists(database.path + "/" + path))
    withExtendedLifetime(lock) {}
  }

  /// A registry of an older program has no seals: it says what to do.
  @Test func anOlderGenerationIsNamedWithWhatMakesItNew() throws {
    try Connection(path: database.registryPath, mode: .readWrite).execute("DELETE FROM seal")
    let error = try #require(throws: StoreError.self) { try database.registry().catalogue("gaia") }
    #expect(error.code == .damaged && error.description.contains("ingest the catalogue again with --replace"))
    #expect(error.description.contains("an older xmdb wrote it"))
  }
}
