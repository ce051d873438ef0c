import Formats
import Foundation
import Testing
import XMDBTestSupport

@Suite struct ArrowFileTests {
  @Test(arguments: ["small.arrow", "small.arrows", "small.feather"], [1, 2, 100])
  func whatPyarrowWroteIsReadToTheBit(_ name: String, _ batchRows: Int) throws {
    let source = try SmallTable.check(name, emptyText: .text(""), batchRows: batchRows)
    #expect(source.columns.map(\.type) == [.int64, .float64, .float64, .float32, .int64, .bool, .float64, .text])
    #expect(source.columns.map(\.unit) == SmallTable.units && source.columns.map(\.ucd) == SmallTable.ucds)
    #expect(source.columns[4].fileType == "int16" && source.columns[0].description == "identifier, 64 bits")
  }

  @Test func batchesAreBoundedByRows() throws {
    var most = 0
    try TableSource(paths: [SmallTable.path("small.feather")]).forEachBatch(batchRows: 2) {
      most = max(most, $0.rowCount)
    }
    #expect(most == 2)
  }

  @Test func columnsComeInTheOrderWanted() throws {
    let source = try TableSource(paths: [SmallTable.path("small.arrows")])
    let cells = try source.everything(columns: [7, 0, 7])
    #expect(cells[0] == cells[2] && cells[1][0] == .int(5_853_498_713_190_525_696))
  }

  @Test(arguments: ["small.arrow", "small.arrows", "small.feather"]) func everyCutIsFound(_ name: String) throws {
    try Malformed.truncate(name, step: 5)
  }

  @Test(arguments: ["small.arrow", "small.arrows", "small.feather"], [UInt64(1), 2, 3])
  func flippedBytesNeverCrash(_ name: String, seed: UInt64) throws {
    try Malformed.flip(name, seed: seed, times: 500)
  }
}
