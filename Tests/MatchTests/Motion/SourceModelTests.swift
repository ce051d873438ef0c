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

  @Test(arguments: [0.5, -0.9]) func aCorrelationTurnsTheEllipse(correlation: Double) throws {
    // Five years of 10 and 20 mas/yr, in arcsec².
    let (xx, yy, xy) = (0.0025, 0.01, 0.005)
    for years in [5.0, -5.0] {
      let moved = try #require(model(correlation).state(afterYears: years)).covariance
      #expect(abs(moved.xx - 0.01 - xx) < 1e-12)
      #expect(abs(moved.yy - 0.04 - yy) < 1e-12)
      #expect(abs(moved.xy - 0.001 - correlation * xy) < 1e-12)
    }
  }

  @Test func errorsOfUnknownCorrelationAreIndependent() throws {
    let moved = try #require(model(.nan).state(afterYears: 5)).covariance
    #expect(abs(moved.xy - 0.001) < 1e-15)
  }
}
