import CSQLiteBoot
import CatalogStore
import Delivery
import Foundation
import Ingest
import MatchRun
import XMDBTestSupport

/// A database in a private folder with two simulated catalogues, on which matches are run.
final class MatchBench {
  let workdir: Workdir
  let database: SkyDatabase
  let nameA: String
  let nameB: String

  init(_ pair: SimulatedPair, shardBytes: Int64 = 64 << 20) throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    database = try SkyDatabase.openOrCreate(at: workdir.path("sky.xmdb"))
    (nameA, nameB) = (pair.a.name, pair.b.name)
    for catalogue in [pair.a, pair.b] { try ingest(catalogue, shardBytes: shardBytes) }
  }

  /// A bench around catalogues that are in a database already.
  init(_ workdir: Workdir, _ database: SkyDatabase, _ a: String, _ b: String) {
    (self.workdir, self.database, nameA, nameB) = (workdir, database, a, b)
  }

  @discardableResult
  func ingest(_ catalogue: SimulatedCatalogue, shardBytes: Int64 = 64 << 20, replace: Bool = false) throws
    -> CatalogueInfo
  {
    let options = try catalogue.write(into: workdir, shardBytes: shardBytes, replace: replace)
    return try IngestDriver(plan: IngestPlan(options)).run(into: database).catalogue
  }

  func plan(_ configuration: MatchConfiguration = MatchConfiguration.positionsOnly, sourcesPerChunk: Int? = nil) throws
    -> MatchPlan
  {
    try MatchPlan(
      database: database, a: nameA, b: nameB, configuration: configuration, sourcesPerChunk: sourcesPerChunk)
  }

  /// Runs a match from the beginning and reads what it wrote.
  func run(
    _ configuration: MatchConfiguration = MatchConfiguration.positionsOnly, sourcesPerChunk: Int? = nil,
    threads: Int = 1
  ) throws -> RunRows {
    try run(plan(configuration, sourcesPerChunk: sourcesPerChunk), threads: threads)
  }

  func run(_ plan: MatchPlan, threads: Int = 1) throws -> RunRows {
    try rows(of: MatchDriver(plan: plan, threads: threads).run(redo: true))
  }

  func rows(of outcome: MatchDriver.Outcome) throws -> RunRows { try RunRows(database: database, outcome) }

  /// The exported tables, byte for byte, without the manifest: it names the run.
  func export() throws -> [String: Data] {
    let folder = workdir.path("out-\(UUID().uuidString)")
    let files = try MatchExport(database: database, a: nameA, b: nameB).write(to: folder, .init(header: true))
    var contents: [String: Data] = [:]
    for file in files where file.name != "manifest.json" {
      contents[file.name] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file.name))
    }
    return contents
  }
}
