import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@Suite struct CoverageMapTests {
  @Test(arguments: SkyKind.allCases) func nodesPartitionTheSources(kind: SkyKind) {
    forEverySeed { rng in
      let sky = kind.sample(4000, scaleArcsec: 60, using: &rng)
      let keys = Healpix29.indices(raDegrees: sky.raDegrees, decDegrees: sky.decDegrees).sorted()
      let map = CoverageMap(keys: keys)
      var next = 0
      for (index, node) in map.nodes.enumerated() {
        let range = node.pixel.range29
        if index > 0 { #expect(map.nodes[index - 1].pixel.range29.upperBound <= range.lowerBound, "seed \(rng.seed)") }
        var inside: Int64 = 0
        while next < keys.count, keys[next] < range.upperBound {
          #expect(keys[next] >= range.lowerBound, "seed \(rng.seed): a source lies between nodes")
          next += 1
          inside += 1
        }
        #expect(inside == node.count && node.count > 0, "seed \(rng.seed)")
        #expect(node.fraction > 0 && node.fraction <= 1, "seed \(rng.seed)")
        #expect(map.node(containing: range.lowerBound) == node && map.node(containing: range.upperBound - 1) == node)
        #expect(map.isOccupied(range))
      }
      #expect(next == keys.count, "seed \(rng.seed)")
      for key in keys.prefix(50) { #expect(map.node(containing: key) != nil) }
    }
  }

  @Test func placesWithoutSourcesAreOutside() {
    var rng = SplitMix64(seed: 3)
    let map = CoverageMap(keys: Footprint.disc(30, 40, radius: 1).keys(5000, using: &rng))
    for (ra, dec) in [(30.0, 43.0), (210, -40), (0, 90), (34, 40)] {
      let key = Healpix29.index(raDegrees: ra, decDegrees: dec)
      #expect(map.node(containing: key) == nil)
      #expect(!map.isOccupied(key..<key + 1))
    }
    #expect(map.isOccupied(0..<(12 << 58)))
    #expect(CoverageMap(nodes: []).node(containing: 0) == nil)
  }

  @Test func theMiddleIsWholeAndTheRimIsBorder() throws {
    var rng = SplitMix64(seed: 4)
    let map = CoverageMap(keys: Footprint.disc(30, 40, radius: 1).keys(50_000, using: &rng))
    let middle = try #require(map.node(containing: Healpix29.index(raDegrees: 30, decDegrees: 40)))
    #expect(!middle.isBorder && middle.fraction == 1)
    let rim = try #require(map.nodes.filter(\.isBorder).max { $0.count < $1.count })
    let distance = rim.pixel.center.separation(to: SkyPosition(raDegrees: 30, decDegrees: 40)!).degrees
    #expect(abs(distance - 1) < 0.1)
  }

  /// All rows at one place, or within an arcsecond: as deep as the builder goes, yet quick.
  @Test(.timeLimit(.minutes(1))) func aMillionRowsAtOneSpotAreNoTrouble() {
    let spot = Healpix29.index(raDegrees: 12.3, decDegrees: 45.6)
    let same = CoverageMap(keys: [Int64](repeating: spot, count: 1_000_000))
    #expect(same.nodes.map(\.count) == [1_000_000])
    #expect(same.areaDegrees2 < 1e-6)
    var rng = SplitMix64(seed: 5)
    let near = CoverageMap(keys: (0..<1_000_000).map { _ in spot + Int64(rng.below(1 << 24)) }.sorted())
    #expect(near.nodes.reduce(0) { $0 + $1.count } == 1_000_000)
  }
}
