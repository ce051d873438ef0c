import CSQLiteBoot
import CatalogStore
import Foundation
import Ingest
import MatchRun
import XMDBTestSupport

/// The real Gaia and CatWISE cones beside the project, ingested once for all tests that ask.
enum RealCones {
  static let folder = ProjectPaths.shared?.appendingPathComponent("real").path
  static var isPresent: Bool { folder.map { FileManager.default.fileExists(atPath: $0 + "/gaia.parquet") } ?? false }

  /// Ingests both into a new database in `workdir`.
  static func ingest(into workdir: Workdir, shardBytes: Int64 = 64 << 20, threads: Int = 1) throws -> SkyDatabase {
    _ = xsql_bootstrap()
    let database = try SkyDatabase.openOrCreate(at: workdir.path("sky.xmdb"))
    for name in ["gaia", "catwise"] {
      var options = IngestOptions(paths: [folder! + "/\(name).parquet"])
      options.shardBytes = shardBytes
      options.threads = threads
      _ = try IngestDriver(plan: IngestPlan(options)).run(into: database)
    }
    return database
  }
}
