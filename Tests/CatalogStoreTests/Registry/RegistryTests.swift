import CSQLiteBoot
import Foundation
import Indexing
import Synchronization
import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct RegistryTests {
  let workdir: Workdir
  let database: SkyDatabase

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir("registry 100%")
    database = try SkyDatabase.openOrCreate(at: workdir.path("sky db?.xmdb"))
  }

  @Test func everyFieldOfACatalogueSurvives() throws {
    var given = SampleCatalogue.info("gaia")
    given.folder = "catalogues/elsewhere/1"
    try database.writableRegistry().publish(given, coverage: SampleCatalogue.coverage)
    let registry = try database.registry()
    var kept = try registry.catalogue("gaia")
    #expect(kept.generation > 0)
    kept.generation = 0
    #expect(String(reflecting: kept) == String(reflecting: given))
    #expect(try registry.coverage(of: registry.catalogue("gaia")) == SampleCatalogue.coverage)
    #expect(try registry.catalogueNames() == ["gaia"])
  }

  @Test func unknownFieldsStayUnknown() throws {
    var given = CatalogueInfo(
      name: "bare", inputsFingerprint: "",
      layout: SampleLayout(isCircular: true, hasMotion: false, hasEpoch: false, bands: [], hasBestBand: false).layout(
        .none))
    given.frame = ""
    given.folder = "catalogues/bare/1"
    try database.writableRegistry().publish(given, coverage: CoverageMap(nodes: []))
    let registry = try database.registry()
    var kept = try registry.catalogue("bare")
    kept.generation = 0
    #expect(String(reflecting: kept) == String(reflecting: given))
    #expect(try registry.coverage(of: registry.catalogue("bare")).nodes.isEmpty)
  }

  @Test func anUnknownCatalogueIsNamedWithThoseThereAre() throws {
    let empty = try #require(throws: StoreError.self) { try database.registry().catalogue("gaia") }
    #expect(empty.code == .usage && empty.description.contains("none yet"))
    for name in ["b", "a"] {
      try database.writableRegistry().publish(SampleCatalogue.info(name), coverage: SampleCatalogue.coverage)
    }
    let error = try #require(throws: StoreError.self) { try database.registry().catalogue("gaia") }
    #expect(error.description.contains("there are: a, b"))
    #expect(try database.registry().findCatalogue("'; DROP TABLE catalogue; --") == nil)
  }

  @Test func aNewGenerationReplacesTheOldOneAndItsRuns() throws {
    let writer = try database.writableRegistry()
    for name in ["gaia", "wise"] { try writer.publish(SampleCatalogue.info(name), coverage: SampleCatalogue.coverage) }
    let (gaia, wise) = (try writer.catalogue("gaia"), try writer.catalogue("wise"))
    for (a, b) in [(gaia, wise), (wise, gaia), (wise, wise)] {
      _ = try writer.beginRun(a, b, fingerprint: "r", configuration: "", program: "", now: "")
    }
    #expect(try writer.nextNumber(of: "gaia") == 2)
    try writer.publish(SampleCatalogue.info("gaia", number: 2), coverage: SampleCatalogue.coverage)
    #expect(try writer.catalogue("gaia").number == 2)
    #expect(try writer.allRuns().map { [$0.catalogueA, $0.catalogueB] } == [["wise", "wise"]])
    for table in ["generation", "\"column\"", "role", "input_file", "shard", "problem", "coverage"] {
      let column = table == "generation" ? "id" : "generation"
      let statement = try writer.connection.prepare("SELECT count(DISTINCT \(column)) FROM \(table)")
      #expect(try statement.step() && statement.int(0) == 2, "\(table)")
    }
  }

  @Test func aGenerationThatCannotBeRecordedChangesNothing() throws {
    let writer = try database.writableRegistry()
    try writer.publish(SampleCatalogue.info("gaia"), coverage: SampleCatalogue.coverage)
    let before = try Data(contentsOf: URL(fileURLWithPath: database.registryPath))
    var broken = SampleCatalogue.info("gaia", number: 2)
    broken.shards.append(broken.shards[0])
    #expect(throws: StoreError.self) { try writer.publish(broken, coverage: SampleCatalogue.coverage) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: database.registryPath)) == before)
    #expect(try writer.catalogue("gaia").number == 1)
  }

  /// A reader that looks while generations are switched sees each with all its parts.
  @Test func readersSeeWholeGenerationsWhileAWriterCommits() throws {
    let writer = try database.writableRegistry()
    try writer.publish(SampleCatalogue.info("gaia"), coverage: SampleCatalogue.coverage)
    let done = Atomic<Bool>(false)
    let seen = Guarded<[String]>([])
    let database = database
    try WorkerThreads.run(count: 3, threads: 3) { piece in
      if piece == 0 {
        defer { done.store(true, ordering: .relaxed) }
        for number in 2...25 {
          try database.writableRegistry().publish(
            SampleCatalogue.info("gaia", number: number, shards: 10), coverage: SampleCatalogue.coverage)
        }
        return
      }
      let registry = try database.registry()
      while !done.load(ordering: .relaxed) {
        let info = try registry.catalogue("gaia")
        let isWhole =
          info.shards.count == (info.number == 1 ? 3 : 10) && info.columns.count == 2 && info.roles.count == 3
          && info.inputs.count == 2 && info.shards.allSatisfy { $0.path.hasPrefix("catalogues/gaia/\(info.number)/") }
        if !isWhole { seen.withLock { $0.append("generation \(info.number) has \(info.shards.count) shards") } }
      }
    }
    #expect(seen.withLock { $0 } == [])
  }

  @Test func aGenerationReplacedMeanwhileIsSaidToBe() throws {
    let writer = try database.writableRegistry()
    try writer.publish(SampleCatalogue.info("gaia"), coverage: SampleCatalogue.coverage)
    let old = try writer.catalogue("gaia")
    try writer.publish(SampleCatalogue.info("gaia", number: 2), coverage: SampleCatalogue.coverage)
    let error = try #require(throws: StoreError.self) { try database.registry().coverage(of: old) }
    #expect(error.code == .busy && error.description.contains("was replaced"))
  }

  @Test(arguments: [
    "UPDATE shard SET \"order\" = 30", "UPDATE shard SET \"order\" = -1", "UPDATE shard SET pixel = -1",
    "UPDATE shard SET pixel = 9223372036854775807", "UPDATE generation SET layout = 'nonsense'",
    "UPDATE generation SET earliest_epoch_yr = 3000", "UPDATE coverage SET nodes = x'00'",
    "UPDATE coverage SET nodes = zeroblob(24)", "DELETE FROM coverage",
  ])
  func aDamagedRegistryIsAnErrorNotACrash(damage: String) throws {
    let writer = try database.writableRegistry()
    try writer.publish(SampleCatalogue.info("gaia"), coverage: SampleCatalogue.coverage)
    try writer.connection.execute(damage)
    let error = try #require(throws: StoreError.self) {
      _ = try database.registry().coverage(of: database.registry().catalogue("gaia"))
    }
    #expect(error.code == .damaged, "\(error)")
  }

  @Test func aDamagedRunChunkIsAnErrorNotACrash() throws {
    let writer = try database.writableRegistry()
    try writer.publish(SampleCatalogue.info("gaia"), coverage: SampleCatalogue.coverage)
    let gaia = try writer.catalogue("gaia")
    let run = try writer.beginRun(gaia, gaia, fingerprint: "r", configuration: "", program: "", now: "")
    let chunk = RunChunk(
      position: 0, pixel: HealpixPixel(order: 3, index: 5), path: "p", bytes: 1, fingerprint: "f", totals: RunTotals(),
      cost: RunCost(seconds: 0.5))
    try writer.record([chunk], of: run)
    #expect(try writer.chunks(of: run).map(\.pixel) == [chunk.pixel])
    try writer.connection.execute("UPDATE run_chunk SET \"order\" = 77")
    #expect(try #require(throws: StoreError.self) { try writer.chunks(of: run) }.code == .damaged)
  }
}
