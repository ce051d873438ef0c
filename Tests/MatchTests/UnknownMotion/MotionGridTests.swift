import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Match

@Suite struct MotionGridTests {
  private static let directions = [(0.0, 90.0), (30, 10), (120, -40), (1.25, -2.65), (300, -29), (180, 1), (55, 0)]
  private static let magnitudes = stride(from: 6.0, through: 26, by: 0.5).map { $0 }

  private func direction(_ l: Double, _ b: Double) throws -> GalacticDirection {
    try GalacticDirection(longitudeDegrees: l, latitudeDegrees: b)
  }

  @Test func starsByDistanceAddUpToTheCounts() throws {
    let counts = StarCounts(band: try Bands.band("gaia", "G"))
    let direction = try direction(30, 10)
    let magnitudes = [10.0, 15.5, 20]
    let stars = try counts.starsByDistance(in: direction, magnitudes: magnitudes)
    for (place, magnitude) in magnitudes.enumerated() {
      let grid = try MagnitudeGrid(first: magnitude, step: 1, count: 1)
      let parts = try counts.countsByPart(in: direction, on: grid)
      for (part, component) in GalacticComponent.allCases.enumerated() {
        let sum = stars.densities(magnitude: place, part: part).reduce(0, +)
        let expected = try #require(parts[component]).density[0]
        #expect(abs(sum - expected) <= 1e-9 * expected, "\(component) \(magnitude) \(sum) \(expected)")
      }
    }
  }

  /// Few Gaussians against all cells, and the widths against both: masses within any |μ|, and far out.
  @Test(arguments: directions) func fewGaussiansMoveAsAllStarsDo(l: Double, b: Double) throws {
    let counts = StarCounts(band: try Bands.band("gaia", "G"))
    let magnitudes = [9.0, 13, 17, 20, 24]
    let direction = try direction(l, b)
    let all = try SightlineMotions(direction, counts: counts, extinction: nil, magnitudes: magnitudes)
    let grid = try MotionGrid(direction, counts: counts, magnitudes: magnitudes)
    for (place, magnitude) in magnitudes.enumerated() {
      let cells = all.cells(magnitude: place)
      let exact = CircularAverage(cells).masses
      let few = CircularAverage(grid.mixtures[place].gaussians).masses
      let widths = CircularAverage.motions.map { motion in
        (1..<MotionWidths.count).reduce(0) { sum, k in
          let half = motion * motion / (2 * pow(MotionWidths.sigma(of: k), 2))
          return sum + grid.widths[place][k] * 2 * half * exp(-half)
        }
      }
      var inside = SIMD2<Double>.zero
      var (sums, tails) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
      for k in exact.indices {
        sums += CircularAverage.step * SIMD3(exact[k], few[k], widths[k])
        inside = SIMD2(max(inside.x, abs(sums.y - sums.x)), max(inside.y, abs(sums.z - sums.x)))
      }
      // Fast stars: motions that one star in ten thousand exceeds.
      var factors = SIMD2<Double>.one
      for k in exact.indices.reversed() {
        tails += CircularAverage.step * SIMD3(exact[k], few[k], widths[k])
        guard tails.x > 1e-4 else { continue }
        factors = SIMD2(
          max(factors.x, tails.y / tails.x, tails.x / tails.y), max(factors.y, tails.z / tails.x, tails.x / tails.z))
      }
      print("l \(l) b \(b) G \(magnitude): \(cells.count) cells; errors of F", inside, "tails", factors)
      #expect(abs(sums.x - 1) < 3e-3)
      #expect(inside.x < 0.02 && factors.x < (magnitude < 22 ? 2 : 4))
      // Where all stars drift alike, as faint ones in the plane, the circular average is a ring.
      #expect(inside.y < (abs(b) > 20 ? 0.05 : 0.2))
    }
  }

  @Test func aSightlineIsMadeInAFewMilliseconds() throws {
    let counts = StarCounts(band: try Bands.band("gaia", "G"))
    for (l, b) in Self.directions {
      let clock = ContinuousClock()
      let start = clock.now
      let grid = try MotionGrid(direction(l, b), counts: counts, magnitudes: Self.magnitudes)
      let time = clock.now - start
      print("l \(l) b \(b): \(Self.magnitudes.count) magnitudes in", time, "bytes", grid.payload.count)
      #expect(time < .milliseconds(1000))
    }
  }
}

extension MotionGridTests {
  private func grid(shares: [Double]? = nil) throws -> MotionGrid {
    let counts = StarCounts(band: try Bands.band("wise", "W1"))
    return try MotionGrid(
      try GalacticDirection(longitudeDegrees: 30, latitudeDegrees: 40), counts: counts, magnitudes: [10, 13, 15, 17],
      starShares: shares)
  }

  @Test func betweenMagnitudesASourceFollowsEither() throws {
    let grid = try grid(shares: [1, .nan, 0.7, 0.2])
    #expect(grid.mixtures.map { ($0.stillShare * 1e9).rounded() / 1e9 } == [0, 0, 0.3, 0.8])
    let half = grid.mixture(magnitude: 16)
    #expect(abs(half.stillShare - 0.55) < 1e-7 && abs(grid.widths(magnitude: 16).total - 1) < 1e-9)
    let (u, sides) = (3.0, (grid.mixtures[2], grid.mixtures[3]))
    let expected = 0.5 * (sides.0.circularTransform(at: u) + sides.1.circularTransform(at: u))
    #expect(abs(half.circularTransform(at: u) - expected) < 1e-12)
    #expect(abs(grid.widths(magnitude: 16).circularTransform(at: u) - expected) < 0.05)
    #expect(grid.mixture(magnitude: 15) == grid.mixtures[2] && grid.widths(magnitude: 13) == grid.widths[1])
    #expect(grid.mixture(magnitude: -.infinity) == grid.mixtures[0] && grid.widths(magnitude: 99) == grid.widths[3])
    #expect(grid.widths(magnitude: .nan) == grid.widths[3] && grid.mixture(magnitude: .nan) == grid.mixtures[3])
  }

  @Test func mixturesOfMagnitudesAreWhole() throws {
    let grid = try grid(shares: [1, 0.9, 0.7, 0.2])
    let position = try #require(SkyPosition(raDegrees: 217, decDegrees: 31))
    for magnitude in [9, 11.7, 15, 16.2, 30] {
      let mixture = grid.mixture(magnitude: magnitude).equatorial(at: position)
      let whole = try #require(mixture.whole)
      #expect(abs(whole.weight - 1) < 1e-12 && abs(whole.meanSquare - mixture.meanSquare) < 1e-9 * whole.meanSquare)
    }
    #expect(MotionMixture.still.whole == nil && grid.widths[0][-1] == 0 && grid.widths[0][24] == 0)
  }

  @Test func gridsOfMotionComeBackFromTheirBytes() throws {
    let grid = try grid(shares: [1, 1, 0.7, 0])
    let payload = grid.payload
    #expect(try MotionGrid(payload: payload) == grid)
    for length in stride(from: 0, to: payload.count, by: 97) {
      #expect(throws: IntegerReader.Malformed.self) { try MotionGrid(payload: Array(payload[..<length])) }
    }
    forEverySeed { rng in
      for _ in 0..<400 {
        var damaged = payload
        for _ in 0..<3 { damaged[rng.below(payload.count)] = UInt8(rng.below(256)) }
        guard let grid = try? MotionGrid(payload: damaged) else { continue }
        let mixture = grid.mixture(magnitude: 14)
        let density = mixture.logDensity(
          eastArcsec: 0.2, northArcsec: 0, covariance: PositionCovariance(circularSigmaArcsec: 0.1), years: 17)
        let drift = DriftLaw(grid.widths(magnitude: 14), years: 17, spreadArcsec2: 0.01)
        let circular = DriftedPair.value(drift, varianceArcsec2: 0.01, separationArcsec: 0.2)
        #expect(!density.isNaN && !circular.level.isNaN, "seed \(rng.seed)")
      }
    }
  }

  @Test func whatIsNoGridIsRefused() throws {
    let counts = StarCounts(band: try Bands.band("gaia", "G"))
    let direction = try GalacticDirection(longitudeDegrees: 0, latitudeDegrees: 30)
    let axes: [(magnitudes: [Double], shares: [Double]?)] = [
      ([], nil), ([2, 1], nil), ([.nan], nil), ([1, 99], nil), ([1], [2]), ([1], []), ([1, 2], [0.5, -1]),
    ]
    for (magnitudes, shares) in axes {
      #expect(throws: CountsError.self) {
        try MotionGrid(direction, counts: counts, magnitudes: magnitudes, starShares: shares)
      }
    }
    // No stars at all: what is there stays.
    let empty = try MotionGrid(direction, counts: counts, magnitudes: [-29], starShares: [.nan])
    #expect(empty.mixtures == [.still] && empty.widths == [.still])
    let some = try MotionGrid(direction, counts: counts, magnitudes: [-29, 15])
    #expect(some.mixtures[0] == some.mixtures[1])
  }
}
