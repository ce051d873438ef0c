import Foundation
import Indexing
import Testing
import XMDBTestSupport

/// The set's algebra against plain bitmaps of all pixels of a low order.
@Suite struct PixelRangeSetTests {
  static let order = 3
  static let count = 768

  /// A random set and the same as a bitmap: from single pixels to most of the sky.
  static func sample(_ rng: inout SplitMix64) -> (set: PixelRangeSet, bits: [Bool]) {
    var bits = [Bool](repeating: false, count: count)
    for _ in 0..<rng.below(40) {
      let first = rng.below(count)
      for i in first..<min(count, first + 1 + rng.below(60)) { bits[i] = true }
    }
    let pixels = bits.indices.filter { bits[$0] }.map { HealpixPixel(order: order, index: Int64($0)) }
    return (PixelRangeSet(pixels: rng.below(2) == 0 ? pixels : pixels.reversed() + pixels), bits)
  }

  static func bits(_ set: PixelRangeSet) -> [Bool] {
    (0..<count).map { set.contains(HealpixPixel(order: order, index: Int64($0)).range29) }
  }

  /// Sorted, disjoint, apart and within the sky.
  static func isCanonical(_ set: PixelRangeSet) -> Bool {
    set.ranges.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= Healpix29.count }
      && zip(set.ranges, set.ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
  }

  @Test func algebraAgreesWithBitmapsForEverySeed() {
    forEverySeed(Array(1...60)) { rng in
      let (a, bitsA) = Self.sample(&rng)
      let (b, bitsB) = Self.sample(&rng)
      #expect(Self.bits(a) == bitsA, "seed \(rng.seed)")
      #expect(Self.bits(a.union(b)) == zip(bitsA, bitsB).map { $0 || $1 }, "seed \(rng.seed)")
      #expect(Self.bits(a.intersection(b)) == zip(bitsA, bitsB).map { $0 && $1 }, "seed \(rng.seed)")
      #expect(Self.bits(a.subtracting(b)) == zip(bitsA, bitsB).map { $0 && !$1 }, "seed \(rng.seed)")
      for set in [a, a.union(b), a.intersection(b), a.subtracting(b)] {
        #expect(Self.isCanonical(set), "seed \(rng.seed)")
        #expect(PixelRangeSet(pixels: set.pixels) == set, "seed \(rng.seed)")
      }
      #expect(a.pixelCount == Int64(bitsA.count { $0 }) << 52)
      #expect(a.union(b) == b.union(a) && a.subtracting(b).union(a.intersection(b)) == a, "seed \(rng.seed)")
      #expect(PixelRangeSet.wholeSky.subtracting(PixelRangeSet.wholeSky.subtracting(a)) == a, "seed \(rng.seed)")
    }
  }

  @Test func membershipAgreesWithBitmapsForEverySeed() {
    forEverySeed { rng in
      let (set, bits) = Self.sample(&rng)
      for (i, isIn) in bits.enumerated() {
        let range = HealpixPixel(order: Self.order, index: Int64(i)).range29
        #expect(set.contains(range.lowerBound) == isIn && set.contains(range.upperBound - 1) == isIn)
        #expect(set.intersects(range) == isIn && set.contains(range) == isIn)
        let wide = range.lowerBound..<min(Healpix29.count, range.upperBound + 1)
        #expect(set.intersects(wide) == (isIn || (i + 1 < bits.count && bits[i + 1])), "seed \(rng.seed)")
      }
    }
  }

  @Test func theEmptySetAndTheWholeSky() {
    let empty = PixelRangeSet()
    #expect(empty.isEmpty && empty.areaDegrees2 == 0 && !empty.contains(0) && !empty.intersects(0..<Healpix29.count))
    #expect(empty.contains(5..<5) && !PixelRangeSet.wholeSky.intersects(5..<5))
    #expect(PixelRangeSet([3..<3]) == empty && empty.pixels.isEmpty)
    #expect(abs(PixelRangeSet.wholeSky.areaDegrees2 - 129_600 / .pi) < 1e-8)
    #expect(PixelRangeSet(pixels: HealpixPixel.basePixels) == .wholeSky)
    #expect(PixelRangeSet.wholeSky.pixels == HealpixPixel.basePixels)
    #expect(PixelRangeSet([5..<7, 0..<5, 6..<9]).ranges == [0..<9])
  }

  @Test func roundingOutAddsOnlyPixelsThatTouch() {
    let set = PixelRangeSet([5..<6, 17..<33])
    #expect(set.rounded(outToOrder: 29) == set)
    #expect(set.rounded(outToOrder: 28).ranges == [4..<8, 16..<36])
    #expect(set.rounded(outToOrder: 0).ranges == [0..<(1 << 58)])
  }
}

@Suite struct DilationTests {
  /// Rings one pixel at a time, by the pixels' own neighbours.
  static func grown(_ set: PixelRangeSet, rings: Int, order: Int) -> PixelRangeSet {
    var pixels = Set(
      set.rounded(outToOrder: order).ranges.flatMap { range in
        let shift = 2 * Int64(29 - order)
        return (range.lowerBound >> shift..<range.upperBound >> shift).map { HealpixPixel(order: order, index: $0) }
      })
    for _ in 0..<rings { pixels = pixels.union(pixels.flatMap(\.neighbours)) }
    return PixelRangeSet(pixels: pixels)
  }

  @Test func ringsAreThoseOfTheNeighboursForEverySeed() {
    forEverySeed(Array(1...12)) { rng in
      let (set, _) = PixelRangeSetTests.sample(&rng)
      for (order, rings) in [(3, 1), (3, 2), (2, 1), (5, 1), (4, 3), (3, 0), (0, 1)] {
        let found = set.dilated(rings: rings, order: order)
        #expect(found == Self.grown(set, rings: rings, order: order), "order \(order), seed \(rng.seed)")
        #expect(PixelRangeSetTests.isCanonical(found))
      }
    }
  }

  @Test func ringsGoAroundCornersOfBasePixelsAndPoles() {
    let order = 6
    for base in Int64(0)..<12 {
      for corner in HealpixPixel(order: 0, index: base).corners {
        let pixel = HealpixPixel(containing: corner, order: order)
        for rings in 1...4 {
          let set = PixelRangeSet(pixels: [pixel])
          #expect(set.dilated(rings: rings, order: order) == Self.grown(set, rings: rings, order: order), "\(pixel)")
        }
      }
    }
  }

  @Test func theWholeSkyAndNothingStayWhatTheyAre() {
    #expect(PixelRangeSet.wholeSky.dilated(rings: 3, order: 20) == .wholeSky)
    #expect(PixelRangeSet().dilated(rings: 3, order: 20).isEmpty)
  }

  /// A hemisphere-sized set at order 14 has three thousand million pixels; only its border may be walked.
  @Test func theCostGoesWithTheBorder() {
    let base = PixelRangeSet(pixels: (0..<6).map { HealpixPixel(order: 0, index: $0) })
    let grown = base.dilated(rings: 1, order: 14)
    let added = grown.subtracting(base).pixelCount >> 30
    #expect(added > 4 << 14 && added < 40 << 14)
  }

  /// One ring at the safe order holds everything within reach of a set.
  @Test func oneRingAtTheSafeOrderHoldsEverythingWithinReachForEverySeed() throws {
    try forEverySeed { rng in
      for _ in 0..<20 {
        let reach = Angle.arcseconds(rng.logUniform(0.01, 20_000))
        let order = try #require(HealpixGeometry.safeOrder(reach: reach))
        let sky = SkyKind.allCases[rng.below(SkyKind.allCases.count)].sample(40, scaleArcsec: 100, using: &rng)
        let set = PixelRangeSet(
          Healpix29.indices(raDegrees: sky.raDegrees, decDegrees: sky.decDegrees).map { $0..<$0 + 1 })
        let halo = set.dilated(rings: 1, order: order)
        let near = sky.scattered(sigmaArcsec: reach.arcseconds / 4, using: &rng)
        for i in 0..<near.count {
          let distance = separation(
            ra1Degrees: sky.raDegrees[i], dec1Degrees: sky.decDegrees[i], ra2Degrees: near.raDegrees[i],
            dec2Degrees: near.decDegrees[i])
          if distance > reach { continue }
          let index = Healpix29.index(raDegrees: near.raDegrees[i], decDegrees: near.decDegrees[i])
          #expect(halo.contains(index), "reach \(reach.arcseconds), seed \(rng.seed)")
        }
      }
    }
  }
}
