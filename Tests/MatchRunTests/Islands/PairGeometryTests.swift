import Foundation
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// The covariance of an offset against vectors in space.
@Suite struct PairGeometryTests {
  /// χ² and ln G, from coordinates in degrees: 10⁻¹⁴ of the distance to the pole in arcsec.
  private static let tolerance = 1e-9

  @Test(arguments: [0.0, 60, -89.9, 89.9999, 90, -90])
  func covarianceAgreesWithVectors(dec: Double) {
    forEverySeed { rng in
      for arcsec in [0.1, 1, 30, 600] {
        for _ in 0..<40 {
          let (first, second) = (source(dec, arcsec, &rng), source(dec, arcsec, &rng))
          let expected = WidePair(WideSource(first), WideSource(second))
          let covariance = PairGeometry.covariance(
            SourceState(raDegrees: first.ra, decDegrees: first.dec, covariance: self.covariance(first)),
            SourceState(raDegrees: second.ra, decDegrees: second.dec, covariance: self.covariance(second)))
          let distance = separation(
            ra1Degrees: first.ra, dec1Degrees: first.dec, ra2Degrees: second.ra, dec2Degrees: second.dec)
          let chiSquared = GaussianAUF.chiSquared(dxArcsec: distance.arcseconds, dyArcsec: 0, covariance: covariance)
          let logDensity = GaussianAUF.logDensity(chiSquared: chiSquared, covariance: covariance)
          #expect(
            abs(chiSquared - Double(expected.chiSquared)) <= Self.tolerance * Double(expected.chiSquared),
            "\(first), \(second), seed \(rng.seed)")
          #expect(
            abs(logDensity - Double(expected.logDensity)) <= Self.tolerance * max(1, abs(Double(expected.logDensity))),
            "\(first), \(second), seed \(rng.seed)")
        }
      }
    }
  }

  /// A source within so many arcsec of a declination, right ascension around 0.
  private func source(_ dec: Double, _ arcsec: Double, _ rng: inout SplitMix64) -> SimulatedSource {
    var place = Sky()
    place.append(
      vector: Sky.vector(
        aroundRA: 1, dec: dec, distanceRadians: rng.uniform() * arcsec / 206_265, direction: rng.uniform(0, 2 * .pi)))
    var source = SimulatedSource(place.raDegrees[0], place.decDegrees[0], sigma: rng.logUniform(0.1, 1))
    source.sigmaY = source.sigmaX * rng.logUniform(0.2, 5)
    source.correlation = rng.uniform(-0.95, 0.95)
    return source
  }

  private func covariance(_ source: SimulatedSource) -> PositionCovariance {
    PositionCovariance(sigmaRA: source.sigmaX, sigmaDec: source.sigmaY, correlation: source.correlation)
  }
}
