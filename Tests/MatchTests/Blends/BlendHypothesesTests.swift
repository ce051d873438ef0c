import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// The density of magnitude and offset of a blurred source against objects drawn one by one.
@Suite struct BlendHypothesesTests {
  static let fwhmArcsec = 6.1
  static let sigmaArcsec = fwhmArcsec / 2.354820045

  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let own: BlendMagnitude
    let others: [BlendHypotheses.Neighbour]
    /// Where the density is compared, arcsec, and at which magnitude.
    let offset: (east: Double, north: Double)
    let magnitude: Double
    /// The error of the offset, arcsec.
    let error: Double
  }

  static func other(_ east: Double, _ north: Double, _ mean: Double, _ sigma: Double) -> BlendHypotheses.Neighbour {
    .init(eastArcsec: east, northArcsec: north, expected: BlendMagnitude(mean: mean, sigma: sigma))
  }

  static let cases = [
    Case(
      description: "a faint one", own: .init(mean: 15, sigma: 0.3), others: [other(3, 0, 17, 0.4)],
      offset: (0.4, 0), magnitude: 14.9, error: 0.2),
    Case(
      description: "one as bright", own: .init(mean: 15, sigma: 0.3), others: [other(2, 2, 15.1, 0.3)],
      offset: (0.9, 0.8), magnitude: 14.5, error: 0.3),
    Case(
      description: "one that is brighter, most likely", own: .init(mean: 15.6, sigma: 0.3),
      others: [other(0, -3, 15, 0.3)],
      offset: (0, -1.2), magnitude: 14.7, error: 0.3),
    Case(
      description: "three", own: .init(mean: 15, sigma: 0.3),
      others: [other(2, 0, 15.4, 0.4), other(-1, 3, 16, 0.3), other(4, 4, 15.2, 0.5)],
      offset: (0.8, 0.5), magnitude: 14.3, error: 0.4),
    Case(
      description: "six", own: .init(mean: 15, sigma: 0.4),
      others: (0..<6).map { other(3 * cos(Double($0)), 3 * sin(Double($0)), 16.5, 0.4) },
      offset: (0.2, 0.3), magnitude: 14.2, error: 0.3),
  ]

  private static func normal(_ rng: inout SplitMix64) -> Double {
    (-2 * log(1 - Double.random(in: 0..<1, using: &rng))).squareRoot()
      * cos(2 * .pi * Double.random(in: 0..<1, using: &rng))
  }

  private static func gaussian(_ east: Double, _ north: Double, _ sigma: Double) -> Double {
    exp(-(east * east + north * north) / (2 * sigma * sigma)) / (2 * .pi * sigma * sigma)
  }

  /// The highest place of S uphill of the object, and S there: small steps along the gradient of ln S.
  private static func fit(_ others: [BlendHypotheses.Neighbour], _ fluxes: [Double]) -> (
    east: Double, north: Double, flux: Double
  ) {
    let scale = 4 * sigmaArcsec * sigmaArcsec
    var (x, y, flux) = (0.0, 0.0, 0.0)
    for _ in 0..<400 {
      var (sum, east, north) = (exp(-(x * x + y * y) / scale), 0.0, 0.0)
      (east, north) = (-x * sum, -y * sum)
      for (other, f) in zip(others, fluxes) {
        let (dx, dy) = (other.eastArcsec - x, other.northArcsec - y)
        let part = f * exp(-(dx * dx + dy * dy) / scale)
        sum += part
        east += dx * part
        north += dy * part
      }
      let (stepX, stepY) = (0.8 * east / sum, 0.8 * north / sum)
      (x, y, flux) = (x + stepX, y + stepY, sum)
      if stepX * stepX + stepY * stepY < 1e-12 { break }
    }
    return (x, y, flux)
  }

  @Test(arguments: cases) func densityIsThatOfDrawnObjects(_ test: Case) throws {
    var hypotheses = BlendHypotheses(try PointSpread(fwhmArcsec: Self.fwhmArcsec))
    hypotheses.look(magnitude: test.magnitude, own: test.own, test.others)
    var found = 0.0
    for point in 0..<BlendHypotheses.count {
      found +=
        exp(hypotheses.logWeights[point])
        * Self.gaussian(
          test.offset.east - hypotheses.eastArcsec[point], test.offset.north - hypotheses.northArcsec[point], test.error
        )
    }
    #if DEBUG
      let trials = 100_000
    #else
      let trials = 2_000_000
    #endif
    let window = 0.2
    var rng = SplitMix64(seed: 77)
    var (sum, square) = (0.0, 0.0)
    for _ in 0..<trials {
      let brightest = test.own.mean + test.own.sigma * Self.normal(&rng)
      let others = test.others.map { $0.expected.mean + $0.expected.sigma * Self.normal(&rng) }
      guard others.allSatisfy({ $0 >= brightest }) else { continue }
      let fit = Self.fit(test.others, others.map { pow(10, -0.4 * ($0 - brightest)) })
      guard abs(brightest - 2.5 * log10(fit.flux) - test.magnitude) < window / 2 else { continue }
      let density = Self.gaussian(test.offset.east - fit.east, test.offset.north - fit.north, test.error) / window
      sum += density
      square += density * density
    }
    let (expected, error) = (sum / Double(trials), square.squareRoot() / Double(trials))
    print("\(test): \(found) by hypotheses, \(expected) ± \(error) by drawing")
    // One other object is summed nearly exactly; the more there are, the more coarsely 64 points fill their magnitudes.
    let tolerance = test.others.count == 1 ? 0.04 : test.others.count <= 3 ? 0.3 : 0.5
    #expect(abs(found - expected) < tolerance * expected + 4 * error)
  }

  /// What the fit makes of one other object is known exactly.
  @Test(arguments: [0.5, 2.0, 5.0, 7.0], [0.0, 0.5, 2.0])
  func oneOtherPullsAsItDoesAlone(_ distance: Double, _ fainter: Double) throws {
    var hypotheses = BlendHypotheses(try PointSpread(fwhmArcsec: Self.fwhmArcsec))
    let (angle, sharply) = (0.7, 1e-9)
    hypotheses.look(
      magnitude: 15, own: BlendMagnitude(mean: 15, sigma: 3),
      [Self.other(distance * cos(angle), distance * sin(angle), 15 + fainter, sharply)])
    for point in 0..<BlendHypotheses.count where hypotheses.logWeights[point] > -20 {
      let flux = pow(10, -0.4 * (15 + fainter - hypotheses.magnitudes[point]))
      let exact = FitPull.offset(distance: distance / Self.sigmaArcsec, flux: min(flux, 1)) * Self.sigmaArcsec
      let (east, north) = (hypotheses.eastArcsec[point], hypotheses.northArcsec[point])
      #expect(abs(east * cos(angle) + north * sin(angle) - exact) < 0.05)
      #expect(abs(north * cos(angle) - east * sin(angle)) < 1e-9)
    }
  }

  @Test func nothingAbsurdIsMadeOfAbsurdMagnitudes() throws {
    var hypotheses = BlendHypotheses(try PointSpread(fwhmArcsec: Self.fwhmArcsec))
    for (magnitude, own, mean) in [(15.0, 15.0, -99.0), (-99, 15, 15), (99, 15, 15), (15, 99, -99)] {
      hypotheses.look(
        magnitude: magnitude, own: BlendMagnitude(mean: own, sigma: 0),
        [Self.other(1, 1, mean, 0), Self.other(0, 0, 15, 0)])
      #expect(hypotheses.logWeights.allSatisfy { !$0.isNaN && $0 < 100 })
      #expect(hypotheses.eastArcsec.allSatisfy { abs($0) <= 7.3 })
      #expect(hypotheses.magnitudes.allSatisfy { $0.isFinite })
    }
  }

  @Test func quantilesAreThoseOfTheNormalDistribution() {
    for share in [1e-300, 1e-15, 1e-5, 0.01, 0.074, 0.076, 0.3, 0.5, 0.7, 0.99, 1 - 1e-9] {
      let z = NormalQuantile.value(share)
      let back = 0.5 * erfc(-z / 2.0.squareRoot())
      #expect(abs(log(back / share)) < 3e-6 * max(1, z * z))
    }
    #expect(NormalQuantile.value(0) == -.infinity && NormalQuantile.value(1) == .infinity)
    #expect(NormalQuantile.value(.nan).isNaN)
  }
}
