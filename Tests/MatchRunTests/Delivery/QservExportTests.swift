import CatalogStore
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Delivery
@testable import MatchRun

/// Packages for Qserv. That numbers of chunks are Rubin's, and rows what MySQL loads, is shown by scripts/check-qserv.py.
@Suite struct QservExportTests {
  private struct Written {
    let folder: String
    let files: [MatchExport.File]

    init(
      _ bench: MatchBench, _ qserv: QservDatabase?, threads: Int = 1, rows: Int64 = 1000, pairs: Bool = false,
      to name: String = UUID().uuidString
    ) throws {
      folder = bench.workdir.path(name)
      var options = MatchExport.Options(threads: threads)
      (options.pieceRows, options.qserv, options.hasPairs) = (rows, qserv, pairs)
      files = try MatchExport(database: bench.database, a: bench.nameA, b: bench.nameB).write(to: folder, options)
    }

    func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)) }

    func json(_ name: String) throws -> [String: Any] {
      try #require(JSONSerialization.jsonObject(with: data(name)) as? [String: Any])
    }

    func rows(_ name: String) throws -> [[String]] {
      String(decoding: try data(name), as: UTF8.self).split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    }

    /// Rows of the chunks of a table, or of the surroundings.
    func rows(of table: String, overlap: Bool = false) throws -> [[String]] {
      try files.filter { $0.name.hasPrefix(table + "/") && $0.name.hasSuffix("_overlap.txt") == overlap }.flatMap {
        try rows($0.name)
      }
    }

    var contents: [String: Data] {
      get throws { Dictionary(uniqueKeysWithValues: try files.map { ($0.name, try data($0.name)) }) }
    }
  }

  private func bench(_ sky: SimulatedSky) throws -> MatchBench {
    let bench = try MatchBench(sky.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    return bench
  }

  private func partition(_ stripes: Int = 85, _ overlap: Double = 0.01) throws -> StripePartition {
    try #require(StripePartition(stripes: stripes, subStripes: 3, overlapDegrees: overlap))
  }

  private func qserv(_ parts: StripePartition, directors: Bool = false) throws -> QservDatabase {
    try QservDatabase(
      name: "xm", partition: parts, directorA: directors ? .init("first.source") : nil,
      directorB: directors ? .init("other") : nil)
  }

  private static let skies: [SimulatedSky] = [.allSky, .clusters, .polarCorner]

  /// The rows of all chunks are those of the undivided tables, each in the chunk of its position; the surroundings repeat them.
  @Test(arguments: skies) func everyRowIsInItsChunk(_ sky: SimulatedSky) throws {
    let bench = try bench(sky)
    let parts = try partition()
    let plain = try Written(bench, nil)
    let written = try Written(bench, qserv(parts))
    for table in ["matches", "nonmatches_\(bench.nameA)", "nonmatches_\(bench.nameB)"] {
      let rows = try written.rows(of: table)
      #expect(Set(rows.map { Array($0.dropLast(2)) }) == Set(try plain.rows(table + ".csv")), "\(table)")
      #expect(try rows.count == plain.rows(table + ".csv").count)
      var expected: Set<[String]> = []
      for row in rows {
        let (ra, dec) = (try #require(Double(row[1])), try #require(Double(row[2])))
        let place = parts.place(raDegrees: ra, decDegrees: dec)
        #expect(row.suffix(2) == ["\(place.chunk)", "\(place.subChunk)"])
        for near in parts.surroundings(raDegrees: ra, decDegrees: dec) {
          expected.insert(row.dropLast(2) + ["\(near.chunk)", "\(near.subChunk)"])
        }
      }
      let around = try written.rows(of: table, overlap: true)
      #expect(Set(around) == expected && around.count == expected.count, "\(table)")
    }
    try expectDescribed(written)
  }

  /// Every file is in the manifest and every file of rows in metadata.json; rows are as wide as the schema.
  private func expectDescribed(_ written: Written) throws {
    let listed = try #require(written.json("manifest.json")["files"] as? [[String: Any]])
    let there = FileManager.default.enumerator(atPath: written.folder)?.allObjects.compactMap { $0 as? String }
      .filter { !FileSystem.isDirectory(written.folder + "/" + $0) }
    #expect(Set(listed.compactMap { $0["name"] as? String } + ["manifest.json"]) == Set(there ?? []))
    for entry in listed {
      let name = try #require(entry["name"] as? String)
      #expect(entry["xxh3_128"] as? String == (try Fingerprint(ofFile: written.folder + "/" + name)).description)
    }
    let metadata = try written.json("metadata.json")
    #expect(metadata["version"] as? Int == 55 && metadata["database"] as? String == "database.json")
    for table in try #require(metadata["tables"] as? [[String: Any]]) {
      let description = try written.json(try #require(table["schema"] as? String))
      let name = try #require(description["table"] as? String)
      let columns = try #require(description["schema"] as? [[String: String]])
      let data = try #require((table["data"] as? [[String: Any]])?.first)
      #expect(data["directory"] as? String == name && description["version"] as? Int == 55)
      for (kind, suffix) in [("chunks", ".txt"), ("overlaps", "_overlap.txt")] {
        let chunks = try #require(data[kind] as? [Int])
        let names = written.files.map(\.name).filter {
          $0.hasPrefix(name + "/") && $0.hasSuffix("_overlap.txt") == (kind == "overlaps")
        }
        #expect(Set(names) == Set(chunks.map { "\(name)/chunk_\($0)\(suffix)" }))
        for chunk in chunks {
          #expect(try written.rows("\(name)/chunk_\(chunk)\(suffix)").allSatisfy { $0.count == columns.count })
        }
      }
    }
  }

  @Test(arguments: skies) func contentsDoNotDependOnThreads(_ sky: SimulatedSky) throws {
    let bench = try bench(sky)
    let qserv = try qserv(partition(), directors: true)
    let expected = try Written(bench, qserv, pairs: true).contents
    #expect(try Written(bench, qserv, threads: 3, rows: 7, pairs: true).contents == expected)
  }

  /// A pair is stored in the chunk of either object, and says so; one wider than the overlap is kept aside.
  @Test(arguments: [0.01, 0.000_05]) func pairsAreInTheChunksOfBoth(_ overlap: Double) throws {
    let bench = try bench(.allSky)
    let parts = try partition(340, overlap)
    let plain = try Written(bench, nil, pairs: true)
    let written = try Written(bench, qserv(parts, directors: true), pairs: true)
    let header = try #require(written.json("matches.json")["schema"] as? [[String: String]]).compactMap { $0["name"] }
    let second = try #require(header.firstIndex { $0.hasPrefix(bench.nameB + "_") })
    var seen: [[String]: [String]] = [:]
    for row in try written.rows(of: "matches") {
      let isSecond = row[row.count - 3] == "2"
      let at = isSecond ? second : 0
      let place = parts.place(
        raDegrees: try #require(Double(row[at + 1])), decDegrees: try #require(Double(row[at + 2])))
      #expect(row.suffix(2) == ["\(place.chunk)", "\(place.subChunk)"])
      seen[Array(row.dropLast(3)), default: []].append(row[row.count - 3])
    }
    #expect(seen.values.allSatisfy { $0 == ["3"] || $0.sorted() == ["1", "2"] })
    let beyond =
      written.files.contains { $0.name == "matches_beyond_overlap.csv" }
      ? try written.rows("matches_beyond_overlap.csv") : []
    #expect(beyond.isEmpty == (overlap == 0.01))
    #expect(Set(seen.keys).union(beyond) == Set(try plain.rows("matches.csv")))
    #expect(Set(seen.keys).isDisjoint(with: beyond))
    let pairs = Set(try written.rows(of: "pairs").map { Array($0.dropLast(3)) })
    let aside =
      written.files.contains { $0.name == "pairs_beyond_overlap.csv" }
      ? try written.rows("pairs_beyond_overlap.csv") : []
    #expect(pairs.union(aside) == Set(try plain.rows("pairs.csv")))
    try expectJoined(written, overlap)
  }

  private func expectJoined(_ written: Written, _ overlap: Double) throws {
    let match = try written.json("matches.json")
    #expect(match["director_table"] as? String == "first.source" && match["director_table2"] as? String == "other")
    #expect(match["flag"] as? String == "partitioningFlags" && match["ang_sep"] as? Double == overlap)
    let columns = try #require(match["schema"] as? [[String: String]])
    for key in ["director_key", "director_key2", "flag"] {
      let column = try #require(columns.first { $0["name"] == match[key] as? String }, "\(key)")
      #expect(column["type"]?.hasSuffix("NOT NULL") == true)
    }
  }

  /// Rubin's `DiaObject_To_Object_Match`: both ids, the separation, and the logarithm of the probability.
  @Test func pairsHaveTheirLogarithms() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    let run = try bench.run()
    let written = try Written(bench, nil, pairs: true)
    let rows = try written.rows("pairs.csv")
    #expect(rows.count == run.pairs.count && rows.count > 100)
    let felis = String(decoding: try written.data("matches.felis.yaml"), as: UTF8.self)
    #expect(felis.contains("#pairs.dist") && felis.contains("#pairs.lnP"))
    for (row, pair) in zip(rows, run.pairs) {
      #expect(row.count == 4)
      #expect(Double(row[2]) == pair.double("separation_arcsec"))
      let probability = pair.double("pair_p")
      #expect(probability > 0 ? Double(row[3]) == log(probability) : row[3] == "\\N")
    }
  }

  @Test func aPackageForQservReplacesOthers() throws {
    let bench = try bench(.clusters)
    for qserv in [nil, try qserv(partition()), try qserv(partition(340)), try qserv(partition(), directors: true), nil]
    {
      let written = try Written(bench, qserv, to: "out")
      let there = FileManager.default.enumerator(atPath: written.folder)?.allObjects.compactMap { $0 as? String }
        .filter { !FileSystem.isDirectory(written.folder + "/" + $0) }
      #expect(Set(written.files.map(\.name)) == Set(there ?? []))
    }
    try bench.workdir.write(Data("mine".utf8), to: "mine/matches/chunk_1.txt")
    #expect(throws: StoreError.self) { try Written(bench, qserv(partition()), to: "mine") }
  }

  @Test func aStoppedExportLeavesNothingBehind() throws {
    let bench = try bench(.clusters)
    let (folder, cancellation) = (bench.workdir.path("out"), Cancellation())
    var options = MatchExport.Options(threads: 2)
    (options.pieceRows, options.qserv) = (5, try qserv(partition()))
    #expect(throws: StoreError.self) {
      try MatchExport(database: bench.database, a: bench.nameA, b: bench.nameB).write(
        to: folder, options, cancellation: cancellation
      ) { _, _, _ in cancellation.request() }
    }
    #expect(FileSystem.list(folder).isEmpty, "\(FileSystem.list(folder))")
  }

  // MARK: Names

  @Test(arguments: [
    ("gaia", "gaia"), ("DR3.main", "DR3_main"), ("2mass", "2mass"), ("a b-c+d", "a_b_c_d"), ("12", "x_12"),
    ("qserv_x", "x_qserv_x"), ("Qserv", "x_Qserv"), ("σ", "__"), ("", "x_"),
    (String(repeating: "a", count: 80), String(repeating: "a", count: 64)),
  ])
  func namesAreMadePlain(_ name: String, _ plain: String) {
    #expect(QservName.plain(name) == plain)
    #expect(QservName.isPlain(plain))
  }

  @Test func namesAreDistinct() {
    let names = ["Ra", "ra", "r.a", "r_a", "CHUNKID"]
    #expect(QservName.distinct(names, taken: ["chunkId"]) == ["Ra", "ra_2", "r_a", "r_a_2", "CHUNKID_2"])
    let long = Array(repeating: String(repeating: "b", count: 70), count: 20)
    let found = QservName.distinct(long)
    #expect(Set(found).count == 20 && found.allSatisfy { $0.utf8.count <= 64 })
  }

  @Test(arguments: ["", "a.b.c", ".a", "a.", "a b", "qserv.x", "a;drop", "a`b", "12"])
  func otherTablesAreRefused(_ name: String) {
    #expect(throws: StoreError.self) { try QservDatabase.Director(name) }
  }

  @Test func whatQservCannotHoldIsRefused() throws {
    let bench = try bench(.clusters)
    let parts = try partition()
    #expect(throws: StoreError.self) { try QservDatabase(name: "a b", partition: parts) }
    let long = try QservDatabase(name: String(repeating: "d", count: 50), partition: parts)
    let error = try #require(throws: StoreError.self) { try Written(bench, long) }
    #expect(error.code == .usage && error.description.contains("56"), "\(error)")
    let pairs = try #require(throws: StoreError.self) { try Written(bench, qserv(parts), pairs: true) }
    #expect(pairs.description.contains("--director-a"), "\(pairs)")
  }
}
