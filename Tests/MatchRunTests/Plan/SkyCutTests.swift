import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

/// How the sky is cut into chunks, and what they are expected to have to do.
@Suite struct SkyCutTests {
  /// A whole sky with so many sources in every pixel of order 6 (0.84 deg²), times `contrast` in one pixel of order 2.
  private static func coverage(_ sources: Int64, contrast: Int64 = 1) -> CoverageMap {
    CoverageMap(
      nodes: (Int64(0)..<(12 << 12)).map { index in
        let isDense = index >> 8 == 77
        return CoverageMap.Node(
          pixel: HealpixPixel(order: 6, index: index), count: sources * (isDense ? contrast : 1), fraction: 1,
          isBorder: false)
      })
  }

  private static func loads(reachArcsec: Double, a: Int64 = 20_000, b: Int64 = 20_000, contrast: Int64 = 1) -> SkyLoads
  {
    SkyLoads(
      coverage(a, contrast: contrast), coverage(b), reach: .arcseconds(reachArcsec),
      pairAreaDegrees2: .pi * 4 / (3600 * 3600), columns: 7)
  }

  private static func cut(_ loads: SkyLoads, reachArcsec: Double, grown: Double = 2_400_000, memory: Double = .infinity)
    -> [MatchChunk]
  {
    SkyCut(
      loads: loads, costs: CostModel(), sources: 150_000, grownSources: grown, memory: memory,
      finest: HealpixGeometry.safeOrder(reach: .arcseconds(reachArcsec)) ?? 0
    ).chunks()
  }

  private func expectWhole(_ chunks: [MatchChunk]) {
    #expect(PixelRangeSet(pixels: chunks.map(\.pixel)) == .wholeSky)
    #expect(chunks.map(\.position) == Array(chunks.indices))
    #expect(zip(chunks, chunks.dropFirst()).allSatisfy { $0.pixel.range29.upperBound == $1.pixel.range29.lowerBound })
  }

  @Test func whereTheHaloIsSmallNoChunkIsLargerThanUsual() {
    let loads = Self.loads(reachArcsec: 3, contrast: 30)
    let chunks = Self.cut(loads, reachArcsec: 3)
    expectWhole(chunks)
    #expect(chunks.allSatisfy { loads.count(in: $0.pixel) <= 150_000 })
    #expect(chunks == Self.cut(loads, reachArcsec: 3, grown: 0))
  }

  @Test func chunksGrowWhereTheirHalosWouldTakeMostOfTheTime() {
    let loads = Self.loads(reachArcsec: 60, contrast: 100)
    let (chunks, small) = (Self.cut(loads, reachArcsec: 60), Self.cut(loads, reachArcsec: 60, grown: 0))
    expectWhole(chunks)
    let dense = PixelRangeSet(pixels: [HealpixPixel(order: 2, index: 77)])
    func seconds(_ chunks: [MatchChunk]) -> Double {
      chunks.filter { dense.intersects($0.pixel.range29) }
        .reduce(0) { $0 + CostModel().matchingSeconds(loads.load(of: $1.pixel)) }
    }
    #expect(
      chunks.count < small.count && seconds(chunks) < 0.8 * seconds(small), "\(seconds(chunks)), \(seconds(small))")
    #expect(chunks.allSatisfy { loads.count(in: $0.pixel) <= 2_400_000 })
    let outside = chunks.filter { !dense.intersects($0.pixel.range29) }
    // Along the border the halo lies in dense sky.
    let grown = outside.count { loads.count(in: $0.pixel) > 2 * 150_000 }
    #expect(grown < outside.count / 50, "sparse sky is cut much as ever: \(grown) of \(outside.count)")
  }

  @Test(arguments: [100e6, 300e6, 1e9])
  func noChunkNeedsMoreThanTheMemory(memory: Double) {
    let loads = Self.loads(reachArcsec: 20, contrast: 100)
    let chunks = Self.cut(loads, reachArcsec: 20, memory: memory)
    expectWhole(chunks)
    let most = chunks.map { CostModel().memoryBytes(loads.load(of: $0.pixel)) }.max() ?? 0
    #expect(most <= memory && most > memory / 20, "\(most)")
  }

  /// Islands hang together over as much sky as the largest one fills, however small the chunk.
  @Test func entangledSkyIsReadToTheLargestIsland() {
    let entangled = SkyLoads(
      Self.coverage(20_000), Self.coverage(20_000), reach: .arcseconds(3), pairAreaDegrees2: 2e-4, columns: 7)
    let load = entangled.load(of: HealpixPixel(order: 8, index: 77))
    #expect(load.isEntangled && abs(load.core - 2500) < 1)
    let whole = 1_000_000 * load.core / load.pairs
    #expect(abs(load.entangled - whole) < 1e-6 * whole && load.loaded >= load.entangled, "\(load)")
    let sparse = Self.loads(reachArcsec: 3).load(of: HealpixPixel(order: 8, index: 77))
    #expect(!sparse.isEntangled && sparse.entangled == 0)

    // Less memory than that cannot be had by smaller chunks.
    let (usual, tight) = (Self.cut(entangled, reachArcsec: 3), Self.cut(entangled, reachArcsec: 3, memory: 100e6))
    expectWhole(tight)
    #expect(tight == usual)
  }

  /// Strips of the neighbours' sources, for the cells that are read.
  @Test(arguments: [0.5, 10, 60, 200])
  func halosHoldWhatIsRead(reachArcsec: Double) {
    let loads = Self.loads(reachArcsec: reachArcsec)
    let counts = SourceCounts(Self.coverage(20_000))
    // A polar cap's corner, the equator, one inside a base pixel, one at a corner where three base pixels meet.
    for pixel in [(4, 0), (4, 1300), (5, 500), (6, 4095)].map({ HealpixPixel(order: $0, index: $1) }) {
      let loaded = ChunkSky(pixel, reach: .arcseconds(reachArcsec)).loaded
      let sources = loaded.ranges.reduce(0) { $0 + counts.count(in: $1) }
      let load = loads.load(of: pixel)
      #expect(abs(load.coreA + load.haloA - sources) < 0.03 * sources, "\(pixel): \(load), \(sources)")
      #expect(load.haloA == load.haloB && load.ring < load.haloA + load.haloB)
    }
  }

  @Test func anEmptyPixelHasNothingToDo() {
    let nothing = CoverageMap(nodes: [])
    let loads = SkyLoads(nothing, nothing, reach: .arcseconds(1), pairAreaDegrees2: 1e-6, columns: 6)
    let load = loads.load(of: HealpixPixel(order: 3, index: 5))
    #expect(load.core == 0 && load.pairs == 0 && load.loadedPairs == 0 && load.countedPairs == 0)
    #expect(Self.cut(loads, reachArcsec: 1).isEmpty)
    #expect(CostModel().matchingSeconds(load) < 0.01)
  }
}
