import Foundation
import Indexing
import Testing
import XMDBTestSupport

@Suite struct HealpixTests {
  /// Centres of the twelve base pixels: the definition of the grid ([Gorski2005], figure 4).
  @Test func basePixelsLieWhereTheGridDefinesThem() {
    let height = asin(2.0 / 3) * 180 / .pi
    let expected: [(Double, Double)] =
      [45, 135, 225, 315].map { ($0, height) } + [0, 90, 180, 270].map { ($0, 0) }
      + [45, 135, 225, 315].map { ($0, -height) }
    for (pixel, (ra, dec)) in zip(HealpixPixel.basePixels, expected) {
      #expect(abs(pixel.center.raDegrees - ra) < 1e-12 && abs(pixel.center.decDegrees - dec) < 1e-12, "\(pixel)")
    }
  }

  /// A polar base pixel ends at the pole with its northernmost child at every order: all binary digits one.
  @Test func thePolesAreTheLastAndFirstPixelsOfTheirBasePixels() {
    let perBase: Int64 = 1 << 58
    for base in Int64(0)..<4 {
      let ra = 45 + 90 * Double(base)
      #expect(Healpix29.index(raDegrees: ra, decDegrees: 90) == (base + 1) * perBase - 1)
      #expect(Healpix29.index(raDegrees: ra, decDegrees: -90) == (base + 8) * perBase)
      // A ten-thousandth of a milliarcsecond away it is still that pixel; rounding of cos θ would lose it.
      #expect(Healpix29.index(raDegrees: ra, decDegrees: 90 - 1e-7 / 3600) == (base + 1) * perBase - 1)
      // One second of arc away it is not, but in the same pixel of order 16.
      let near = Healpix29.index(raDegrees: ra, decDegrees: 90 - 1.0 / 3600)
      #expect(near != (base + 1) * perBase - 1 && near >> 26 == ((base + 1) << 32) - 1)
    }
  }

  @Test func childrenLieSouthEastWestAndNorth() {
    for pixel in (0..<192).map({ HealpixPixel(order: 2, index: $0) }) {
      let centers = pixel.children.map(\.center)
      #expect(centers[0].decDegrees < centers[3].decDegrees)
      let east = (centers[1].raDegrees - centers[2].raDegrees + 540).truncatingRemainder(dividingBy: 360) - 180
      #expect(east > 0, "\(pixel)")
    }
  }

  @Test(arguments: 0...29)
  func centresFallIntoTheirOwnPixels(_ order: Int) {
    forEverySeed { rng in
      let count: Int64 = 12 << (2 * Int64(order))
      var indices = (0..<200).map { _ in Int64(rng.next() % UInt64(count)) }
      // The first and last pixels of each base pixel: poles, and corners where three meet.
      for base in Int64(0)..<12 { indices += [base << (2 * Int64(order)), ((base + 1) << (2 * Int64(order))) - 1] }
      for index in indices {
        let pixel = HealpixPixel(order: order, index: index)
        #expect(HealpixPixel(containing: pixel.center, order: order) == pixel, "\(pixel), seed \(rng.seed)")
      }
    }
  }

  @Test func aBatchIsTheSameAsOneByOneAndWholeTurnsDoNotMatter() {
    forEverySeed { rng in
      for kind in SkyKind.allCases {
        let sky = kind.sample(300, scaleArcsec: 1, using: &rng)
        let batch = Healpix29.indices(raDegrees: sky.raDegrees, decDegrees: sky.decDegrees)
        for i in 0..<sky.count {
          let (ra, dec) = (sky.raDegrees[i], sky.decDegrees[i])
          #expect(batch[i] == Healpix29.index(raDegrees: ra, decDegrees: dec), "\(kind), seed \(rng.seed)")
          guard let position = SkyPosition(raDegrees: ra, decDegrees: dec) else { continue }
          #expect(batch[i] == HealpixPixel(containing: position, order: 29).index, "\(kind), seed \(rng.seed)")
        }
      }
    }
    #expect(Healpix29.indices(raDegrees: [], decDegrees: []) == [])
  }

  @Test func parentsChildrenAndRangesFitTogether() {
    let pixel = HealpixPixel(order: 5, index: 7_777)
    #expect(pixel.children.allSatisfy { $0.parent(order: 5) == pixel })
    #expect(pixel.children.first?.range29.lowerBound == pixel.range29.lowerBound)
    #expect(pixel.children.last?.range29.upperBound == pixel.range29.upperBound)
    #expect(PixelRangeSet(pixels: pixel.children).ranges == [pixel.range29])
    #expect(pixel.contains(healpix29: pixel.range29.lowerBound) && !pixel.contains(healpix29: pixel.range29.upperBound))
    #expect(HealpixPixel(healpix29: pixel.range29.upperBound - 1, order: 5) == pixel)
    #expect(pixel < pixel.children[0] && pixel.children[3] < HealpixPixel(order: 5, index: 7_778))
    #expect("\(pixel)" == "5/7777")
  }

  @Test func allPixelsOfAnOrderCoverTheSky() {
    for order in [0, 7, 29] {
      let count = Double(Int64(12) << (2 * Int64(order)))
      #expect(abs(HealpixPixel.area(order: order) * count - 129_600 / .pi) < 1e-8)
    }
  }

  /// From order 1 on, 24 pixels have 7 neighbours (three at each of the eight points where three base pixels meet).
  @Test(arguments: 1...4)
  func neighboursAreMutualAndSevenAtTheTripleCorners(_ order: Int) {
    let all = (0..<Int64(12) << (2 * Int64(order))).map { HealpixPixel(order: order, index: $0) }
    var sevens = 0
    for pixel in all {
      let neighbours = pixel.neighbours
      if neighbours.count == 7 { sevens += 1 } else { #expect(neighbours.count == 8, "\(pixel)") }
      #expect(Set(neighbours).count == neighbours.count && !neighbours.contains(pixel))
      #expect(neighbours == neighbours.sorted())
      for neighbour in neighbours { #expect(neighbour.neighbours.contains(pixel), "\(pixel) and \(neighbour)") }
    }
    #expect(sevens == 24)
  }

  /// Neighbours are those pixels that share a corner: found here from the corners alone.
  @Test(arguments: 0...2)
  func neighboursAreThePixelsThatShareACorner(_ order: Int) {
    let all = (0..<Int64(12) << (2 * Int64(order))).map { HealpixPixel(order: order, index: $0) }
    let corners = all.map { $0.corners.map(\.unitVector) }
    for (i, pixel) in all.enumerated() {
      let touching = all.indices.filter { j in
        i != j && corners[i].contains { u in corners[j].contains { v in ((u - v) * (u - v)).sum() < 1e-20 } }
      }
      #expect(pixel.neighbours == touching.map { all[$0] }, "\(pixel)")
    }
  }

  @Test(arguments: 0...29)
  func cornersAndBordersLieWhereFourPixelsMeet(_ order: Int) {
    var rng = SplitMix64(seed: 7)
    for _ in 0..<50 {
      let pixel = HealpixPixel(order: order, index: Int64(rng.next() % UInt64(12 << (2 * Int64(order)))))
      let radius = HealpixGeometry.largestPixelRadius(order: order)
      let near = Set(pixel.neighbours + [pixel])
      let corners = pixel.corners
      #expect(corners.count == 4 && corners[0].decDegrees > corners[2].decDegrees)
      for point in pixel.border(pointsPerSide: 8) {
        #expect(pixel.center.separation(to: point).radians <= radius.radians * (1 + 1e-9) + 1e-15, "\(pixel)")
        #expect(near.contains(HealpixPixel(containing: point, order: order)), "\(pixel)")
      }
    }
  }

  /// The pixel radius bounds every point of a pixel, not only the corners.
  @Test(arguments: 0...12)
  func noPointOfAPixelIsFurtherThanThePixelRadius(_ order: Int) {
    forEverySeed { rng in
      let sky = Sky.sphere(3000, using: &rng)
      let radius = HealpixGeometry.largestPixelRadius(order: order).radians
      for (ra, dec) in zip(sky.raDegrees, sky.decDegrees) {
        guard let point = SkyPosition(raDegrees: ra, decDegrees: dec) else { continue }
        let center = HealpixPixel(containing: point, order: order).center
        #expect(center.separation(to: point).radians <= radius * (1 + 1e-9), "seed \(rng.seed)")
      }
    }
  }

  @Test func sortingAlongTheCurveIsStableForEverySeed() {
    forEverySeed { rng in
      for count in [0, 1, 2, 1000] {
        let keys = (0..<count).map { _ in rng.below(3) == 0 ? 5 : Int64(rng.next() >> 2) >> Int64(rng.below(60)) }
        let expected = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        #expect(sortedOrder(ofHealpix29: keys) == expected, "seed \(rng.seed)")
      }
    }
  }
}
