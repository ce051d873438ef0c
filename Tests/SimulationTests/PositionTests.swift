import Foundation
import Indexing
import Testing

@testable import Simulation

@Suite struct PositionTests {
  /// Steps eastward and northward from a place to another near it, arcsec.
  private func offset(_ from: Collected.Row, _ to: Collected.Row) -> (east: Double, north: Double) {
    let place = SkyPosition(raDegrees: from.ra, decDegrees: from.dec)!.unitVector
    let step = SkyPosition(raDegrees: to.ra, decDegrees: to.dec)!.unitVector - place
    let (ra, dec) = (from.ra * .pi / 180, from.dec * .pi / 180)
    let east = SIMD3(-sin(ra), cos(ra), 0)
    let north = SIMD3(-sin(dec) * cos(ra), -sin(dec) * sin(ra), cos(dec))
    let arcsec = 180 / Double.pi * 3600
    return ((step * east).sum() * arcsec, (step * north).sum() * arcsec)
  }

  /// Squared separations of counterparts in units of their quoted errors: χ² with two degrees of freedom.
  private func mahalanobis(_ all: Collected) -> Sample {
    Sample(
      all.pairs.map { a, b in
        let (x, y) = offset(a, b)
        let xx = pow(Double(a.sigma), 2) + pow(Double(b.sigma), 2)
        let yy = pow(Double(a.sigmaDec), 2) + pow(Double(b.sigmaDec), 2)
        let xy =
          Double(a.correlation) * Double(a.sigma) * Double(a.sigmaDec)
          + Double(b.correlation) * Double(b.sigma) * Double(b.sigmaDec)
        return (yy * x * x - 2 * xy * x * y + xx * y * y) / (xx * yy - xy * xy)
      })
  }

  @Test(arguments: [(180.0, 0.0), (0, 12.3), (359.9, -89.0), (80, 66)])
  func errorsAreThoseQuoted(_ ra: Double, _ dec: Double) throws {
    let sample = mahalanobis(try Collected(.cone(30_000, density: 3000, ra: ra, dec: dec)))
    #expect(sample.kolmogorov { 1 - exp(-$0 / 2) } < 1.95)
  }

  @Test func errorsAreThoseQuotedOnTheWholeSky() throws {
    var model = SkyModel(region: .wholeSky, densities: KindDensities(perCatalogue: 1, matched: 1))
    model.a.position.scatter = 0.5
    #expect(mahalanobis(try Collected(model)).kolmogorov { 1 - exp(-$0 / 2) } < 1.95)
  }

  @Test func errorEllipsesAreThoseQuoted() throws {
    var model = SkyModel.cone(30_000)
    model.a.position.largestAxisRatio = 6
    model.b.position.largestAxisRatio = 3
    let all = try Collected(model)
    #expect(all.rowsA.contains { abs($0.correlation) > 0.9 })
    #expect(all.rowsA.allSatisfy { abs($0.correlation) < 0.95 && $0.sigma > 0 && $0.sigmaDec > 0 })
    #expect(mahalanobis(all).kolmogorov { 1 - exp(-$0 / 2) } < 1.95)
  }

  @Test func underestimatedErrorsAreTooSmallByTheirFactor() throws {
    var model = SkyModel.cone(30_000)
    model.a.position.underestimate = 1.5
    model.b.position.underestimate = 1.5
    #expect(mahalanobis(try Collected(model)).kolmogorov { 1 - exp(-$0 / (2 * 2.25)) } < 1.95)
  }

  @Test func quotedErrorsScatterInTheirLogarithm() throws {
    var model = SkyModel.cone(30_000)
    model.a.position.sigmaArcsec = 0.4
    model.a.position.scatter = 0.25
    let sigmas = Sample(try Collected(model).rowsA.map { log10(Double($0.sigma) / 0.4) / 0.25 })
    #expect(sigmas.kolmogorov(normalCumulative) < 1.95)
  }

  @Test func errorsGrowBeyondTheKnee() throws {
    var model = SkyModel.cone(30_000)
    model.a.position.scatter = 0
    model.a.position.knee = 15
    model.a.photometry.floor = 0
    let rows = try Collected(model).rowsA
    for row in rows {
      let expected = 0.1 * (1 + pow(10, 0.4 * (row.magnitude(0) - 15))).squareRoot()
      #expect(abs(Double(row.sigma) / expected - 1) < 1e-5)
    }
  }

  @Test(arguments: [0.0, 60, 89.5, -90]) func motionsCarryObjectsBetweenEpochs(_ dec: Double) throws {
    var model = SkyModel.cone(20_000, density: 3000, ra: 33, dec: dec)
    model.motionMasPerYear = 200
    model.b.epochYears = 2036
    model.a.motionErrorMasPerYear = 0
    model.b.motionErrorMasPerYear = 0
    for keyPath in [\SkyModel.a.position.sigmaArcsec, \SkyModel.b.position.sigmaArcsec] {
      model[keyPath: keyPath] = 1e-6
    }
    let all = try Collected(model)
    var motions: [Double] = []
    for (a, b) in all.pairs {
      let forward = moved(
        raDegrees: a.ra, decDegrees: a.dec,
        motion: ProperMotion(raMasPerYear: a.motion[0], decMasPerYear: a.motion[1]), byYears: 20)
      let back = moved(
        raDegrees: b.ra, decDegrees: b.dec,
        motion: ProperMotion(raMasPerYear: b.motion[0], decMasPerYear: b.motion[1]), byYears: -20)
      let misses = [
        separation(
          ra1Degrees: forward.raDegrees, dec1Degrees: forward.decDegrees, ra2Degrees: b.ra, dec2Degrees: b.dec),
        separation(ra1Degrees: back.raDegrees, dec1Degrees: back.decDegrees, ra2Degrees: a.ra, dec2Degrees: a.dec),
      ]
      #expect(misses.allSatisfy { $0.arcseconds < 2e-5 }, "\(a) \(b) \(misses)")
      motions += a.motion
    }
    let unit = Sample(motions.map { $0 / 200 })
    #expect(unit.kolmogorov(normalCumulative) < 1.95)
  }

  @Test func quotedMotionsHaveTheirErrors() throws {
    var model = SkyModel.cone(20_000)
    model.a.motionErrorMasPerYear = 3
    let all = try Collected(model)
    #expect(Sample(all.rowsA.flatMap(\.motion).map { $0 / 3 }).kolmogorov(normalCumulative) < 1.95)
    #expect(all.rowsB.allSatisfy { $0.motion.isEmpty })
  }
}
