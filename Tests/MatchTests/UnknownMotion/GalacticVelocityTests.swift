import Foundation
import Indexing
import Testing

@testable import Match

/// Mean motions and covariances of populations, worked out by hand at 5000 K with κ = 0.2108.
@Suite struct GalacticVelocityTests {
  private struct Case {
    let d, l, b: Double
    let population: KinematicPopulation
    let velocity: SIMD3<Double>
    let mean: SIMD2<Double>
    let covariance: SIMD3<Double>
  }

  private static let cases = [
    Case(
      d: 0.5, l: 90, b: 0, population: .thin, velocity: [-12.452301, -3.321984, -7.3], mean: [-1.400548, -3.077680],
      covariance: [156.478617, 0, 50.417465]),
    Case(
      d: 0.5, l: 90, b: 0, population: .thick, velocity: [-51.378027, -0.916191, -7.3], mean: [-0.386266, -3.077680],
      covariance: [728.056800, 0, 274.464505]),
    Case(
      d: 0.5, l: 90, b: 0, population: .halo, velocity: [-242.014276, 10.866024, -7.3], mean: [4.581116, -3.077680],
      covariance: [3525.219140, 0, 999.824400]),
    Case(
      d: 1, l: 30, b: 10, population: .thin, velocity: [-1.566591, -12.393990, -7.3], mean: [-2.612653, -1.458116],
      covariance: [48.264811, 2.870564, 21.247481]),
    Case(
      d: 1, l: 30, b: 10, population: .thick, velocity: [-23.314313, -44.767383, -7.3], mean: [-9.436964, -0.662040],
      covariance: [161.913702, 8.451885, 90.387509]),
    Case(
      d: 1, l: 30, b: 10, population: .halo, velocity: [-129.822385, -203.314003, -7.3], mean: [-42.858592, 3.236691],
      covariance: [495.820231, 53.498458, 268.432187]),
    Case(
      d: 2, l: 180, b: 45, population: .thin, velocity: [11.1, 14.427710, -7.3], mean: [1.520681, -1.371335],
      covariance: [10.080428, 0, 11.545790]),
    Case(
      d: 2, l: 180, b: 45, population: .thick, velocity: [11.1, 53.427710, -7.3], mean: [5.631281, -1.371335],
      covariance: [16.242814, 0, 17.914776]),
    Case(
      d: 3, l: 0, b: -60, population: .thin, velocity: [-11.1, -10.713309, -7.3], mean: [-0.752789, -0.931939],
      covariance: [8.434768, 0, 13.889518]),
    Case(
      d: 8, l: 330, b: 5, population: .thin, velocity: [-105.332558, -270.488472, -7.3],
      mean: [-7.127371, 0.050279], covariance: [3.859757, -0.204642, 1.046725]),
    Case(
      d: 0.2, l: 120, b: -80, population: .thin, velocity: [-5.286047, 14.867594, -7.3],
      mean: [15.670444, -6.822934], covariance: [1106.895308, 239.407390, 814.150119]),
  ]

  @Test func populationsMoveAsWorkedOutByHand() throws {
    let scale = 0.2108 / SkyMotion.kappa
    for c in Self.cases {
      let motion = SkyMotion(try GalacticDirection(longitudeDegrees: c.l, latitudeDegrees: c.b))
      let velocity = motion.meanVelocity(of: c.population, at: motion.place(distanceKpc: c.d))
      let g = motion.gaussian(of: c.population, distanceKpc: c.d)
      let name = "\(c.population) \(c.d) \(c.l) \(c.b)"
      for axis in 0..<3 { #expect(isClose(velocity[axis], c.velocity[axis]), "\(name) v \(velocity)") }
      #expect(isClose(g.meanX * scale, c.mean.x) && isClose(g.meanY * scale, c.mean.y), "\(name) \(g)")
      let found = SIMD3(g.xx, g.xy, g.yy) * scale * scale
      for axis in 0..<3 { #expect(isClose(found[axis], c.covariance[axis]), "\(name) Σ \(found)") }
    }
  }

  /// To the last digit that is given.
  private func isClose(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) < 1e-6 * max(1, abs(expected))
  }

  @Test func theGalaxyTurnsAsFastAsItsRotationCurve() {
    let speeds = [
      2: 173.1216, 4: 222.8938, 6: 234.6414, 8.09: 233.8161, 10: 230.4529, 12: 226.9228, 15: 222.6737, 20: 217.9774,
    ]
    for (radius, speed) in speeds { #expect(abs(RotationCurve.speed(radiusKpc: radius) - speed) < 1e-4) }
    let oort = OortConstants(temperatureKelvin: 5772)
    #expect(abs(oort.a - 12.60826) < 1e-5 && abs(oort.b + 15.33458) < 1e-5)
    let hot = OortConstants(temperatureKelvin: 20000)
    #expect(abs(hot.a - 10.91018) < 1e-5 && abs(hot.b + 13.03594) < 1e-5)
    #expect(abs(SkyMotion.kappa - 0.210950) < 1e-6)
  }

  @Test func ellipsoidsArePositiveDefiniteEverywhere() throws {
    for l in stride(from: 0.0, to: 360, by: 22.5) {
      for b in [-90.0, -60, -5, 0, 1, 30, 89.9, 90] {
        let motion = SkyMotion(try GalacticDirection(longitudeDegrees: l, latitudeDegrees: b))
        for d in [0.001, 0.05, 1, 4, 8.09, 12, 40, 100] {
          for population in KinematicPopulation.allCases {
            let g = motion.gaussian(of: population, distanceKpc: d)
            #expect(g.isPossible, "\(population) \(l) \(b) \(d) \(g)")
          }
        }
      }
    }
  }

  @Test func axesTurnAsMotionsDo() throws {
    let cases: [(l: Double, b: Double, from: SIMD2<Double>, to: SIMD2<Double>)] = [
      (0, 0, [5, 0], [2.6051475, 4.2676933]), (0, 0, [0, 5], [-4.2676933, 2.6051475]),
      (120, 30, [3, -4], [0.4985668, 4.9750810]), (300, -60, [-2, 7], [2.5791068, -6.8079518]),
    ]
    for c in cases {
      let axes = GalacticAxes(at: try position(l: c.l, b: c.b))
      let g = MotionGaussian(weight: 1, meanX: c.from.x, meanY: c.from.y, xx: 4, yy: 9, xy: 1)
      let turned = g.turned(cosine: axes.cosine, sine: axes.sine)
      #expect(abs(turned.meanX - c.to.x) < 1e-6 && abs(turned.meanY - c.to.y) < 1e-6, "\(c.l) \(c.b) \(turned)")
      #expect(abs(turned.determinant - g.determinant) < 1e-9 && abs(turned.meanSquare - g.meanSquare) < 1e-9)
      let back = turned.turned(cosine: axes.cosine, sine: -axes.sine)
      #expect(abs(back.xx - g.xx) < 1e-12 && abs(back.xy - g.xy) < 1e-12 && abs(back.meanX - g.meanX) < 1e-12)
    }
  }

  private func position(l: Double, b: Double) throws -> SkyPosition {
    let (l, b) = (l * .pi / 180, b * .pi / 180)
    let v = SIMD3(cos(b) * cos(l), cos(b) * sin(l), sin(b))
    let x = SIMD3(-0.0548755604162154, 0.4941094278755837, -0.8676661490190047)
    let y = SIMD3(-0.8734370902348850, -0.4448296299600112, -0.1980763734312015)
    let z = SIMD3(-0.4838350155487133, 0.7469822444972189, 0.4559837761750669)
    return try #require(SkyPosition(along: SIMD3((x * v).sum(), (y * v).sum(), (z * v).sum())))
  }
}
