import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

/// Nothing is removed but what xmdb has made.
@Suite struct RemovalTests {
  /// Files are removed in one place, which knows the names that xmdb gives.
  @Test func noOtherCodeRemovesFiles() throws {
    let sources = ProjectPaths.packageRoot.appendingPathComponent("Sources")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    var seen = 0
    for case let file as URL in files ?? .init() where ["swift", "c", "cpp"].contains(file.pathExtension) {
      seen += 1
      if file.path.hasSuffix("CatalogStore/Files/Removal.swift") { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      for call in ["unlink(", "unlinkat(", "rmdir(", "removeItem(", "remove_all(", "nftw("] {
        #expect(!text.contains(call), "\(file.path) calls \(call)")
      }
    }
    #expect(seen > 200)
  }

  @Test(arguments: [
    "../x.csv", "matches.csv/../../x", "/etc/passwd", "matches", "matches/notes.txt", "matches/Norder=3/Npix=1.sqlite",
    "matches/Norder=30/Npix=1.csv", "matches/Norder=3/Npix=01.csv", "matches/Norder=3/Npix=-1.csv",
    "other/Norder=3/Npix=1.csv",
    "matches/chunk_01.txt", "matches/chunk_1_overlap.csv", "matches/chunk_.txt", "other/chunk_1.txt", "idx_other.json",
    "matches.csv/", "catalog/notes.txt", "margin/matches.csv", "catalog/dataset", "catalog/dataset/mine.parquet",
    "catalog/catalog/dataset/_metadata", "other/dataset/_metadata", "margin/matches/chunk_7.txt", "catalog/../x",
    "manifest.json", "", ".csv", "matches/Norder=3/.Npix=1.csv.draft",
  ])
  func aManifestCannotNameOtherFiles(_ name: String) {
    #expect(ExportedFile(name: name, bytes: 1) == nil)
  }

  @Test(arguments: [
    "matches.csv", "nonmatches_gaia.csv", "matches.felis.yaml", "matches/Norder=3/Npix=1.csv",
    "nonmatches_b/Norder=0/Npix=11.csv", "matches/chunk_230520.txt", "nonmatches_b/chunk_7_overlap.txt", "pairs.csv",
    "database.json", "metadata.json", "matches.json", "idx_nonmatches_b.json", "pairs_beyond_overlap.csv",
    "collection.properties", "catalog/hats.properties", "margin/dataset/_metadata",
    "margin/dataset/Norder=3/Dir=0/Npix=7.parquet",
  ])
  func aManifestNamesFilesOfExports(_ name: String) {
    #expect(ExportedFile(name: name, bytes: 1)?.name == name)
  }
}
