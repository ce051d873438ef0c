import Foundation
import Testing
import XMDBTestSupport

/// The pair of catalogues of the whole sky that `scripts/simulate-all-sky.sh` makes.
enum AllSky {
  private static let script = ProjectPaths.packageRoot.appendingPathComponent("scripts/simulate-all-sky.sh").path

  /// A folder with a database of both catalogues, `sky.xmdb`.
  /// - Parameter shards: Size of the shards, MiB.
  static func database(sources: Int, shards: String = "64") throws -> Workdir {
    let folder = try Workdir()
    let simulated = try folder.bash("\(script) sky \(sources) $XMDB")
    try #require(simulated.status == 0, "\(simulated)")
    for name in ["a", "b"] {
      let result = try folder.xmdb("ingest", "sky/\(name).parquet", "--shard-mb", shards)
      try #require(result.status == 0, "\(result)")
    }
    return folder
  }
}
