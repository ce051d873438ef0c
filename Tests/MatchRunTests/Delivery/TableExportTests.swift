import CatalogStore
import Formats
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Delivery
@testable import MatchRun

@Suite struct TableExportTests {
  /// The values of a table by column, as texts of the shortest form; nil where there is none.
  private struct Table {
    var names: [String] = []
    var types: [ColumnType] = []
    var units: [String?] = []
    var values: [String: [String?]] = [:]

    init(_ path: String) throws {
      let source = try TableSource(paths: [path])
      names = source.columns.map(\.name)
      types = source.columns.map(\.type)
      units = source.columns.map(\.unit)
      try source.forEachBatch { batch in
        for (name, column) in zip(names, batch.columns) {
          values[name, default: []] += (0..<batch.rowCount).map { row in
            guard column.validity.isPresent(row) else { return nil }
            switch column.values {
            case .int64(let numbers): return "\(numbers[row])"
            case .float64(let numbers): return "\(numbers[row])"
            case .text(let texts): return texts.string(row)
            default: return "?"
            }
          }
        }
      }
      for name in names where values[name] == nil { values[name] = [] }
    }

    func integers(_ name: String) -> [Int64] { (values[name] ?? []).compactMap { $0.flatMap { Int64($0) } } }
    var rows: Int { values[names[0]]?.count ?? 0 }
  }

  private func export(
    _ bench: MatchBench, _ choice: TableChoice, _ columns: [String] = ["*"], to name: String = "t.parquet",
    threads: Int = 1, pieceRows: Int64 = 16_384
  ) throws -> String {
    var export = try TableExport(
      database: bench.database, a: bench.nameA, b: bench.nameB, choice: choice, columns: columns)
    export.pieceRows = pieceRows
    let path = bench.workdir.path(name)
    let format = try #require(OutputFormat.of(name))
    _ = try export.write(to: path, format, threads: threads)
    return path
  }

  private func expectEach(_ sources: [Int64], _ rows: Int64, _ comment: Comment) {
    #expect(sources.count == Int(rows) && Set(sources).count == Int(rows), comment)
  }

  /// Every source that a join promises is in exactly one row of the best counterparts.
  @Test(arguments: [SimulatedSky.allSky, .clusters, .lesserCoverage, .duplicates])
  func everySourceIsInTheRowsThatTheJoinPromises(_ sky: SimulatedSky) throws {
    let bench = try MatchBench(sky.pair())
    let rows = try bench.run(sourcesPerChunk: 100)
    let registry = try bench.database.registry()
    let (a, b) = (try registry.catalogue(bench.nameA).rows, try registry.catalogue(bench.nameB).rows)
    for join in TableChoice.Join.allCases {
      let table = try Table(export(bench, TableChoice(join: join), pieceRows: 13))
      let (first, second) = (table.integers("a_rowid"), table.integers("b_rowid"))
      let matches = rows.matches.count
      switch join {
      case .both: #expect(table.rows == matches && first.count == matches && second.count == matches)
      case .either:
        expectEach(first, a, "\(join)")
        expectEach(second, b, "\(join)")
        #expect(table.rows == Int(a) + Int(b) - matches)
      case .all1:
        expectEach(first, a, "\(join)")
        #expect(table.rows == Int(a) && second.count == matches)
      case .all2:
        expectEach(second, b, "\(join)")
        #expect(table.rows == Int(b) && first.count == matches)
      case .onlyFirst:
        #expect(table.rows == Int(a) - matches && first.count == table.rows && !table.names.contains("b_id"))
      case .onlySecond:
        #expect(table.rows == Int(b) - matches && second.count == table.rows && !table.names.contains("a_id"))
      }
    }
    let each = try Table(export(bench, TableChoice(find: .each)))
    expectEach(each.integers("a_rowid"), a, "each")
  }

  /// Every pair is there once, and every source without one if the join asks for it.
  @Test(arguments: [SimulatedSky.clusters, .densityContrast]) func allPairsAreThere(_ sky: SimulatedSky) throws {
    let bench = try MatchBench(sky.pair())
    let rows = try bench.run(sourcesPerChunk: 100)
    let registry = try bench.database.registry()
    let (a, b) = (try registry.catalogue(bench.nameA).rows, try registry.catalogue(bench.nameB).rows)
    let pairs = rows.pairs.count
    let (inA, inB) = (Set(rows.pairs.map { $0.integer("a_rowid") }), Set(rows.pairs.map { $0.integer("b_rowid") }))
    let table = try Table(export(bench, TableChoice(find: .all), pieceRows: 7))
    #expect(table.rows == pairs && pairs > 0)
    let either = try Table(export(bench, TableChoice(find: .all, join: .either), pieceRows: 11))
    #expect(either.rows == pairs + Int(a) - inA.count + Int(b) - inB.count)
    #expect(Set(either.integers("a_rowid")).count == Int(a) && Set(either.integers("b_rowid")).count == Int(b))
    let alone = try Table(export(bench, TableChoice(find: .all, join: .onlyFirst)))
    #expect(alone.rows == Int(a) - inA.count && inA.isDisjoint(with: alone.integers("a_rowid")))
  }

  /// The values are those of the run and of the catalogues, whatever the order of columns.
  @Test func columnsComeFromTheRunAndFromBothCatalogues() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    let rows = try bench.run(sourcesPerChunk: 100)
    let wanted = ["b.key", "pair_p", "a.ra", "b.RA", "separation_arcsec", "a.key", "a_id", "flags"]
    for name in ["t.parquet", "t.fits", "t.vot", "t.arrow"] {
      let table = try Table(export(bench, TableChoice(), wanted, to: name, pieceRows: 9))
      #expect(
        table.names == ["key_2", "pair_p", "ra_1", "ra_2", "separation_arcsec", "key_1", "a_id", "flags"], "\(name)")
      #expect(table.units == [nil, nil, "deg", "deg", "arcsec", nil, nil, nil])
      #expect(table.types == [.int64, .float64, .float64, .float64, .float64, .int64, .int64, .int64])
      #expect(table.values["key_1"] == table.values["a_id"])
      let text = { (column: String) in rows.matches.map { $0[column] == .null ? nil : $0[column].description } }
      for (column, own) in [
        ("key_1", "a_id"), ("key_2", "b_id"), ("pair_p", "pair_p"), ("ra_1", "a_ra_deg"), ("ra_2", "b_ra_deg"),
        ("separation_arcsec", "separation_arcsec"), ("flags", "flags"),
      ] { #expect(table.values[column] == text(own), "\(name), \(column)") }
    }
  }

  @Test func theUsualColumnsAreThoseOfXmatch() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    #expect(try Table(export(bench, TableChoice())).names == ResultTable.matches.columns.map(\.name))
    #expect(try Table(export(bench, TableChoice(find: .all))).names == ResultTable.pairs.columns.map(\.name))
    let both = try Table(
      export(bench, TableChoice(join: .either), TableExport.columnsOfBoth(TableChoice(join: .either))))
    #expect(Array(both.names.prefix(3)) == ["key_1", "ra_1", "dec_1"])
    #expect(both.names.contains("alone_p") && both.names.last == "flags")
  }

  @Test func namesThatAreNotThereAreRefused() throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    for (name, word) in [("a.decc", "did you mean 'dec'"), ("nothing", "separation_arcsec"), ("", "allowed: a_id")] {
      let error = #expect(throws: StoreError.self) { try export(bench, TableChoice(), [name]) }
      #expect(error?.code == .usage && error?.description.contains(word) == true, "\(String(describing: error))")
    }
    #expect(throws: StoreError.self) { try TableChoice(find: .each, join: .both) }
    #expect(throws: StoreError.self) { try export(bench, TableChoice(), ["pair_p", "pair_p"]) }
  }

  @Test(arguments: ["t.csv", "t.parquet", "t.fits", "t.vot.gz"]) func contentsDoNotDependOnThreads(_ name: String)
    throws
  {
    let bench = try MatchBench(SimulatedSky.allSky.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    let choice = try TableChoice(join: .either)
    let one = try Data(
      contentsOf: URL(fileURLWithPath: export(bench, choice, ["a.*", "*", "b.*"], to: name, pieceRows: 50)))
    let many = try Data(
      contentsOf: URL(fileURLWithPath: export(bench, choice, ["a.*", "*", "b.*"], to: name, threads: 3, pieceRows: 50)))
    #expect(one == many)
  }

  @Test(arguments: ["t.csv", "t.parquet", "t.fits.gz", "t.vot", "t.arrow"])
  func aStoppedExportLeavesNothing(_ name: String) throws {
    let bench = try MatchBench(SimulatedSky.clusters.pair())
    _ = try bench.run()
    let (folder, cancellation) = (bench.workdir.path("out"), Cancellation())
    try FileSystem.createDirectories(folder)
    let error = #expect(throws: StoreError.self) {
      var export = try TableExport(database: bench.database, a: bench.nameA, b: bench.nameB, choice: TableChoice())
      export.pieceRows = 5
      _ = try export.write(
        to: folder + "/" + name, #require(OutputFormat.of(name)), threads: 2, cancellation: cancellation
      ) { _, _ in cancellation.request() }
    }
    #expect(error?.code == .interrupted)
    #expect(FileSystem.list(folder).isEmpty, "\(FileSystem.list(folder))")
  }
}
