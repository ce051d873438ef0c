import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

@Suite struct SkyShiftTests {
  @Test func everySourceMovesByTheDistanceInTheDirection() {
    for dec in [-90, -89.999, -45, 0, 60, 89.9999, 90] {
      for shift in SkyShift.directions(8, distanceArcsec: 20) {
        let moved = shift.moved(359.9999, dec)
        let distance = separation(
          ra1Degrees: 359.9999, dec1Degrees: dec, ra2Degrees: moved.raDegrees, dec2Degrees: moved.decDegrees)
        #expect(abs(distance.arcseconds - 20) < 1e-6, "\(shift) at \(dec)")
        let back = shift.reversed.moved(moved.raDegrees, moved.decDegrees)
        let missed = separation(
          ra1Degrees: 359.9999, dec1Degrees: dec, ra2Degrees: back.raDegrees, dec2Degrees: back.decDegrees)
        if abs(dec) < 80 { #expect(missed.arcseconds < 0.01) }
      }
    }
  }

  @Test func directionsDivideTheCircle() {
    let shifts = SkyShift.directions(4, distanceArcsec: 3600)
    #expect(shifts.map(\.positionAngleDegrees) == [0, 90, 180, 270])
    let ends = shifts.map { $0.moved(10, 0) }
    #expect(abs(ends[0].decDegrees - 1) < 1e-3 && abs(ends[2].decDegrees + 1) < 1e-3)
    #expect(abs(ends[1].raDegrees - 11) < 1e-3 && abs(ends[3].raDegrees - 9) < 1e-3)
  }

  @Test func aRecordedConfigurationIsReadBack() throws {
    var configuration = MatchConfiguration()
    // As a plan has it where neither catalogue has corrections.
    configuration.corrections = .runs(a: nil, b: nil)
    for epoch: MatchConfiguration.Epoch in [.automatic, .asGiven, .year(2015.4)] {
      configuration.epoch = epoch
      configuration.photometry.toggle()
      configuration.priors = configuration.photometry ? .measured : .counts
      configuration.candidateFraction = 0.997
      configuration.largestSeparationArcsec = 7.5
      #expect(try MatchConfiguration(recorded: configuration.yaml, run: 1) == configuration)
    }
    #expect(throws: (any Error).self) { try MatchConfiguration(recorded: "priors: guessed\n", run: 1) }
  }

  /// Before pairs could be negligible, nothing was recorded about it.
  @Test func whatSaysNothingOfNegligiblePairsKeepsAll() throws {
    var configuration = MatchConfiguration()
    configuration.negligibleProbability = 0
    #expect(!configuration.yaml.contains("negligible"))
    #expect(try MatchConfiguration(recorded: configuration.yaml, run: 1).negligibleProbability == 0)
  }
}
