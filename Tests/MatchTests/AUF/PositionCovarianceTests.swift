import Glibc
import Match
import Testing

@Suite struct PositionCovarianceTests {
  private func expectClose(_ a: PositionCovariance, _ b: PositionCovariance, _ relative: Double = 1e-15) {
    let scale = max(b.xx, b.yy) * relative
    #expect(abs(a.xx - b.xx) <= scale && abs(a.yy - b.yy) <= scale && abs(a.xy - b.xy) <= scale, "\(a) \(b)")
  }

  @Test func theThreeFormsOfACircleAreTheSame() {
    let circle = PositionCovariance(circularSigmaArcsec: 0.3)
    #expect(circle == PositionCovariance(sigmaRA: 0.3, sigmaDec: 0.3, correlation: 0))
    #expect(circle.isCircular && circle.isValid)
    for angle in [0, 17, 45, 90, 123.4, -30, 720] {
      expectClose(PositionCovariance(major: 0.3, minor: 0.3, positionAngleDegrees: angle), circle)
    }
  }

  @Test func positionAnglesRunFromNorthThroughEast() {
    #expect(PositionCovariance(major: 2, minor: 1, positionAngleDegrees: 0) == .init(xx: 1, yy: 4, xy: 0))
    #expect(PositionCovariance(major: 2, minor: 1, positionAngleDegrees: 90) == .init(xx: 4, yy: 1, xy: 0))
    #expect(PositionCovariance(major: 2, minor: 1, positionAngleDegrees: -180).xy == 0)
    let northEast = PositionCovariance(major: 2, minor: 1, positionAngleDegrees: 45)
    expectClose(northEast, .init(xx: 2.5, yy: 2.5, xy: 1.5))
    expectClose(PositionCovariance(major: 1, minor: 2, positionAngleDegrees: -45), northEast)
    expectClose(PositionCovariance(major: 2, minor: 1, positionAngleDegrees: 225), northEast)
  }

  @Test func eigenvaluesAreTheAxesAtEveryAngle() {
    for angle in stride(from: -200.0, through: 400, by: 7.3) {
      let ellipse = PositionCovariance(major: 0.7, minor: 0.02, positionAngleDegrees: angle)
      #expect(abs(ellipse.largestSigma / 0.7 - 1) < 1e-14)
      // The entries themselves carry a rounding of (0.7/0.02)² ulp of the minor axis.
      #expect(abs(ellipse.smallestSigma / 0.02 - 1) < 1e-12)
      #expect(abs(ellipse.determinant / (0.7 * 0.02 * 0.7 * 0.02) - 1) < 1e-12)
    }
  }

  @Test func errorsOfIndependentSourcesAdd() {
    let sum = PositionCovariance(circularSigmaArcsec: 3) + PositionCovariance(circularSigmaArcsec: 4)
    #expect(sum == PositionCovariance(circularSigmaArcsec: 5) && sum.isCircular)
    let mixed = PositionCovariance(sigmaRA: 1, sigmaDec: 2, correlation: 0.5) + .init(circularSigmaArcsec: 1)
    #expect(mixed == .init(xx: 2, yy: 5, xy: 1))
  }

  @Test func whatIsNotAnErrorIsNotValid() {
    let bad: [PositionCovariance] = [
      .init(circularSigmaArcsec: 0), .init(circularSigmaArcsec: .nan), .init(circularSigmaArcsec: .infinity),
      .init(xx: -1, yy: 1, xy: 0), .init(xx: 1, yy: -1, xy: 0), .init(xx: 1, yy: 1, xy: 1.01),
      .init(xx: 1, yy: 1, xy: .nan), .init(sigmaRA: 1, sigmaDec: 1, correlation: 1),
      .init(sigmaRA: 1, sigmaDec: 0, correlation: 0), .init(major: 1, minor: 0, positionAngleDegrees: 30),
    ]
    for covariance in bad.dropLast() { #expect(!covariance.isValid, "\(covariance)") }
    #expect(PositionCovariance(sigmaRA: 1e-6, sigmaDec: 100, correlation: 0.999).isValid)
    #expect(PositionCovariance(sigmaRA: 0.1, sigmaDec: 0.2, correlation: -0.999999).isValid)
  }
}
