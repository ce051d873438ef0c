import CatalogStore
import Testing
import XMDBTestSupport

@testable import MatchRun

/// The ledger closes when every source is in exactly one row, and not otherwise.
@Suite struct RowidLedgerTests {
  private static let count: Int64 = 1000

  private func info(_ name: String) -> CatalogueInfo {
    var info = CatalogueInfo(name: name, inputsFingerprint: "", layout: SampleLayout().layout(.none))
    info.rows = Self.count
    return info
  }

  /// The totals of rows: of a all sources are matched, of b `rowidsOfB` have rows.
  private func totals(rowidsOfB: [Int64]) -> RunTotals {
    var totals = RunTotals()
    totals.nonmatchesA = Self.count
    totals.rowidsA = RowidDigest.sum(below: Self.count)
    totals.nonmatchesB = Int64(rowidsOfB.count)
    totals.rowidsB = rowidsOfB.reduce(0) { $0 + RowidDigest.of($1) }
    return totals
  }

  private func requireClosed(rowidsOfB: [Int64]) throws {
    try totals(rowidsOfB: rowidsOfB).requireEverySourceOnce(info("a"), info("b"))
  }

  @Test func everySourceOnceInAnyOrderCloses() throws {
    try forEverySeed { rng in
      var rowids = Array(0..<Self.count)
      for place in rowids.indices.reversed() { rowids.swapAt(place, rng.below(place + 1)) }
      try requireClosed(rowidsOfB: rowids)
    }
  }

  @Test func oneLostAndOneDoubledAreFoundThoughTheCountIsRight() {
    forEverySeed { rng in
      var rowids = Array(0..<Self.count)
      let (lost, doubled) = (rng.below(999), 999)
      rowids[lost] = rowids[doubled]
      let error = #expect(throws: StoreError.self, "seed \(rng.seed)") { try requireClosed(rowidsOfB: rowids) }
      #expect(error?.subject == "b" && error?.message.contains("some are in no row") == true)
    }
  }

  @Test func aLostSourceAndADoubledOneAreFound() {
    #expect(throws: StoreError.self) { try requireClosed(rowidsOfB: Array(0..<999)) }
    #expect(throws: StoreError.self) { try requireClosed(rowidsOfB: Array(0..<1000) + [5]) }
  }
}
