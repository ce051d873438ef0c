import Indexing
import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct CoverageStorageTests {
  @Test func mapsSurviveTheirStoredForm() throws {
    try forEverySeed { rng in
      var nodes: [CoverageMap.Node] = []
      var next: Int64 = 0
      while next < 12 << 58, nodes.count < 500 {
        let order = rng.below(30)
        let side = Int64(1) << Int64(2 * (29 - order))
        let index = (next + side - 1) / side
        guard index < Int64(12) << Int64(2 * order) else { break }
        nodes.append(
          .init(
            pixel: HealpixPixel(order: order, index: index), count: Int64(rng.next() >> 12), fraction: rng.uniform(),
            isBorder: rng.below(2) == 0))
        next = (index + 1) * side + (rng.below(2) == 0 ? 0 : Int64(rng.next() >> 8))
      }
      let map = CoverageMap(nodes: nodes)
      let kept = try read(map.stored)
      #expect(kept == map, "seed \(rng.seed)")
    }
    #expect(try read(SampleCatalogue.coverage.stored) == SampleCatalogue.coverage)
    #expect(try read([]).nodes.isEmpty)
  }

  @Test(arguments: [
    [0, 2, 0], [3, 2, 0], [UInt64.max, 2, 0], [1 << 63, 2, 0], [1 << 62, 2, 0], [17 << 58, 2, 0],
    [4, 2, Double.nan.bitPattern], [4, 2, (-0.5).bitPattern], [4, 2, 1.5.bitPattern],
    // Out of order, twice, and one inside another.
    [5, 2, 0, 4, 2, 0], [4, 2, 0, 4, 2, 0], [4, 2, 0, 16, 2, 0], [19, 2, 0, 4, 2, 0],
  ])
  func impossibleWordsAreDamage(words: [UInt64]) throws {
    let error = try #require(throws: StoreError.self) { try read(words) }
    #expect(error.code == .damaged && error.description.contains("xmdb verify"))
  }

  @Test(arguments: [1, 8, 23, 25, 47]) func impossibleLengthsAreDamage(count: Int) throws {
    let bytes = [UInt8](repeating: 1, count: count)
    #expect(throws: StoreError.self) {
      try bytes.withUnsafeBytes { _ = try CoverageMap(stored: $0, subject: "test") }
    }
  }

  @Test func anyBytesGiveAMapOrAnError() {
    forEverySeed { rng in
      for _ in 0..<2000 {
        var words = SampleCatalogue.coverage.stored
        words[rng.below(words.count)] ^= 1 << UInt64(rng.below(64))
        _ = try? read(words)
        _ = try? read(words.map { _ in rng.next() >> UInt64(rng.below(64)) })
      }
    }
  }

  private func read(_ words: [UInt64]) throws -> CoverageMap {
    try words.withUnsafeBytes { try CoverageMap(stored: $0, subject: "test") }
  }
}
