import CatalogStore
import Formats
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Delivery
@testable import MatchRun

/// Result sets read back, checked and compared.
@Suite struct ResultImportTests {
  /// A matched bench, its run, and packages of it in several forms.
  private final class Packages {
    let bench: MatchBench
    let rows: RunRows
    var run: Int64 { rows.outcome.run }

    init(_ sky: SimulatedSky = .allSky) throws {
      bench = try MatchBench(sky.pair())
      rows = try bench.run(sourcesPerChunk: 200)
    }

    func write(_ name: String, _ change: (inout MatchExport.Options) throws -> Void = { _ in }) throws -> String {
      var options = MatchExport.Options()
      try change(&options)
      let folder = bench.workdir.path(name)
      _ = try MatchExport(database: bench.database, a: bench.nameA, b: bench.nameB).write(to: folder, options)
      return folder
    }

    func check(
      _ place: ResultPlace, against other: ResultPlace? = nil, catalogues: Bool = true, tolerance: Double = 0
    ) throws -> ResultImport.Outcome {
      var work = ResultImport(place, scratch: bench.workdir.path)
      (work.other, work.database, work.tolerance) = (other, bench.database, tolerance)
      if catalogues { (work.a, work.b) = (bench.nameA, bench.nameB) }
      return try work.run()
    }
  }

  private func qserv(_ directors: Bool, _ overlap: Double = 0.01) throws -> QservDatabase {
    let parts = try #require(StripePartition(stripes: 340, subStripes: 3, overlapDegrees: overlap))
    return try QservDatabase(
      name: "xm", partition: parts, directorA: directors ? .init("a") : nil, directorB: directors ? .init("b") : nil)
  }

  /// However a package is divided, it is the run, with every source once.
  @Test func packagesAreTheirRuns() throws {
    let packages = try Packages()
    let folders = [
      try packages.write("plain"), try packages.write("header") { $0.header = true },
      try packages.write("pixels") { $0.pixelOrder = 4 },
      try packages.write("directors") { $0.qserv = try qserv(false) },
      try packages.write("joined") { ($0.qserv, $0.hasPairs) = (try qserv(true), true) },
      try packages.write("narrow") { $0.qserv = try qserv(true, 0.000_05) },
    ]
    for folder in folders {
      let outcome = try packages.check(.package(folder), against: .run(packages.run))
      #expect(outcome.isSame, "\(folder): \(outcome)")
      #expect(outcome.check.pairs == packages.rows.matches.count)
      #expect(outcome.check.aloneA + outcome.check.aloneB == packages.rows.nonmatches.count)
      let comparison = try #require(outcome.other?.comparison)
      #expect(comparison.probability == "match_p" && comparison.all.largest == 0)
      #expect(comparison.both == outcome.check.pairs && comparison.aloneDiffers == 0)
      #expect(outcome.check.a.lost == 0 && outcome.check.b.unknown == 0)
    }
  }

  @Test(arguments: ["t.parquet", "t.csv", "t.fits", "t.vot"]) func tablesAreTheirRuns(_ name: String) throws {
    let packages = try Packages(.clusters)
    let bench = packages.bench
    let path = bench.workdir.path(name)
    let export = try TableExport(
      database: bench.database, a: bench.nameA, b: bench.nameB, choice: TableChoice(find: .best, join: .either),
      columns: ["a_id", "b_id", "pair_p", "flags"])
    _ = try export.write(to: path, #require(OutputFormat.of(name)), OutputFormat.Options(null: "", header: true))
    let outcome = try packages.check(ResultPlace(path, ResultColumns()), against: .run(packages.run))
    #expect(outcome.isSame, "\(outcome)")
    #expect(outcome.other?.comparison.probability == "pair_p")
  }

  // MARK: Faults that are found

  /// CSV with names, from rows.
  private func table(_ packages: Packages, _ rows: [String], _ name: String = "m.csv") throws -> ResultPlace {
    let text = (["a_id,b_id,match_p,flags"] + rows).joined(separator: "\n") + "\n"
    return .table([try packages.bench.workdir.write(Data(text.utf8), to: name)], ResultColumns())
  }

  private func rows(_ packages: Packages) -> [String] {
    packages.rows.matches.map {
      "\($0["a_id"]),\($0["b_id"]),\($0.double("match_p")),\($0.integer("flags"))"
    } + packages.rows.nonmatches.map { $0.isA ? "\($0.id),,," : ",\($0.id),," }
  }

  @Test func repeatedLostAndUnknownSourcesAreFound() throws {
    let packages = try Packages(.clusters)
    let whole = rows(packages)
    #expect(try packages.check(table(packages, whole)).isSame)
    let alone = try #require(packages.rows.nonmatches.first { $0.isA }?.id)
    let changed = whole.dropFirst(3) + ["\(alone),,,", "-77,,,", ",-78,,"]
    let outcome = try packages.check(table(packages, Array(changed)))
    #expect(!outcome.isSame)
    #expect(outcome.check.a.repeated == 1 && outcome.check.a.examples.repeated == ["\(alone)"])
    #expect(outcome.check.a.lost == 3 && outcome.check.b.lost == 3)
    #expect(outcome.check.a.unknown == 1 && outcome.check.a.examples.unknown == ["-77"])
    #expect(outcome.check.b.unknown == 1 && outcome.check.b.examples.unknown == ["-78"])
    let lost = Set(packages.rows.matches.prefix(3).map { "\($0.ids.a)" })
    #expect(Set(outcome.check.a.examples.lost) == lost)
    // Without the catalogues only what is there twice can be known.
    let blind = try packages.check(table(packages, Array(changed)), catalogues: false)
    #expect(blind.check.a.repeated == 1 && blind.check.a.lost == nil && blind.check.a.unknown == nil)
  }

  /// Counted by brute force: another partner, a pair less, a pair more, and changed probabilities by flag.
  @Test func differencesAreCounted() throws {
    let packages = try Packages(.clusters)
    let matches = packages.rows.matches
    #expect(matches.count > 20)
    var changed = matches.map { (a: $0.ids.a, b: $0.ids.b, p: $0.double("match_p")) }
    (changed[0].b, changed[1].b) = (changed[1].b, changed[0].b)
    changed.remove(at: 5)
    changed[7].p = max(0, changed[7].p - 0.25)
    changed[8].p = max(0, changed[8].p - 0.125)
    let text = changed.map { "\($0.a),\($0.b),\($0.p),4" }
    let outcome = try packages.check(
      table(packages, text), against: .run(packages.run), catalogues: false, tolerance: 0.2)
    let comparison = try #require(outcome.other?.comparison)
    #expect(!outcome.isSame)
    #expect(comparison.both == matches.count - 3)
    #expect(comparison.onlyFirst == 2 && comparison.onlySecond == 3)
    #expect(comparison.changedA == 2 && comparison.changedB == 2)
    let differences = [7, 8].map { place in
      abs(matches[place < 5 ? place : place + 1].double("match_p") - changed[place].p)
    }
    let largest = try #require(differences.max())
    #expect(comparison.all.largest == largest)
    #expect(comparison.all.mean == differences.reduce(0, +) / Double(matches.count - 3))
    #expect(comparison.all.above == differences.count { $0 > 0.2 })
    #expect(comparison.byFlag.map(\.name) == ["approximate"])
    #expect(comparison.byFlag.first?.difference == comparison.all)
  }

  // MARK: macauff's files

  /// Headerless CSV with empty fields, one file a chunk.
  @Test func filesOfMacauffAreRead() throws {
    let packages = try Packages(.clusters)
    let workdir = packages.bench.workdir
    var (files, place): ([String], Int) = ([], 0)
    let lines = packages.rows.matches.map {
      "\($0.ids.a),10.5,-3.25,,\($0.ids.b),10.5,-3.25,17.5,\($0.double("match_p")),0.1,,2.5"
    }
    for part in [lines.prefix(lines.count / 2), lines.suffix(lines.count - lines.count / 2)] {
      place += 1
      files.append(
        try workdir.write(Data((part.joined(separator: "\n") + "\n").utf8), to: "test_match_\(place).csv"))
    }
    func alone(_ isA: Bool) throws -> String {
      let rows = packages.rows.nonmatches.filter { $0.isA == isA }.map { "\($0.id),10.5,-3.25,18.5,0.75,,,\n" }
      return try workdir.write(Data(rows.joined().utf8), to: "\(isA)_nonmatch_1.csv")
    }
    let columns = ResultColumns(a: "1", b: "5", probability: "9")
    let place1 = ResultPlace.files(matches: files, aloneA: [try alone(true)], aloneB: [try alone(false)], columns)
    let outcome = try packages.check(place1, against: .run(packages.run))
    #expect(outcome.isSame, "\(outcome)")
    #expect(outcome.other?.comparison.probability == "match_p")
    // A file of the halo that is there twice: what macauff's own output has.
    let twice = try packages.check(.files(matches: files + [files[0]], aloneA: [], aloneB: [], columns))
    #expect(twice.check.a.repeated == Int64(lines.count / 2) && twice.check.a.lost == nil)
  }

  // MARK: Malformed files

  private func message(_ body: () throws -> Void) throws -> String {
    do {
      try body()
      Issue.record("nothing was refused")
      return ""
    } catch let error as FormatError { return error.description } catch let error as StoreError {
      return error.description
    }
  }

  @Test(arguments: [
    ("1,2,1.5,0", "row 1 has the probability 1.5"), ("1,2,-0.1,0", "probability -0.1"),
    (",,0.5,0", "neither catalogue"),
    ("1,2,inf,0", "probability inf"),
  ])
  func absurdRowsAreRefused(_ row: String, _ said: String) throws {
    let packages = try Packages(.clusters)
    let text = try message { _ = try packages.check(table(packages, [row])) }
    #expect(text.contains(said), "\(text)")
  }

  @Test func otherFilesAreRefused() throws {
    let packages = try Packages(.clusters)
    let workdir = packages.bench.workdir
    for (name, bytes, said) in [
      ("x.csv", "id,ra\n1,2\n", "a_id"), ("e.csv", "", "e.csv"), ("t.parquet", "PAR1 and no more", "t.parquet"),
      ("n.csv", "1,2,3\n4,5\n", "n.csv"),
    ] {
      let path = try workdir.write(Data(bytes.utf8), to: name)
      let columns = name == "n.csv" ? ResultColumns(a: "1", b: "2", probability: "3") : ResultColumns()
      let text = try message { _ = try packages.check(.table([path], columns)) }
      #expect(text.contains(said) && !text.contains("\n"), "\(text)")
    }
    let none = try message { _ = try packages.check(.run(99)) }
    #expect(none.contains("run 99"), "\(none)")
    let path = try workdir.write(Data("1,2,3\n".utf8), to: "few.csv")
    let wide = try message { _ = try packages.check(.table([path], ResultColumns(a: "1", b: "9"))) }
    #expect(wide.contains("'9'") && wide.contains("--id-b"), "\(wide)")
  }

  /// Each file of a package, cut, changed by a byte, or gone: one error, and it names the file.
  @Test func damagedPackagesAreRefused() throws {
    let packages = try Packages(.clusters)
    let whole = try packages.write("whole") { $0.pixelOrder = 2 }
    let names = try #require(FileManager.default.enumerator(atPath: whole)).compactMap { $0 as? String }
      .filter { !FileSystem.isDirectory(whole + "/" + $0) }
    #expect(names.count > 4)
    for name in names {
      let data = try Data(contentsOf: URL(fileURLWithPath: whole + "/" + name))
      for (kind, bytes) in [
        ("cut", data.prefix(data.count / 2)), ("changed", Data(data.map { $0 == 0x31 ? 0x32 : $0 })),
      ] {
        // A description stays good with other numbers in it.
        if kind == "changed" && (name.hasSuffix(".yaml") || bytes == data) { continue }
        let folder = packages.bench.workdir.path("copy")
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.copyItem(atPath: whole, toPath: folder)
        try bytes.write(to: URL(fileURLWithPath: folder + "/" + name))
        let text = try message { _ = try packages.check(.package(folder)) }
        #expect(!text.contains("\n") && (text.contains(name) || name == "manifest.json"), "\(kind) \(name): \(text)")
      }
    }
    let folder = packages.bench.workdir.path("copy")
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.copyItem(atPath: whole, toPath: folder)
    let gone = try #require(names.first { $0.hasSuffix(".csv") })
    try FileManager.default.removeItem(atPath: folder + "/" + gone)
    let text = try message { _ = try packages.check(.package(folder)) }
    #expect(text.contains(gone) && text.contains("missing"), "\(text)")
  }

  @Test func nothingIsLeftBehind() throws {
    let packages = try Packages(.clusters)
    let scratch = packages.bench.workdir.path("scratch")
    try FileSystem.createDirectories(scratch)
    var work = ResultImport(.run(packages.run), scratch: scratch)
    work.database = packages.bench.database
    #expect(try work.run().check.pairs > 0)
    #expect(FileSystem.list(scratch).isEmpty)
    let cancellation = Cancellation()
    cancellation.request()
    #expect(throws: StoreError.self) { try work.run(cancellation: cancellation) }
    #expect(FileSystem.list(scratch).isEmpty)
  }
}
