import Foundation
import Indexing
import Testing
import XMDBTestSupport

@Suite struct PairSearchTests {
  /// From a microarcsecond to degrees.
  static let radiiArcsec: [Double] = [1e-6, 1e-3, 0.1, 3, 60, 3600, 20_000]

  /// Pairs, their order and the very bits of their separations.
  static func check(_ a: Sky, _ reachA: [Double], _ b: Sky, _ reachB: [Double], _ what: String) {
    let found = PairSearch.pairs(
      a: PositionSet(raDegrees: a.raDegrees, decDegrees: a.decDegrees, reachArcsec: reachA),
      b: PositionSet(raDegrees: b.raDegrees, decDegrees: b.decDegrees, reachArcsec: reachB))
    let expected = BruteForce.pairs(a: a, reachA: reachA, b: b, reachB: reachB)
    #expect(
      found.a == expected.a && found.b == expected.b && found.separationArcsec == expected.separationArcsec,
      "\(found.count) pairs instead of \(expected.a.count): \(what)")
  }

  @Test(arguments: SkyKind.allCases)
  func findsExactlyThePairsOfBruteForceForEverySeed(_ kind: SkyKind) {
    for radius in Self.radiiArcsec {
      forEverySeed { rng in
        // Half of b lies about a radius from sources of a, the rest anywhere on the same kind of sky.
        var a = kind.sample(250, scaleArcsec: radius, using: &rng)
        var b = a.scattered(sigmaArcsec: radius / 1.5, using: &rng)
        b.append(kind.sample(170, scaleArcsec: radius, using: &rng))
        if rng.below(4) > 0 { (a, b) = (a.sortedAlongCurve(), b.sortedAlongCurve()) }
        let fixed = ([Double](repeating: radius, count: a.count), [Double](repeating: 0, count: b.count))
        Self.check(a, fixed.0, b, fixed.1, "\(kind), fixed \(radius), seed \(rng.seed)")
        let reachA = a.raDegrees.map { _ in radius * rng.logUniform(0.01, 2) }
        let reachB = b.raDegrees.map { _ in rng.below(5) == 0 ? 0 : radius * rng.logUniform(0.01, 2) }
        Self.check(a, reachA, b, reachB, "\(kind), own reaches about \(radius), seed \(rng.seed)")
      }
    }
  }

  /// All sizes around the leaves' and quads' edges, and trees of different heights.
  @Test func anySizesGoTogether() {
    var rng = SplitMix64(seed: 11)
    for countA in [0, 1, 7, 8, 9, 31, 32, 33, 130] {
      for countB in [0, 1, 8, 33, 129, 1100] {
        let a = Sky.cap(countA, raDegrees: 1, decDegrees: 89, radiusDegrees: 1, using: &rng).sortedAlongCurve()
        let b = Sky.cap(countB, raDegrees: 1, decDegrees: 89, radiusDegrees: 1, using: &rng).sortedAlongCurve()
        Self.check(
          a, [Double](repeating: 400, count: countA), b, [Double](repeating: 300, count: countB),
          "\(countA) × \(countB)")
      }
    }
  }

  /// Whole sky and beyond: every pair of the sphere is within 180°.
  @Test(arguments: [60.0, 90, 179.9, 180, 500])
  func largeRadiiFindAllThatIsNear(_ degrees: Double) {
    forEverySeed { rng in
      var a = Sky.sphere(100, using: &rng)
      a.append(SkyKind.antipodes.sample(60, scaleArcsec: 1, using: &rng))
      let reach = [Double](repeating: degrees * 3600, count: a.count)
      Self.check(a, reach, a, [Double](repeating: 0, count: a.count), "\(degrees)°, seed \(rng.seed)")
    }
  }

  @Test func theRadiusItselfIsWithin() {
    let north = PositionSet(raDegrees: [10], decDegrees: [5.0 / 3600], reachArcsec: 0)
    let radius = separation(ra1Degrees: 10, dec1Degrees: 0, ra2Degrees: 10, dec2Degrees: 5.0 / 3600).arcseconds
    for (reach, count) in [(radius, 1), (radius.nextUp, 1), (radius.nextDown, 0)] {
      let set = PositionSet(raDegrees: [10], decDegrees: [0], reachArcsec: reach)
      #expect(PairSearch.pairs(a: set, b: north).count == count)
    }
    #expect(abs(PairSearch.radiusArcsec(3, 4) - 5) < 1e-15)
  }

  @Test func manyDuplicatesAtOneSpotAllPairUp() {
    let spot = [Double](repeating: 123.456, count: 700)
    let set = PositionSet(raDegrees: spot, decDegrees: spot.map { _ in -89.999_999 }, reachArcsec: 0)
    let pairs = PairSearch.pairs(a: set, b: set)
    #expect(pairs.count == 490_000 && pairs.separationArcsec.allSatisfy { $0 == 0 })
    #expect(pairs.a[700] == 1 && pairs.b[700] == 0 && pairs.b[699] == 699)
  }

  @Test func theStreamHoldsTheSamePairsOnce() {
    var rng = SplitMix64(seed: 5)
    let sky = SkyKind.clustered.sample(500, scaleArcsec: 2, using: &rng).sortedAlongCurve()
    let set = PositionSet(raDegrees: sky.raDegrees, decDegrees: sky.decDegrees, reachArcsec: 2)
    var streamed: [Int: Double] = [:]
    PairSearch.forEachPair(a: set, b: set) { i, j, separation in
      #expect(streamed.updateValue(separation, forKey: i * 500 + j) == nil)
    }
    let pairs = PairSearch.pairs(a: set, b: set)
    #expect(streamed.count == pairs.count)
    for k in 0..<pairs.count {
      #expect(streamed[Int(pairs.a[k]) * 500 + Int(pairs.b[k])] == pairs.separationArcsec[k])
    }
  }

  /// A million against a million over the whole sky, a sample of which is tried by brute force.
  @Test func aMillionAgainstAMillionAgreesWithBruteForceWhereSampled() {
    var rng = SplitMix64(seed: 20_260_102)
    let a = Sky.sphere(1_000_000, using: &rng).sortedAlongCurve()
    var b = a.reordered((0..<500_000).map { _ in rng.below(a.count) }).scattered(sigmaArcsec: 2, using: &rng)
    b.append(.sphere(500_000, using: &rng))
    b = b.sortedAlongCurve()
    let reachB = [Double](repeating: 3, count: b.count)
    let found = PairSearch.pairs(
      a: PositionSet(raDegrees: a.raDegrees, decDegrees: a.decDegrees, reachArcsec: 4),
      b: PositionSet(raDegrees: b.raDegrees, decDegrees: b.decDegrees, reachArcsec: reachB))
    var partners: [Int32: [Int32]] = [:]
    for k in 0..<found.count { partners[found.a[k], default: []].append(found.b[k]) }
    for _ in 0..<500 {
      let i = rng.below(a.count)
      let expected = BruteForce.partners(raDegrees: a.raDegrees[i], decDegrees: a.decDegrees[i], reach: 4, b, reachB)
      #expect((partners[Int32(i)] ?? []) == expected.map { Int32($0.index) }, "source \(i), seed \(rng.seed)")
    }
    #expect(found.count > 400_000)
  }
}

@Suite struct NearestNeighbourTests {
  @Test(arguments: SkyKind.allCases)
  func nearestIsTheFirstOfTheNearestByBruteForce(_ kind: SkyKind) {
    forEverySeed { rng in
      let a = kind.sample(150, scaleArcsec: 5, using: &rng)
      let b = kind.sample(170, scaleArcsec: 5, using: &rng)
      let found = PairSearch.nearest(
        of: PositionSet(raDegrees: a.raDegrees, decDegrees: a.decDegrees, reachArcsec: 0),
        in: PositionSet(raDegrees: b.raDegrees, decDegrees: b.decDegrees, reachArcsec: 0))
      for i in 0..<a.count {
        let all = (0..<b.count).map { j in
          separation(
            ra1Degrees: a.raDegrees[i], dec1Degrees: a.decDegrees[i], ra2Degrees: b.raDegrees[j],
            dec2Degrees: b.decDegrees[j]
          ).arcseconds
        }
        let nearest = all.indices.min { (all[$0], $0) < (all[$1], $1) } ?? -1
        #expect(found.index[i] == Int32(nearest), "\(kind), seed \(rng.seed)")
        #expect(found.separationArcsec[i] == all[nearest], "\(kind), seed \(rng.seed)")
      }
    }
  }

  @Test func inAnEmptySetNothingIsNear() {
    let one = PositionSet(raDegrees: [1], decDegrees: [2], reachArcsec: 3)
    let none = PositionSet(raDegrees: [], decDegrees: [], reachArcsec: 0)
    #expect(PairSearch.nearest(of: one, in: none).index == [-1])
    #expect(PairSearch.nearest(of: none, in: one).index.isEmpty)
  }
}
