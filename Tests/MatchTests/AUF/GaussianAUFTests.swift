import Glibc
import Match
import Testing
import XMDBTestSupport

@Suite struct GaussianAUFTests {
  static let ellipses: [PositionCovariance] = [
    .init(circularSigmaArcsec: 0.3), .init(sigmaRA: 0.3, sigmaDec: 0.1, correlation: 0.8),
    .init(major: 0.4, minor: 0.05, positionAngleDegrees: 63), .init(sigmaRA: 0.2, sigmaDec: 0.7, correlation: -0.3),
  ]

  @Test func cumulativeProbabilityOfACircle() {
    let covariance = PositionCovariance(circularSigmaArcsec: 0.3)
    for radius in [0, 0.1, 0.5, 1, 3] {
      let expected = 1 - exp(-radius * radius / (2 * 0.09))
      let value = GaussianAUF.cumulative(dxArcsec: 0.6 * radius, dyArcsec: -0.8 * radius, covariance: covariance)
      #expect(abs(value - expected) < 1e-10)
    }
    // Where 1 − exp would have lost every figure.
    let tiny = GaussianAUF.cumulative(dxArcsec: 3e-10, dyArcsec: 0, covariance: covariance)
    #expect(abs(tiny / 5e-19 - 1) < 1e-14)
  }

  @Test func radiiOfGivenProbability() {
    for fraction in [0, 0.1, 0.5, 0.95, 0.999, 1 - 1e-12] {
      let limit = GaussianAUF.chiSquaredLimit(fraction: fraction)
      let radius = 0.3 * limit.squareRoot()
      let covariance = PositionCovariance(circularSigmaArcsec: 0.3)
      #expect(abs(radius - 0.3 * (-2 * log(1 - fraction)).squareRoot()) < 1e-4 * (fraction > 0.9999 ? 1 : 1e-8))
      let back = GaussianAUF.cumulative(dxArcsec: radius, dyArcsec: 0, covariance: covariance)
      #expect(abs(back - fraction) < 1e-14)
    }
    #expect(GaussianAUF.chiSquaredLimit(fraction: 0) == 0)
  }

  @Test(arguments: [0.1, 0.2, 0.3, 0.4])
  func densityOfACircleIsTheGaussian(sigma: Double) {
    let covariance = PositionCovariance(circularSigmaArcsec: sigma)
    let peak = 3600.0 * 3600 / (2 * Double.pi * sigma * sigma)
    for radius in stride(from: 0.0, to: 0.5, by: 0.03) {
      let density = exp(GaussianAUF.logDensity(dxArcsec: radius, dyArcsec: 0, covariance: covariance))
      #expect(abs(density / peak - exp(-radius * radius / (2 * sigma * sigma))) < 1e-9)
    }
    // No offset of a quadrature: the tail falls to nothing, while its logarithm stays an ordinary number.
    #expect(exp(GaussianAUF.logDensity(dxArcsec: 8 * sigma, dyArcsec: 0, covariance: covariance)) / peak < 1e-9)
    let far = GaussianAUF.logDensity(dxArcsec: 60 * sigma, dyArcsec: 0, covariance: covariance)
    #expect(abs(far - (log(peak) - 1800)) < 1e-9)
  }

  @Test(arguments: ellipses)
  func densityIntegratesToOneAndToTheCumulativeProbability(covariance: PositionCovariance) {
    let limit = GaussianAUF.chiSquaredLimit(fraction: 0.9)
    // Midpoints over ± 9 σ: for a smooth function that vanishes at the rim the rule converges faster than any power.
    let (halfX, halfY) = (9 * covariance.xx.squareRoot(), 9 * covariance.yy.squareRoot())
    let steps = 400
    let cell = (2 * halfX / Double(steps)) * (2 * halfY / Double(steps)) / (3600 * 3600)
    var (total, inside) = (0.0, 0.0)
    for column in 0..<steps {
      let x = halfX * (2 * (Double(column) + 0.5) / Double(steps) - 1)
      for row in 0..<steps {
        let y = halfY * (2 * (Double(row) + 0.5) / Double(steps) - 1)
        let chiSquared = GaussianAUF.chiSquared(dxArcsec: x, dyArcsec: y, covariance: covariance)
        guard chiSquared < 90 else { continue }
        let mass = exp(GaussianAUF.logDensity(chiSquared: chiSquared, covariance: covariance)) * cell
        total += mass
        if chiSquared < limit { inside += mass }
      }
    }
    #expect(abs(total - 1) < 1e-10)
    // The ellipse cuts cells: an error of the order of steps^(−3/2).
    #expect(abs(inside - 0.9) < 1e-3)
  }

  @Test(arguments: ellipses)
  func chiSquaredIsTheQuadraticForm(covariance: PositionCovariance) {
    let determinant = covariance.xx * covariance.yy - covariance.xy * covariance.xy
    for (dx, dy) in [(0.1, 0.2), (-0.3, 0.05), (0.0, -0.4), (1e-9, 2e-9)] {
      let form = (covariance.yy * dx * dx - 2 * covariance.xy * dx * dy + covariance.xx * dy * dy) / determinant
      let value = GaussianAUF.chiSquared(dxArcsec: dx, dyArcsec: dy, covariance: covariance)
      #expect(abs(value / form - 1) < 1e-12)
      #expect(value == GaussianAUF.chiSquared(dxArcsec: -dx, dyArcsec: -dy, covariance: covariance))
      #expect(
        GaussianAUF.logDensity(dxArcsec: dx, dyArcsec: dy, covariance: covariance)
          == GaussianAUF.logDensity(chiSquared: value, covariance: covariance))
    }
  }

  @Test func reachesAddInQuadratureToASafeRadius() {
    var generator = SeededGenerator(seed: 5)
    let limit = GaussianAUF.chiSquaredLimit(fraction: 0.999)
    for _ in 0..<3000 {
      let (first, second) = (randomEllipse(&generator), randomEllipse(&generator))
      let sum = first + second
      let reaches = [first, second].map { GaussianAUF.reachArcsec(of: $0, chiSquaredLimit: limit) }
      // The farthest offset with χ² = limit lies along the major axis of the sum.
      let farthest = (limit * sum.eigenvalues.largest).squareRoot()
      #expect(farthest <= hypot(reaches[0], reaches[1]))
    }
    let circle = PositionCovariance(circularSigmaArcsec: 0.3)
    let reach = GaussianAUF.reachArcsec(of: circle, chiSquaredLimit: limit)
    #expect(abs(reach / (0.3 * 3.7169221888) - 1) < 1e-9)
  }

  private func randomEllipse(_ generator: inout SeededGenerator) -> PositionCovariance {
    PositionCovariance(
      major: exp(generator.uniform(-6...2)), minor: exp(generator.uniform(-6...2)),
      positionAngleDegrees: generator.uniform(0...180))
  }
}
