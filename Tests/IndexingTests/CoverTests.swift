import Foundation
import Indexing
import Testing
import XMDBTestSupport

@Suite struct ConeTests {
  static func center(_ rng: inout SplitMix64) -> SkyPosition? {
    let kind = SkyKind.allCases[rng.below(SkyKind.allCases.count)]
    let sky = kind.sample(8, scaleArcsec: 10, using: &rng)
    let i = rng.below(sky.count)
    return SkyPosition(raDegrees: sky.raDegrees[i], decDegrees: sky.decDegrees[i])
  }

  @Test func everyPointOfAConeIsCoveredForEverySeed() throws {
    try forEverySeed { rng in
      for _ in 0..<150 {
        let center = try #require(Self.center(&rng))
        let radius = rng.below(10) == 0 ? rng.uniform(0, 180) : rng.logUniform(1e-9, 90)
        let cone = PixelRangeSet.cone(center: center, radius: .degrees(radius))
        for edge in [true, false] {
          for _ in 0..<40 {
            let distance = radius * (edge ? 1 - 1e-12 : rng.uniform()) * .pi / 180
            var point = Sky()
            point.append(
              vector: Sky.vector(
                aroundRA: center.raDegrees, dec: center.decDegrees, distanceRadians: distance,
                direction: rng.uniform(0, 2 * .pi)))
            let index = Healpix29.index(raDegrees: point.raDegrees[0], decDegrees: point.decDegrees[0])
            #expect(cone.contains(index), "\(center) radius \(radius), seed \(rng.seed)")
          }
        }
      }
    }
  }

  @Test func noPixelOfAConeIsFurtherThanItsOwnDiameterForEverySeed() throws {
    try forEverySeed { rng in
      for _ in 0..<100 {
        let center = try #require(Self.center(&rng))
        let radius = Angle.degrees(rng.logUniform(1e-8, 100))
        let order = PixelRangeSet.coneOrder(radius: radius)
        let pixelRadius = HealpixGeometry.largestPixelRadius(order: order)
        for pixel in PixelRangeSet.cone(center: center, radius: radius).pixels {
          let excess = center.separation(to: pixel.center) - radius
          #expect(excess <= pixelRadius + .radians(2e-14), "\(center) \(radius.degrees)°, seed \(rng.seed)")
        }
      }
    }
  }

  /// The bound on the excess that the documentation states.
  @Test func aConeCoversLittleMoreThanItselfInFewRanges() throws {
    var rng = SplitMix64(seed: 4)
    var (worst, total) = (0.0, 0.0)
    for _ in 0..<200 {
      let center = try #require(Self.center(&rng))
      let radius = rng.logUniform(0.01, 60)
      let cone = PixelRangeSet.cone(center: center, radius: .degrees(radius))
      let excess = cone.areaDegrees2 / (129_600 / .pi * pow(sin(radius * .pi / 360), 2)) - 1
      #expect(excess >= 0 && cone.ranges.count < 400)
      worst = max(worst, excess)
      total += excess
    }
    #expect(worst < 0.45 && total / 200 < 0.25, "worst \(worst), mean \(total / 200)")
  }

  @Test func conesOfNothingAndOfEverything() throws {
    let center = try #require(SkyPosition(raDegrees: 45, decDegrees: 0))
    let point = PixelRangeSet.cone(center: center, radius: .zero)
    #expect(point.contains(Healpix29.index(raDegrees: 45, decDegrees: 0)) && point.pixelCount <= 9)
    #expect(PixelRangeSet.cone(center: center, radius: .degrees(180)) == .wholeSky)
    #expect(PixelRangeSet.cone(center: center, radius: .degrees(179.9)).areaDegrees2 > 41_000)
  }

  @Test func aConeAtThePoleTouchesFourBasePixels() throws {
    let pole = try #require(SkyPosition(raDegrees: 0, decDegrees: 90))
    let bases = Set(PixelRangeSet.cone(center: pole, radius: .arcseconds(1)).pixels.map { $0.parent(order: 0).index })
    #expect(bases == [0, 1, 2, 3])
  }
}

@Suite struct BoxTests {
  @Test func everyPointOfABoxIsCoveredForEverySeed() {
    forEverySeed { rng in
      for _ in 0..<150 {
        let ra = rng.uniform(-360, 720)
        let width = rng.logUniform(1e-6, 400)
        let dec = rng.uniform(-90, 90)
        let top = min(90, dec + rng.logUniform(1e-6, 180))
        let box = PixelRangeSet.box(raDegrees: ra...(ra + width), decDegrees: dec...top)
        for k in 0..<60 {
          let a = k % 3 == 0 ? ra : ra + width * rng.uniform()
          let d = k % 4 == 0 ? top : rng.uniform(dec, top)
          #expect(
            box.contains(Healpix29.index(raDegrees: a, decDegrees: d)), "\(ra) \(width) \(dec) \(top), seed \(rng.seed)"
          )
        }
      }
    }
  }

  @Test func boxesAreTight() {
    for (ra, dec) in [(10.0...20.0, -5.0...5.0), (350...370, 40...50), (0...90, 80...90), (-1...1, -90 ... -89)] {
      let box = PixelRangeSet.box(raDegrees: ra, decDegrees: dec)
      let area =
        (ra.upperBound - ra.lowerBound) * (sin(dec.upperBound * .pi / 180) - sin(dec.lowerBound * .pi / 180)) * 180
        / .pi
      #expect(
        box.areaDegrees2 >= area && box.areaDegrees2 < 1.6 * area, "\(ra) \(dec): \(box.areaDegrees2) for \(area)")
    }
  }

  @Test func wholeTurnsFreeCoordinatesAndEmptyBoxes() {
    #expect(PixelRangeSet.box(raDegrees: nil, decDegrees: nil) == .wholeSky)
    let wrapped = PixelRangeSet.box(raDegrees: -10...10, decDegrees: 0...5)
    #expect(wrapped == .box(raDegrees: 350...370, decDegrees: 0...5))
    let belt = PixelRangeSet.box(raDegrees: nil, decDegrees: -1e-4...1e-4)
    // A hair around the sky: the number of pixels is bounded, not the excess.
    #expect(belt.areaDegrees2 < 200 && belt.pixels.count < 10_000)
    #expect(PixelRangeSet.box(raDegrees: 5...5, decDegrees: 7...7).pixelCount <= 9)
    #expect(PixelRangeSet.box(raDegrees: nil, decDegrees: 91...95).isEmpty)
  }
}
