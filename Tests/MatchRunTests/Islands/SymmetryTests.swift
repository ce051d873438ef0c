import CatalogStore
import Foundation
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Which catalogue is called the first makes no difference.
@Suite struct SymmetryTests {
  /// Two sums of the same terms in another order.
  private static let tolerance = 1e-12

  @Test(arguments: [
    SimulatedSky.polarCorner, .northPole, .ellipsesAtPole, .densityContrast, .lesserCoverage, .clusters,
  ])
  func exchangingTheCataloguesGivesTheSamePairsAndProbabilities(sky: SimulatedSky) throws {
    let there = try MatchBench(sky.pair(seed: 31), shardBytes: 40_000)
    let back = MatchBench(there.workdir, there.database, there.nameB, there.nameA)
    let (forward, backward) = (try there.run(sourcesPerChunk: 100), try back.run(sourcesPerChunk: 70))
    expectSame(forward.pairs, backward.pairs, ["pair_p", "separation_arcsec", "chi2", "xi", "n_c"])
    expectSame(forward.matches, backward.matches, ["pair_p", "match_p", "xi", "separation_arcsec"])
    let alone = Dictionary(uniqueKeysWithValues: backward.nonmatches.map { ($0.id, $0) })
    #expect(alone.count == forward.nonmatches.count)
    for row in forward.nonmatches {
      for column in ["alone_p", "match_p", "nnm_separation_arcsec", "nnm_xi"] {
        let (value, other) = (row.double(column), alone[row.id]?.double(column) ?? -1)
        #expect(
          abs(value - other) <= Self.tolerance * max(1, abs(value)) || (value.isNaN && other.isNaN),
          "\(column) of \(row.id)")
      }
    }
  }

  private func expectSame(_ rows: [RunRows.Row], _ exchanged: [RunRows.Row], _ columns: [String]) {
    let others = Dictionary(uniqueKeysWithValues: exchanged.map { (RunRows.Pair(a: $0.ids.b, b: $0.ids.a), $0) })
    #expect(Set(rows.map(\.ids)) == Set(others.keys))
    for row in rows {
      for column in columns {
        let (value, other) = (row.double(column), others[row.ids]?.double(column) ?? .nan)
        #expect(
          abs(value - other) <= Self.tolerance * max(1, abs(value)), "\(column) of \(row.ids): \(value), \(other)")
      }
    }
  }
}

/// The regions in which priors are taken.
@Suite struct PriorRegionsTests {
  /// Order-5 pixels over the whole sky; counts rise towards one corner of base pixel 4 and are nil in base pixel 9.
  private func map(scale: Double, hole: Int64 = 9) -> CoverageMap {
    CoverageMap(
      nodes: (0..<Int64(12 << 10)).compactMap { index in
        let base = index >> 10
        if base == hole { return nil }
        let count = Int64(scale * (base == 4 ? 40 + 12_000 / Double(1 + (index & 1023)) : 30))
        return CoverageMap.Node(pixel: HealpixPixel(order: 5, index: index), count: count, fraction: 1, isBorder: false)
      })
  }

  @Test func regionsTileTheSkyAndEveryIndexFindsItsOwn() {
    let regions = PriorRegions(map(scale: 20), map(scale: 30))
    #expect(regions.regions.count > 12)
    var next: Int64 = 0
    for (position, region) in regions.regions.enumerated() {
      #expect(region.pixel.range29.lowerBound == next)
      next = region.pixel.range29.upperBound
      for index in [region.pixel.range29.lowerBound, next - 1] { #expect(regions.region(of: index) == position) }
    }
    #expect(next == Healpix29.count)
  }

  @Test func aRegionIsDividedOnlyWhileItsQuartersAreRich() {
    let (a, b) = (map(scale: 20), map(scale: 30))
    let regions = PriorRegions(a, b)
    for region in regions.regions {
      guard region.coverage.areaDegrees2 > 0, region.pixel.order > 0 else { continue }
      let parent = region.pixel.parent(order: region.pixel.order - 1)
      let sources = parent.children.map { quarter in
        let coverage = CommonCoverage(a, b, in: quarter.range29)
        return min(coverage.countA, coverage.countB)
      }
      let poor = sources.filter { $0 < 25_000 }.reduce(0, +)
      #expect(poor <= 0.05 * sources.reduce(0, +) && sources.contains { $0 >= 25_000 })
    }
  }

  /// A rich field of four pixels of order 6, alone or with a few sources in the next pixel of order 5.
  @Test func aFewSourcesBesideDoNotKeepAFieldWhole() {
    func field(beside count: Int64) -> CoverageMap {
      let own = (0..<4).map { HealpixPixel(order: 6, index: 4 * 777 + Int64($0)) }
      let nodes = own.map { CoverageMap.Node(pixel: $0, count: 40_000, fraction: 1, isBorder: false) }
      let next = CoverageMap.Node(
        pixel: HealpixPixel(order: 5, index: 778), count: count, fraction: 1, isBorder: false)
      return CoverageMap(nodes: count > 0 ? nodes + [next] : nodes)
    }
    func rich(_ map: CoverageMap) -> Int {
      PriorRegions(map, map).regions.count { $0.pixel.order == 6 && $0.coverage.countA > 1000 }
    }
    #expect(rich(field(beside: 0)) == 4 && rich(field(beside: 30)) == 4)
  }

  @Test func priorsAreCountsOverTheCommonArea() {
    let (a, b) = (map(scale: 20), map(scale: 30))
    let regions = PriorRegions(a, b)
    for region in regions.regions where region.coverage.areaDegrees2 > 0 {
      let range = region.pixel.range29
      func density(_ map: CoverageMap) -> Double {
        let inside = map.nodes.reduce(0.0) { sum, node in
          let overlap = node.pixel.range29.clamped(to: range)
          return sum + Double(node.count) * Double(overlap.count) / Double(node.pixel.range29.count)
        }
        return inside / HealpixPixel.area(order: region.pixel.order)
      }
      let (nA, nB) = (density(a), density(b))
      #expect(abs(region.priors.counterpartsPerDegree2 / (min(nA, nB) / 2) - 1) < 1e-9)
      #expect(abs(region.priors.unmatchedAPerDegree2 / (nA - min(nA, nB) / 2) - 1) < 1e-9)
      #expect(abs(region.priors.unmatchedBPerDegree2 / (nB - min(nA, nB) / 2) - 1) < 1e-9)
    }
  }

  @Test func whereOneCatalogueIsMissingTheOverallPriorsServe() {
    let regions = PriorRegions(map(scale: 20), map(scale: 30, hole: 2))
    for region in regions.regions where [2, 9].contains(region.pixel.parent(order: 0).index) {
      #expect(region.priors == regions.overall)
    }
  }

  @Test func withoutCommonCoverageDensitiesAreThoseOfEachCatalogue() {
    func patch(_ index: Int64) -> CoverageMap {
      CoverageMap(nodes: [
        CoverageMap.Node(pixel: HealpixPixel(order: 5, index: index), count: 100, fraction: 0.5, isBorder: true)
      ])
    }
    let overall = PriorRegions(patch(0), patch(9000)).overall
    #expect(abs(overall.counterpartsPerDegree2 / (100 / HealpixPixel.area(order: 5)) - 1) < 1e-12)
  }

  @Test func exchangingTheCataloguesExchangesTheDensitiesAlsoAcrossBorders() {
    let forward = PriorRegions(map(scale: 20), map(scale: 30, hole: 2))
    let backward = PriorRegions(map(scale: 30, hole: 2), map(scale: 20))
    #expect(forward.regions.map(\.pixel) == backward.regions.map(\.pixel))
    for i in stride(from: 0, to: forward.regions.count, by: 3) {
      for j in forward.regions.indices {
        let there = RegionModels(counting: forward).priors(ofA: i, ofB: j)
        let back = RegionModels(counting: backward).priors(ofA: j, ofB: i).swapped
        for density in [\PriorDensities.counterpartsPerDegree2, \.unmatchedAPerDegree2, \.unmatchedBPerDegree2] {
          #expect(abs(there[keyPath: density] / back[keyPath: density] - 1) < 1e-12)
        }
      }
    }
  }
}
