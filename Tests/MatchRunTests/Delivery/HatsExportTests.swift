import CatalogStore
import Formats
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Delivery
@testable import MatchRun

@Suite struct HatsExportTests {
  private func export(
    _ bench: MatchBench, _ kind: HatsKind, _ choice: TableChoice, to name: String, partitionRows: Int64 = 50,
    threads: Int = 1, margin: Double? = nil
  ) throws -> HatsExport.Written {
    let export = try HatsExport(
      database: bench.database, a: bench.nameA, b: bench.nameB, kind: kind, choice: choice)
    var options = HatsExport.Options()
    (options.partitionRows, options.threads, options.marginArcsec) = (partitionRows, threads, margin)
    return try export.write(to: bench.workdir.path(name), options)
  }

  /// Rows as texts, with the file that each is in.
  private func rows(_ folder: String) throws -> (names: [String], rows: [(file: String, values: [String])]) {
    let source = try TableSource(paths: [folder])
    var found: [(String, [String])] = []
    try source.forEachBatch { batch in
      let path = source.files[batch.fileIndex].path
      for row in 0..<batch.rowCount {
        found.append(
          (
            path,
            batch.columns.map { column in
              guard column.validity.isPresent(row) else { return "NULL" }
              switch column.values {
              case .int64(let numbers): return "\(numbers[row])"
              case .float64(let numbers): return "\(numbers[row].bitPattern)"
              case .float32(let numbers): return "\(numbers[row].bitPattern)"
              case .text(let texts): return texts.string(row)
              default: return "?"
              }
            }
          ))
      }
    }
    return (source.columns.map(\.name), found)
  }

  /// The rows are those of the one table; each lies in the pixel of its file, and files are sorted.
  @Test(arguments: [SimulatedSky.allSky, .clusters, .duplicates])
  func aCatalogueHoldsTheRowsOfTheTable(_ sky: SimulatedSky) throws {
    let bench = try MatchBench(sky.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    for (kind, choice) in [
      (HatsKind.association, try TableChoice()), (.association, try TableChoice(find: .all)),
      (.joined, try TableChoice()), (.joined, try TableChoice(join: .all1)),
    ] {
      let name = "h-\(kind)-\(choice.find)-\(choice.join)"
      let written = try export(bench, kind, choice, to: name)
      let (names, found) = try rows(bench.workdir.path(name))
      #expect(names[0] == "_healpix_29" && Int64(found.count) == written.rows)
      let table = try TableExport(
        database: bench.database, a: bench.nameA, b: bench.nameB, choice: choice,
        columns: kind == .association
          ? ["a_id", "b_id", "separation_arcsec", "pair_p"]
          : ["a_ra_deg", "a_dec_deg"] + TableExport.columnsOfBoth(choice))
      let path = bench.workdir.path(name + ".parquet")
      _ = try table.write(to: path, .parquet)
      let (wanted, expected) = try rows(path)
      let places = try wanted.map { try #require(names.firstIndex(of: $0), "\($0) is not in \(names)") }
      let taken = found.map { row in places.map { row.values[$0] }.joined(separator: "|") }
      #expect(taken.sorted() == expected.map { $0.values.joined(separator: "|") }.sorted())
      var last: (file: String, key: Int64) = ("", -1)
      for (file, values) in found {
        let key = try #require(Int64(values[0]))
        let parts = file.split(separator: "/").suffix(3)
        let numbers = parts.compactMap { Int64($0.split(separator: "=")[1].prefix { $0.isNumber }) }
        #expect(HealpixPixel(healpix29: key, order: Int(numbers[0])).index == numbers[2])
        #expect(numbers[1] == numbers[2] / 10_000 * 10_000)
        #expect(file != last.file || key >= last.key)
        last = (file, key)
      }
    }
  }

  private struct Row {
    let partition: HealpixPixel
    let key: Int64
    let position: SkyPosition
    let values: String
  }

  private func placedRows(_ folder: String) throws -> [Row] {
    let (names, found) = try rows(folder)
    let (ra, dec) = (try #require(names.firstIndex(of: "a_ra_deg")), try #require(names.firstIndex(of: "a_dec_deg")))
    func number(_ text: String) -> Double { Double(bitPattern: UInt64(text) ?? 0) }
    return try found.map { file, values in
      let numbers = file.split(separator: "/").suffix(3).compactMap { part in
        Int64(part.split(separator: "=")[1].prefix { $0.isNumber })
      }
      return Row(
        partition: HealpixPixel(order: Int(numbers[0]), index: numbers[2]), key: try #require(Int64(values[0])),
        position: try #require(SkyPosition(raDegrees: number(values[ra]), decDegrees: number(values[dec]))),
        values: values.joined(separator: "|"))
    }
  }

  /// Of each partition the margin has every row of another one that lies within the threshold of any of its own, by brute force, and no row
  /// that is its own, twice, or none of the catalogue.
  @Test(arguments: [(SimulatedSky.allSky, 3600.0), (.clusters, 600), (.clusters, 20)])
  func theMarginHoldsTheRowsAroundEachPartition(_ sky: SimulatedSky, _ arcsec: Double) throws {
    let bench = try MatchBench(sky.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    let written = try export(bench, .joined, TableChoice(join: .all1), to: "c", partitionRows: 20, margin: arcsec)
    let main = try placedRows(bench.workdir.path("c/catalog"))
    let margin = try placedRows(bench.workdir.path("c/margin"))
    #expect(Int64(main.count) == written.rows && Int64(margin.count) == written.marginRows && !margin.isEmpty)
    let known = Set(main.map(\.values))
    let partitions = Set(main.map(\.partition))
    for row in margin {
      #expect(partitions.contains(row.partition) && known.contains(row.values))
      #expect(!row.partition.contains(healpix29: row.key))
    }
    let places = Dictionary(zip(main.map(\.values), main.indices), uniquingKeysWith: { first, _ in first })
    var held = Dictionary(uniqueKeysWithValues: partitions.map { ($0, Set<Int>()) })
    for row in margin {
      let place = try #require(places[row.values])
      #expect(held[row.partition]?.insert(place).inserted == true)
    }
    var (near, missing) = (0, 0)
    for one in main {
      let around = try #require(held[one.partition])
      for (place, other) in main.enumerated() where other.partition != one.partition {
        guard abs(one.position.decDegrees - other.position.decDegrees) * 3600 <= arcsec,
          one.position.separation(to: other.position).arcseconds <= arcsec
        else { continue }
        near += 1
        if !around.contains(place) { missing += 1 }
      }
    }
    #expect(missing == 0)
    // Sources that fill the sky are too few to have neighbours.
    #expect(near > 0 || sky == .allSky)
    // A collection stands for its catalogue.
    #expect(try TableSource(paths: [bench.workdir.path("c")]).rowCount == written.rows)
    let collection = try String(contentsOfFile: bench.workdir.path("c/collection.properties"), encoding: .utf8)
    for line in ["hats_primary_table_url=catalog", "all_margins=margin", "default_margin=margin"] {
      #expect(collection.contains(line + "\n"))
    }
    let properties = try String(contentsOfFile: bench.workdir.path("c/margin/hats.properties"), encoding: .utf8)
    for line in ["dataproduct_type=margin", "hats_margin_threshold=\(arcsec)", "hats_nrows=\(margin.count)"] {
      #expect(properties.contains(line + "\n"), "\(properties)")
    }
  }

  /// Positions around a pixel, nearer than the threshold, are in it or in its surroundings; at poles and corners too.
  @Test func theSurroundingsReachTheThreshold() {
    var random = SplitMix64(seed: 31)
    for order in [0, 1, 4, 9] {
      for arcsec in [0.001, 5, 3600] {
        let margin = HatsMargin(thresholdArcsec: arcsec)
        for index in [0, 3, Int64(12) << Int64(2 * order) - 1, (Int64(12) << Int64(2 * order)) / 2] {
          let pixel = HealpixPixel(order: order, index: min(index, Int64(12) << Int64(2 * order) - 1))
          let surroundings = margin.surroundings(of: pixel)
          #expect(!surroundings.intersects(pixel.range29))
          for point in pixel.border(pointsPerSide: 20) {
            let angle = Double.random(in: 0..<2 * .pi, using: &random)
            let far = arcsec * 0.999 / 3600
            let dec = min(90, max(-90, point.decDegrees + far * cos(angle)))
            let ra = point.raDegrees + far * sin(angle) / max(1e-3, cos(dec * .pi / 180))
            let near = SkyPosition(raDegrees: ra, decDegrees: dec)
            guard let near, near.separation(to: point).arcseconds <= arcsec else { continue }
            let key = Healpix29.index(raDegrees: ra, decDegrees: dec)
            #expect(pixel.contains(healpix29: key) || surroundings.contains(key), "\(pixel), \(arcsec)")
          }
        }
      }
    }
  }

  @Test func aCatalogueAndACollectionReplaceOneAnother() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    func files() throws -> [String] {
      try FileManager.default.subpathsOfDirectory(atPath: bench.workdir.path("out")).filter { $0.contains(".") }
    }
    _ = try export(bench, .joined, TableChoice(), to: "out", partitionRows: 20)
    _ = try export(bench, .joined, TableChoice(), to: "out", partitionRows: 20, margin: 600)
    #expect(try files().allSatisfy { $0.hasPrefix("catalog/") || $0.hasPrefix("margin/") || !$0.contains("/") })
    #expect(try files().contains("collection.properties") && !files().contains("hats.properties"))
    _ = try export(bench, .joined, TableChoice(), to: "out", partitionRows: 30, margin: 600)
    try bench.workdir.write(Data("mine".utf8), to: "out/margin/dataset/mine.parquet")
    #expect(throws: StoreError.self) {
      try export(bench, .joined, TableChoice(), to: "out", partitionRows: 20, margin: 600)
    }
    try FileManager.default.removeItem(atPath: bench.workdir.path("out/margin/dataset/mine.parquet"))
    _ = try export(bench, .joined, TableChoice(), to: "out", partitionRows: 20)
    #expect(try !files().contains { $0.hasPrefix("margin") || $0.hasPrefix("catalog") || $0.hasPrefix("collection") })
    // Of an association there is none, nor where no row is near.
    #expect(throws: StoreError.self) { try export(bench, .association, TableChoice(), to: "x", margin: 10) }
    let error = #expect(throws: StoreError.self) {
      try export(bench, .joined, TableChoice(), to: "y", partitionRows: 1_000_000, margin: 0.001)
    }
    #expect(error?.message.contains("no row lies so near") == true, "\(String(describing: error))")
  }

  @Test func theContentsDoNotDependOnThreads() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    for threads in [1, 3] {
      _ = try export(bench, .joined, TableChoice(), to: "t\(threads)", threads: threads, margin: 600)
    }
    let files = try FileManager.default.subpathsOfDirectory(atPath: bench.workdir.path("t1")).sorted()
    #expect(try FileManager.default.subpathsOfDirectory(atPath: bench.workdir.path("t3")).sorted() == files)
    for file in files where file.hasSuffix(".parquet") || file.hasSuffix("csv") || file.hasSuffix("_metadata") {
      #expect(
        FileManager.default.contents(atPath: bench.workdir.path("t1/\(file)"))
          == FileManager.default.contents(atPath: bench.workdir.path("t3/\(file)")), "\(file)")
    }
  }

  @Test func anEarlierExportIsReplacedAndOtherFilesStay() throws {
    let bench = try MatchBench(SimulatedSky.allSky.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    let first = try export(bench, .joined, TableChoice(), to: "out", partitionRows: 5)
    try bench.workdir.write(Data("mine".utf8), to: "out/notes.txt")
    let second = try export(bench, .association, TableChoice(), to: "out", partitionRows: 1_000_000)
    #expect(second.partitions < first.partitions && second.partitions <= 12)
    let files = try FileManager.default.subpathsOfDirectory(atPath: bench.workdir.path("out"))
    #expect(files.count { $0.hasSuffix(".parquet") } == second.partitions && files.contains("notes.txt"))
    let other = bench.workdir.path("other")
    try bench.workdir.write(Data("mine".utf8), to: "other/dataset/mine.parquet")
    #expect(throws: StoreError.self) { try export(bench, .association, TableChoice(), to: "other") }
    #expect(try FileManager.default.subpathsOfDirectory(atPath: other) == ["dataset", "dataset/mine.parquet"])
  }

  @Test func rowsWithoutAPositionInAAreRefused() throws {
    let bench = try MatchBench(SimulatedSky.allSky.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    for join in [TableChoice.Join.either, .all2, .onlySecond] {
      #expect(throws: StoreError.self) { try export(bench, .joined, TableChoice(join: join), to: "x") }
    }
    #expect(throws: StoreError.self) { try export(bench, .association, TableChoice(join: .all1), to: "x") }
    #expect(!FileManager.default.fileExists(atPath: bench.workdir.path("x")))
  }

  /// Partitions are the largest pixels that hold few enough rows, and hold all.
  @Test func partitionsHoldAllRowsOnce() {
    var random = SplitMix64(seed: 29)
    var counts = [Int64](repeating: 0, count: 12 << (2 * HatsPartition.finestOrder))
    for _ in 0..<20_000 { counts[Int.random(in: 0..<counts.count / 7, using: &random)] += 1 }
    counts[5] = 5000
    let found = HatsPartition.all(counts: counts, most: 300)
    #expect(found.reduce(0) { $0 + $1.rows } == counts.reduce(0, +))
    #expect(
      PixelRangeSet(pixels: found.map(\.pixel)).pixelCount
        == found.reduce(0) { $0 + $1.pixel.range29.upperBound - $1.pixel.range29.lowerBound })
    for partition in found {
      #expect(partition.rows > 0 && (partition.rows <= 300 || partition.pixel.order == HatsPartition.finestOrder))
      guard partition.pixel.order > 0 else { continue }
      let parent = HealpixPixel(order: partition.pixel.order - 1, index: partition.pixel.index / 4)
      let range = HatsPartition.indices(of: parent, at: HatsPartition.finestOrder)
      #expect(counts[range].reduce(0, +) > 300)
    }
  }

  @Test func propertiesAreLinesOfJava() {
    var properties = HatsProperties()
    properties.add("a", "x = y")
    properties.add("b", " C:\\d\ne")
    #expect(properties.text == "#HATS catalog\na=x = y\nb=\\ C:\\\\d e\n")
  }
}
