import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Match

/// The rotation between two frames from made-up pairs.
@Suite struct FrameFitTests {
  private static let limit = 36.0
  private static let covariance = PositionCovariance(xx: 0.16, yy: 0.09, xy: 0.02)

  /// Pairs within an ellipse, of which some are counterparts.
  private func pairs(
    _ count: Int, real: Int, _ rotation: FrameRotation, degrees: Double, factor: Double = 1, seed: UInt64
  ) -> [FrameFit.Pair] {
    var rng = SplitMix64(seed: seed)
    return (0..<count).map { index in
      let (ra, dec) = (40 + degrees * rng.uniform(), -degrees / 2 + degrees * rng.uniform())
      let offset = rotation.offsetArcsec(raDegrees: ra, decDegrees: dec)
      let c = Self.covariance
      // The columns of Cholesky's factor of C.
      let (xx, yx) = (c.xx.squareRoot(), c.xy / c.xx.squareRoot())
      let yy = (c.yy - yx * yx).squareRoot()
      let isReal = index < real
      let radius = (isReal ? -2 * factor * log(1 - rng.uniform()) : 2 * Self.limit * rng.uniform()).squareRoot()
      let angle = 2 * .pi * rng.uniform()
      let (u, v) = (radius * cos(angle), radius * sin(angle))
      let (x, y) = (xx * u, yx * u + yy * v)
      return FrameFit.Pair(
        raDegrees: ra, decDegrees: dec, eastArcsec: x + (isReal ? offset.east : 0),
        northArcsec: y + (isReal ? offset.north : 0), covariance: c, limit: Self.limit)
    }
  }

  @Test(arguments: [(0.3, -0.2), (0, 0.1), (1.5, 1)])
  func findsTheOffsetOfAField(east: Double, north: Double) {
    // At right ascension 40.5° and declination 0°: n = z, −e = (sin α, −cos α, 0).
    let ra = 40.5 * Double.pi / 180
    let truth = FrameRotation(vectorArcsec: SIMD3(north * sin(ra), -north * cos(ra), east))
    for seed in 1...3 {
      let fit = FrameFit(pairs(4000, real: 2000, truth, degrees: 1, factor: 1.5, seed: UInt64(seed)))
      let found = fit.rotation.offsetArcsec(raDegrees: 40.5, decDegrees: 0)
      #expect(
        hypot(found.east - east, found.north - north) < 5 * 0.01, "seed \(seed): \(found), ± \(fit.errorArcsec)")
      #expect(fit.errorArcsec > 0.003 && fit.errorArcsec < 0.02)
    }
  }

  @Test func findsARotationOfTheSphere() {
    let truth = FrameRotation(vectorArcsec: SIMD3(0.2, -0.1, 0.3))
    let fit = FrameFit(pairs(6000, real: 3000, truth, degrees: 100, seed: 4))
    let difference = fit.rotation.vectorArcsec - truth.vectorArcsec
    #expect((difference * difference).sum().squareRoot() < 0.06, "\(fit)")
  }

  @Test func exchangedCataloguesAreRotatedBack() {
    let truth = FrameRotation(vectorArcsec: SIMD3(0.2, -0.1, 0.3))
    let forward = pairs(4000, real: 2000, truth, degrees: 10, seed: 5)
    let back = forward.map { pair in
      var pair = pair
      (pair.eastArcsec, pair.northArcsec) = (-pair.eastArcsec, -pair.northArcsec)
      return pair
    }
    #expect(FrameFit(back).rotation == FrameFit(forward).rotation.reversed)
  }

  @Test func chancePairsHaveNoFrame() {
    for seed in 6...10 {
      #expect(FrameFit(pairs(3000, real: 0, .none, degrees: 1, seed: UInt64(seed))).rotation.isNone)
    }
  }

  @Test func rightFramesAreLeftAlone() {
    for seed in 11...15 {
      #expect(FrameFit(pairs(5000, real: 4000, .none, degrees: 1, seed: UInt64(seed))).rotation.isNone)
    }
  }

  @Test func absurdPairsAreIgnored() {
    var some = pairs(3000, real: 2000, FrameRotation(vectorArcsec: SIMD3(0, 0, 0.3)), degrees: 1, seed: 16)
    let expected = FrameFit(some).rotation
    for (east, variance, limit) in [(Double.nan, 1.0, 36.0), (1, 0, 36), (1, .infinity, 36), (1, 1, 0), (1, .nan, 36)] {
      some.append(
        FrameFit.Pair(
          raDegrees: 40, decDegrees: 0, eastArcsec: east, northArcsec: 0,
          covariance: PositionCovariance(xx: variance, yy: variance, xy: 0), limit: limit))
    }
    #expect(FrameFit(some).rotation == expected && !expected.isNone)
    #expect(FrameFit([]).rotation.isNone)
  }
}
