import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// What one neighbour does to a PSF fit.
@Suite struct FitPullTests {
  @Test func offsetsAndFluxesAreThoseOfTheExactSolution() throws {
    for row in try Vectors.rows("psf_offsets") {
      #expect(abs(FitPull.offset(distance: row[0], flux: row[1]) - row[2]) < 1e-9, "\(row)")
      #expect(abs(FitPull.excessFlux(distance: row[0], flux: row[1]) - row[3]) < 1e-9, "\(row)")
    }
  }

  @Test func offsetsDoNotDependOnTheDirection() throws {
    for row in try Vectors.rows("psf_pull") {
      let distance = hypot(row[0], row[1])
      #expect(abs(FitPull.offset(distance: distance, flux: row[2]) - row[7]) < 1e-7, "\(row)")
      for degrees in [17.0, 90, 213] {
        let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
        let turned = hypot(c * row[0] - s * row[1], s * row[0] + c * row[1])
        let before = FitPull.offset(distance: distance, flux: row[2])
        #expect(abs(FitPull.offset(distance: turned, flux: row[2]) - before) < 1e-12)
      }
    }
  }

  @Test func theParameterisationGivesTheNumbersOfItsAuthors() throws {
    var polynomials = [[[Double]]](repeating: Array(repeating: [], count: 5), count: 2)
    for row in try Vectors.rows("psf_curves") {
      let (branch, parameter) = (Int(row[0]), Int(row[1]))
      #expect(polynomials[branch][parameter].count == Int(row[2]))
      polynomials[branch][parameter].append(row[3])
    }
    let cuts = [0.15, 0.5455000000000003, 0.9965000000000007]
    let curves = try FitParameterisation(cuts: cuts, lower: polynomials[0], upper: polynomials[1])
    for row in try Vectors.rows("psf_pull") {
      let pull = curves.offset(x: row[0], y: row[1], flux: row[2], binFlux: row[3])
      #expect(max(abs(pull.x - row[4]), abs(pull.y - row[5])) < 1e-6, "\(row): \(pull)")
    }
    #expect(throws: CrowdingError.self) {
      try FitParameterisation(cuts: [1], lower: polynomials[0], upper: polynomials[1])
    }
    #expect(throws: CrowdingError.self) {
      try FitParameterisation(cuts: cuts, lower: [], upper: polynomials[1])
    }
  }

  @Test func theFittedFluxIsLargestAtTheOffset() {
    forEverySeed { rng in
      for _ in 0..<300 {
        let (x, flux) = (rng.uniform(0, PointSpread.circlePerSigma), rng.logUniform(1e-3, 8))
        func overlap(_ d: Double) -> Double { exp(-d * d / 4) + flux * exp(-(x - d) * (x - d) / 4) }
        let offset = FitPull.offset(distance: x, flux: flux)
        #expect(offset >= 0 && offset <= x)
        for step in -50...50 {
          let beside = min(max(offset + Double(step) * x / 50, 0), x)
          #expect(overlap(beside) <= overlap(offset) * (1 + 1e-14), "seed \(rng.seed): \(x) \(flux)")
        }
        #expect(abs(FitPull.excessFlux(distance: x, flux: flux) - (overlap(offset) - 1)) < 1e-14 * (1 + flux))
      }
    }
  }

  @Test func equalSourcesMeetHalfwayAndFaintOnesPullLinearly() {
    for x in [0.1, 1, 2, 2.7] {
      #expect(abs(FitPull.offset(distance: x, flux: 1) - x / 2) < 1e-12)
      let faint = FitPull.offset(distance: x, flux: 1e-7)
      #expect(abs(faint / (1e-7 * x * exp(-x * x / 4)) - 1) < 1e-6)
    }
  }

  @Test func absurdNeighboursDoNotPullToNowhere() {
    for x in [-1, 0, 1, 50, Double.nan, .infinity] {
      for flux in [-1, 0, 1e-300, 1, 1e300, Double.nan, .infinity] {
        let offset = FitPull.offset(distance: x, flux: flux)
        #expect(offset >= 0 && offset <= PointSpread.circlePerSigma)
        #expect(!FitPull.excessFlux(distance: x, flux: flux).isNaN)
      }
    }
  }
}
