import Foundation
import Testing
import XMDBTestSupport

/// A folder full of somebody's files whose names are near those of xmdb, and what they were.
struct ForeignTree {
  private let folder: String
  private let before: [String: String]

  /// Names that xmdb uses, too, or that look like its own.
  private static let names = [
    "notes.txt", "gaia.parquet", "data/gaia.csv", ".git/config", "runs/experiment/log", "runs/3/status.json",
    "staging/mine/run-0.keys", "staging/keys", "runs/01/Norder=0/Npix=0.sqlite", "catalogues/gaia/dr3/gaia.parquet",
    "catalogues/hip/2/readme",
    "matches/Norder=3/Npix=5.csv", "matches/mine.csv", "nonmatches_gaia/x", "matches.csv.draft", ".matches.csv.draft",
    ".matches.draft/x", ".matches.old/x", "registry.draft/x", "writer.owner.old", "a.csv", "b.parquet.draft",
    "xmdb-1-0.sqlite", ".xmdb-notes", "reliability.txt", "chunk-0.sqlite", "status.json.draft",
    "scratch/xmdb-1-1.sqlite",
  ]

  /// Names that a database has, too: nobody but xmdb uses them in one.
  private static let likenesses = [
    "catalogues/gaia/1/Norder=0/Npix=0.sqlite", "runs/1/Norder=0/Npix=0.sqlite", "staging/run-0.keys", "staging/ids-1",
    "staging/generation/problems.sqlite",
  ]

  /// Makes the files in a folder; links to files and folders outside of it, too.
  init(in folder: Workdir, _ name: String, inDatabase: Bool = false) throws {
    self.folder = folder.path(name)
    for file in Self.names + (inDatabase ? [] : Self.likenesses) {
      try folder.write(Data("mine: \(file)".utf8), to: name + "/" + file)
    }
    try folder.write(Data("outside".utf8), to: "outside/Norder=0/Npix=0.sqlite")
    for link in ["link", "runs/7", "catalogues/linked", "staging/link"] {
      try FileManager.default.createSymbolicLink(
        atPath: self.folder + "/" + link, withDestinationPath: folder.path("outside"))
    }
    before = Self.entries(self.folder).merging(Self.entries(folder.path("outside"))) { $1 }
  }

  /// Every file, folder and link by its full path, with its contents or target.
  private static func entries(_ folder: String) -> [String: String] {
    var entries: [String: String] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      let path = folder + "/" + name
      if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
        entries[path] = "-> " + target
      } else {
        entries[path] =
          FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? "folder"
      }
    }
    return entries
  }

  /// Every entry is as it was.
  func expectUntouched(_ comment: String) {
    let now = Self.entries(folder).merging(Self.entries((folder as NSString).deletingLastPathComponent + "/outside")) {
      $1
    }
    for (path, contents) in before where now[path] != contents {
      Issue.record("\(comment): \(path) was '\(contents)' and is \(now[path].map { "'\($0)'" } ?? "gone")")
    }
  }

  /// Entries that were not there before, below the folder.
  var added: [String] {
    Self.entries(folder).keys.filter { before[$0] == nil }.map { String($0.dropFirst(folder.count + 1)) }.sorted()
  }
}
