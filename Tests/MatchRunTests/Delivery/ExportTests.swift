import CatalogStore
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Delivery
@testable import MatchRun

@Suite struct ExportTests {
  /// An export in a folder of its own.
  private struct Written {
    let folder: String
    let files: [MatchExport.File]

    init(_ bench: MatchBench, _ options: MatchExport.Options, to name: String = UUID().uuidString) throws {
      folder = bench.workdir.path(name)
      files = try MatchExport(database: bench.database, a: bench.nameA, b: bench.nameB).write(to: folder, options)
    }

    func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)) }

    /// Contents by name.
    var contents: [String: Data] {
      get throws { Dictionary(uniqueKeysWithValues: try files.map { ($0.name, try data($0.name)) }) }
    }

    /// The files of a table in the order of the manifest, one after the other.
    func joined(_ table: String) throws -> Data {
      try files.filter { $0.name.hasPrefix(table + "/") }.reduce(into: Data()) { $0 += try data($1.name) }
    }
  }

  private func options(threads: Int, rows: Int64, order: Int? = nil) -> MatchExport.Options {
    var options = MatchExport.Options(pixelOrder: order, threads: threads)
    options.pieceRows = rows
    return options
  }

  @Test(arguments: SimulatedSky.allCases) func contentsDoNotDependOnThreads(_ sky: SimulatedSky) throws {
    let bench = try MatchBench(sky.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    let expected = try Written(bench, options(threads: 1, rows: 1_000_000)).contents
    #expect(try Written(bench, options(threads: 3, rows: 7)).contents == expected)
    #expect(try Written(bench, options(threads: 2, rows: 1)).contents == expected)
  }

  @Test(arguments: [SimulatedSky.allSky, .clusters, .pixelBorders, .polarCorner])
  func pixelsOneAfterTheOtherAreTheWhole(_ sky: SimulatedSky) throws {
    let bench = try MatchBench(sky.pair())
    _ = try bench.run(sourcesPerChunk: 1_000_000)
    let whole = try Written(bench, options(threads: 1, rows: 1000))
    let tables = ["matches", "nonmatches_\(bench.nameA)", "nonmatches_\(bench.nameB)"]
    for order in [0, 4, 10] {
      let divided = try Written(bench, options(threads: 3, rows: 13, order: order), to: "divided-\(order)")
      for table in tables { #expect(try divided.joined(table) == whole.data(table + ".csv"), "\(table), \(order)") }
      #expect(try divided.data("matches.felis.yaml") == whole.data("matches.felis.yaml"))
      try expectManifest(of: divided)
    }
    // Small chunks this time: the same files again, whatever is larger.
    _ = try bench.run(sourcesPerChunk: 50)
    for order in [0, 4, 10] {
      let before = FolderBytes(bench.workdir.path("divided-\(order)"))
      let again = try Written(bench, options(threads: 2, rows: 1000, order: order))
      #expect(FolderBytes(again.folder) == before, "order \(order)")
    }
  }

  /// Every file is listed, with its rows, bytes and fingerprint, and nothing else is there.
  private func expectManifest(of written: Written) throws {
    let manifest = try #require(
      JSONSerialization.jsonObject(with: written.data("manifest.json")) as? [String: Any])
    let listed = try #require(manifest["files"] as? [[String: Any]])
    let names = listed.compactMap { $0["name"] as? String }
    #expect(Set(names + ["manifest.json"]) == Set(FolderBytes(written.folder).files.keys))
    for entry in listed {
      let (name, rows) = (try #require(entry["name"] as? String), try #require(entry["rows"] as? Int))
      let data = try written.data(name)
      #expect(entry["bytes"] as? Int == data.count)
      #expect(entry["xxh3_128"] as? String == (try Fingerprint(ofFile: written.folder + "/" + name)).description)
      if name.hasSuffix(".csv") { #expect(data.count { $0 == UInt8(ascii: "\n") } == rows && rows > 0, "\(name)") }
    }
  }

  @Test func rowsAreInTheirPixels() throws {
    let bench = try MatchBench(SimulatedSky.allSky.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    let written = try Written(bench, options(threads: 2, rows: 50, order: 6))
    for file in written.files where file.name.hasPrefix("nonmatches_\(bench.nameA)/") {
      let pixel = try #require(Int64(file.name.split(separator: "=").last?.dropLast(4) ?? ""))
      for line in String(decoding: try written.data(file.name), as: UTF8.self).split(separator: "\n") {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        let (ra, dec) = (try #require(Double(fields[1])), try #require(Double(fields[2])))
        let own = HealpixPixel(healpix29: Healpix29.index(raDegrees: ra, decDegrees: dec), order: 6)
        // The first member of its island is within arc seconds.
        #expect(
          PixelRangeSet(pixels: [own]).dilated(rings: 1, order: 6).intersects(
            HealpixPixel(order: 6, index: pixel).range29), "\(line)")
      }
    }
  }

  @Test func anExportReplacesTheOneBefore() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    _ = try Written(bench, options(threads: 1, rows: 100, order: 8), to: "out")
    let written = try Written(bench, options(threads: 1, rows: 100, order: 5), to: "out")
    #expect(Set(FolderBytes(written.folder).files.keys) == Set(written.files.map(\.name)))
  }

  private func names(_ written: Written) -> Set<String> { Set(FolderBytes(written.folder).files.keys) }

  @Test func oneWayToDivideReplacesAnother() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    for order in [5, nil, 8, nil, 3] {
      let written = try Written(bench, options(threads: 1, rows: 100, order: order), to: "out")
      #expect(names(written) == Set(written.files.map(\.name)), "\(order ?? -1)")
      #expect(FileSystem.exists(written.folder + "/matches") == (order != nil))
    }
  }

  /// What a person put there stays, to the byte, and what would be overwritten is refused.
  @Test func filesOfOtherPeopleStay() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    let others = [
      "notes.txt", "matches.csv.bak", ".matches.csv.draft", "matches.felis.yaml.old", "tables/matches.csv",
      "matches/Norder=4/Npix=1.csv", "matches/data.csv", "nonmatches_\(bench.nameA)/Norder=0/x",
    ]
    for name in others { try bench.workdir.write(Data("mine".utf8), to: "out/" + name) }
    let before = FolderBytes(bench.workdir.path("out")).files
    let refused = try #require(throws: StoreError.self) {
      try Written(bench, options(threads: 1, rows: 100, order: 4), to: "out")
    }
    #expect(refused.code == .usage && refused.description.contains("--force"), "\(refused)")
    #expect(FolderBytes(bench.workdir.path("out")).files == before)
    _ = try Written(bench, options(threads: 1, rows: 100), to: "out")
    var forced = options(threads: 1, rows: 100, order: 4)
    forced.replacesOthers = true
    let written = try Written(bench, forced, to: "out")
    let after = FolderBytes(written.folder).files
    for (name, data) in before where !written.files.map(\.name).contains(name) {
      #expect(after[name] == data, "\(name)")
    }
    #expect(Set(after.keys) == Set(written.files.map(\.name)).union(before.keys))
  }

  @Test(arguments: ["matches.csv", "manifest.json", "matches.felis.yaml"])
  func aFileOfTheSameNameIsRefused(_ name: String) throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    try bench.workdir.write(Data("{\"files\": [{\"name\": \"matches.csv\", \"bytes\": 4}]}".utf8), to: "out/" + name)
    let before = FolderBytes(bench.workdir.path("out"))
    #expect(throws: StoreError.self) { try Written(bench, options(threads: 1, rows: 100), to: "out") }
    #expect(FolderBytes(bench.workdir.path("out")) == before)
    var forced = options(threads: 1, rows: 100)
    forced.replacesOthers = true
    let written = try Written(bench, forced, to: "out")
    #expect(names(written) == Set(written.files.map(\.name)))
  }

  @Test func anExportDoesNotWriteThroughLinks() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    let elsewhere = try bench.workdir.write(Data("mine".utf8), to: "elsewhere/matches.csv")
    try FileSystem.createDirectories(bench.workdir.path("out"))
    for (name, target) in [("matches", "elsewhere"), ("matches.csv", "elsewhere/matches.csv")] {
      try FileManager.default.createSymbolicLink(
        atPath: bench.workdir.path("out/" + name), withDestinationPath: bench.workdir.path(target))
    }
    for order in [nil, 3] {
      #expect(throws: StoreError.self) { try Written(bench, options(threads: 1, rows: 100, order: order), to: "out") }
    }
    #expect(FolderBytes(bench.workdir.path("elsewhere")).files.count == 1)
    #expect(try String(contentsOfFile: elsewhere, encoding: .utf8) == "mine")
  }

  /// A listed file that somebody has changed since is not removed with the others.
  @Test func aChangedFileOfAnOldExportStays() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    _ = try Written(bench, options(threads: 1, rows: 100), to: "out")
    try bench.workdir.write(Data("edited".utf8), to: "out/matches.csv")
    let written = try Written(bench, options(threads: 1, rows: 100, order: 3), to: "out")
    #expect(names(written) == Set(written.files.map(\.name)).union(["matches.csv"]))
  }

  /// Killed while files got their names: the journal lists them, and the next export takes them for its own.
  @Test func whatAKilledExportLeavesIsReplaced() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    let first = try Written(bench, options(threads: 1, rows: 100, order: 5), to: "out")
    let manifest = try first.data("manifest.json")
    try bench.workdir.write(manifest, to: "out/.xmdb-export.json")
    try FileManager.default.removeItem(atPath: first.folder + "/manifest.json")
    let written = try Written(bench, options(threads: 1, rows: 100), to: "out")
    #expect(names(written) == Set(written.files.map(\.name)))
  }

  @Test func onlyOneExportWritesIntoAFolder() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    let other = try ExportFolder(bench.workdir.path("out"), replacesOthers: false)
    let error = try #require(throws: StoreError.self) { try Written(bench, options(threads: 1, rows: 9), to: "out") }
    #expect(error.code == .busy)
    withExtendedLifetime(other) {}
  }

  @Test(arguments: [nil, 5]) func aStoppedExportLeavesNothingBehind(_ order: Int?) throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    let (folder, cancellation) = (bench.workdir.path("out"), Cancellation())
    #expect(throws: StoreError.self) {
      try MatchExport(database: bench.database, a: bench.nameA, b: bench.nameB).write(
        to: folder, options(threads: 2, rows: 5, order: order), cancellation: cancellation
      ) { _, _, _ in cancellation.request() }
    }
    #expect(FolderBytes(folder).files.isEmpty && FileSystem.list(folder).isEmpty, "\(FileSystem.list(folder))")
  }

  @Test func anOrderThatIsTooFineIsRefused() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    #expect(throws: StoreError.self) { try Written(bench, options(threads: 1, rows: 5, order: 11)) }
  }
}

/// Every file below a folder with its bytes.
private struct FolderBytes: Equatable {
  var files: [String: Data] = [:]

  init(_ folder: String) {
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      let path = folder + "/" + name
      if !FileSystem.isDirectory(path) { files[name] = FileManager.default.contents(atPath: path) }
    }
  }
}
