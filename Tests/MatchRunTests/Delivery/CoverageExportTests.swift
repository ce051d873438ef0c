import CatalogStore
import Formats
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Delivery
@testable import MatchRun

@Suite struct CoverageExportTests {
  /// Decodes the numbers as MOC 2.0, section 4.3.1, says: the order is that of the highest bit.
  private func decoded(_ numbers: [Int64]) -> PixelRangeSet {
    PixelRangeSet(
      pixels: numbers.map { number in
        let order = (63 - number.leadingZeroBitCount) / 2 - 1
        return HealpixPixel(order: order, index: number - (4 << Int64(2 * order)))
      })
  }

  @Test func cellsAreTheRegion() throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<200 {
      let ranges = (0..<Int.random(in: 0..<6, using: &random)).map { _ -> Range<Int64> in
        let start = Int64.random(in: 0..<Healpix29.count, using: &random) >> Int64.random(in: 0..<50, using: &random)
        return
          start..<min(
            Healpix29.count,
            start + 1 + Int64.random(in: 0..<Healpix29.count / 3, using: &random)
              >> Int64.random(in: 0..<58, using: &random))
      }
      let region = PixelRangeSet(ranges)
      let cells = MOCCells(region)
      #expect(decoded(cells.uniqueNumbers) == region)
      // No four siblings: they would be one cell.
      let numbers = Set(cells.uniqueNumbers)
      for number in numbers where number % 4 == 0 && number >= 16 {
        #expect(!(1...3).allSatisfy { numbers.contains(number + $0) })
      }
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(cells.json.utf8)) as? [String: [Int64]])
      let pixels = json.flatMap { order, indices in indices.map { HealpixPixel(order: Int(order) ?? -1, index: $0) } }
      #expect(PixelRangeSet(pixels: pixels) == region)
    }
    #expect(MOCCells(.wholeSky).uniqueNumbers == (4..<16).map(Int64.init))
  }

  @Test func filesHoldTheCommonCoverage() throws {
    let bench = try MatchBench(SimulatedSky.lesserCoverage.pair())
    let registry = try bench.database.registry()
    let maps = try [bench.nameA, bench.nameB].map { name in
      PixelRangeSet(pixels: try registry.coverage(of: registry.catalogue(name)).nodes.map(\.pixel))
    }
    let common = maps[0].intersection(maps[1])
    #expect(!common.isEmpty && common != maps[0])
    let export = try CoverageExport(database: bench.database, a: bench.nameA, b: bench.nameB)
    #expect(abs(export.areaDegrees2 - common.areaDegrees2) < 1e-9)
    try export.write(to: bench.workdir.path("m.fits"), .fits)
    try export.write(to: bench.workdir.path("m.json"), .json)
    var numbers: [Int64] = []
    try TableSource(paths: [bench.workdir.path("m.fits")]).forEachBatch { batch in
      if case .int64(let values) = batch.columns[0].values { numbers += values }
    }
    #expect(decoded(numbers) == common && numbers == numbers.sorted())
    let header = String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: bench.workdir.path("m.fits"))), as: UTF8.self)
    for card in ["MOCVERS = '2.0", "ORDERING= 'NUNIQ", "COORDSYS= 'C", "MOCDIM  = 'SPACE", "MOCORD_S="] {
      #expect(header.contains(card), "\(card)")
    }
  }

  /// The cells of the flagged rows, of each source once, whatever the order; and the same in both formats.
  @Test(arguments: [MatchFlags.nearEdge, [.nearEdge, .outsideCommonCoverage], .entangled])
  func cellsAreThoseOfFlaggedRows(_ flags: MatchFlags) throws {
    let bench = try MatchBench(SimulatedSky.lesserCoverage.pair())
    _ = try bench.run(sourcesPerChunk: 100)
    let registry = try bench.database.registry()
    let run = try MatchExport.run(nil, bench.nameA, bench.nameB, registry)
    var positions: [(Double, Double)] = []
    for chunk in try registry.chunks(of: run.id) {
      let reader = try ResultReader(database: bench.database, chunk: chunk)
      for table in [ResultTable.matches, .nonmatches] {
        func place(_ name: String) -> Int? { table.columns.firstIndex { $0.name == name } }
        let flagged = try #require(place("flags"))
        let rows = try reader.rows(table)
        while try rows.step() {
          guard rows.int64(flagged) & flags.rawValue != 0 else { continue }
          for side in ["a_", "b_", ""] {
            guard let ra = place(side + "ra_deg"), let dec = place(side + "dec_deg") else { continue }
            positions.append((rows.double(ra), rows.double(dec)))
          }
        }
      }
    }
    #expect(positions.isEmpty == (flags == .entangled))
    for order in [0, 5, 10, 12] {
      let wanted = PixelRangeSet(
        pixels: positions.map {
          HealpixPixel(healpix29: Healpix29.index(raDegrees: $0.0, decDegrees: $0.1), order: order)
        })
      let export = try CoverageExport(
        database: bench.database, a: bench.nameA, b: bench.nameB, run: nil, flagged: flags, order: order)
      try export.write(to: bench.workdir.path("f.fits"), .fits)
      var numbers: [Int64] = []
      try TableSource(paths: [bench.workdir.path("f.fits")]).forEachBatch { batch in
        if case .int64(let values) = batch.columns[0].values { numbers += values }
      }
      #expect(decoded(numbers) == wanted, "order \(order)")
      #expect(abs(export.areaDegrees2 - wanted.areaDegrees2) < 1e-9)
    }
  }
}
