import Indexing
import Match
import Testing

/// The error of a position grows by that of the motion.
@Suite struct SourceModelTests {
  private func model(_ correlation: Double) -> SourceModel {
    SourceModel(
      state: SourceState(raDegrees: 30, decDegrees: 0, covariance: PositionCovariance(xx: 0.01, yy: 0.04, xy: 0.001)),
      motion: ProperMotion.ifKnown(raMasPerYear: 0, decMasPerYear: 0), sigmaMotionRAMasPerYear: 10,
      sigmaMotionDecMasPerYear: 20, correlationOfMotion: correlation)
  }

  @Test(arguments: [(0.5, 0.001 + 0.5 * 10 * 20 * 1e-6 * 25), (-0.9, 0.001 - 0.9 * 10 * 20 * 1e-6 * 25)])
  func aCorrelationTurnsTheEllipse(correlation: Double, expected: Double) throws {
    for years in [5.0, -5.0] {
      let moved = try #require(model(correlation).state(afterYears: years)).covariance
      #expect(abs(moved.xy - expected) < 1e-12)
      #expect(abs(moved.xx - (0.01 + 1e-4 * 25)) < 1e-12 && abs(moved.yy - (0.04 + 4e-4 * 25)) < 1e-12)
    }
  }

  @Test func errorsOfUnknownCorrelationAreIndependent() throws {
    #expect(abs(try #require(model(.nan).state(afterYears: 5)).covariance.xy - 0.001) < 1e-15)
  }
}
