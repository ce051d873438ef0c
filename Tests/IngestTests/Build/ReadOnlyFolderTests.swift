import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

/// A database that nobody may write to can be read; whoever wants to write is told why not.
@Suite struct ReadOnlyFolderTests {
  // In a process of its own, which gives up the rights of root: root may write anywhere.
  @Test func readersWorkAndWritersAreToldWhy() async {
    await #expect(processExitsWith: .success) {
      let lab = try IngestLab()
      var rng = SplitMix64(seed: 1)
      let path = try lab.write(SampleTable.plain(.sphere(100, using: &rng)))
      try lab.ingest([path])
      let before = try lab.contents()
      let other = try lab.write(SampleTable.plain(.sphere(50, using: &rng)), to: "other.parquet")
      try withoutRights(to: lab.database.path) {
        guard try lab.contents() == before else { throw IngestLab.Flaw("contents differ") }
        guard try SkyDatabase.openOrCreate(at: lab.database.path).registry().catalogueNames() == ["c"] else {
          throw IngestLab.Flaw("names differ")
        }
        do {
          try lab.ingest([other], as: "other")
          throw IngestLab.Flaw("wrote into a folder without the right to")
        } catch let error as StoreError {
          guard error.code == .system, error.description.contains("ermission") else { throw error }
        }
      }
      guard try lab.contents() == before else { throw IngestLab.Flaw("contents differ afterwards") }
    }
  }
}

/// Runs `body` while nothing below a folder may be changed.
private func withoutRights(to folder: String, _ body: () throws -> Void) throws {
  let everything = try [folder] + FileManager.default.subpathsOfDirectory(atPath: folder).map { folder + "/" + $0 }
  for path in everything { chmod(path, FileSystem.isDirectory(path) ? 0o555 : 0o444) }
  let wasRoot = geteuid() == 0
  if wasRoot { seteuid(65_534) }
  defer {
    if wasRoot { seteuid(0) }
    for path in everything { chmod(path, FileSystem.isDirectory(path) ? 0o755 : 0o644) }
  }
  try body()
}
