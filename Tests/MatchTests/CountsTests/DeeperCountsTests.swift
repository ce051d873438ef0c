import Foundation
import Indexing
import Testing

@testable import Match

/// A deeper catalogue as the count of what is hidden in another.
@Suite struct DeeperCountsTests {
  private let grid = MagnitudeGrid.ofCounts

  /// Counts of a sky up to a magnitude, in the magnitudes of a band whose zero point differs by `shift`.
  private func observed(_ sky: DifferentialCounts, to end: Double, shift: Double = 0) throws -> ObservedCounts {
    let counts = (0..<grid.count).map { step -> Int64 in
      grid[step] < end ? Int64((sky.density[step] * grid.step * 20).rounded()) : 0
    }
    return try ObservedCounts(
      grid: MagnitudeGrid(first: grid.first + shift, step: grid.step, count: grid.count), counts: counts, areaDeg2: 20)
  }

  @Test func theyHoldBetweenBothEnds() throws {
    let (w1, i1) = (try Bands.band("wise", "W1"), try Bands.band("spitzer", "I1"))
    let direction = try GalacticDirection(longitudeDegrees: 60, latitudeDegrees: 40)
    let model = try FieldCounts(band: w1, direction: direction, on: grid).total
    // The sky has more of what is faint: twice the model from 21 mag on.
    let sky = DifferentialCounts(
      grid: grid, density: (0..<grid.count).map { model.density[$0] * exp2(min(max((grid[$0] - 17) / 4, 0), 1)) })
    let own = try observed(sky, to: 17)
    let deeper = try #require(
      try DeeperCounts(observed(sky, to: 21, shift: w1.abOffset - i1.abOffset), in: i1, as: w1, beyond: 17))
    #expect(deeper.range.completenessMagnitude > 20 && deeper.range.completenessMagnitude < 21.1, "\(deeper.range)")
    let (without, with) = (
      try FieldCounts(band: w1, direction: direction, on: grid, observed: own).total,
      try FieldCounts(band: w1, direction: direction, on: grid, observed: own, deeper: deeper).total
    )
    func ratio(_ counts: DifferentialCounts, _ low: Double, _ high: Double) -> Double {
      counts.sourcesPerDeg2(from: low, to: high) / sky.sourcesPerDeg2(from: low, to: high)
    }
    for (low, high) in [(15.0, 16.5), (17, 18), (18, 19), (19, 19.8)] {
      print(
        "\(low) to \(high) mag: with a deeper catalogue \(ratio(with, low, high)), without \(ratio(without, low, high))"
      )
      #expect(abs(ratio(with, low, high) - 1) < 0.02)
    }
    #expect(ratio(without, 18, 19) < 0.8)
    // Beyond its end the models are scaled to it.
    #expect(abs(ratio(with, 21, 22) - 1) < 0.3 && ratio(without, 21, 22) < 0.55)
  }

  @Test func otherLightAndLittleDepthAreNotTaken() throws {
    let (w1, w2, i1, g) = (
      try Bands.band("wise", "W1"), try Bands.band("wise", "W2"), try Bands.band("spitzer", "I1"),
      try Bands.band("gaia", "G")
    )
    let direction = try GalacticDirection(longitudeDegrees: 60, latitudeDegrees: 40)
    let sky = try FieldCounts(band: w1, direction: direction, on: grid).total
    let counts = try observed(sky, to: 18)
    #expect(DeeperCounts(counts, in: i1, as: w1, beyond: 16) != nil)
    #expect(DeeperCounts(counts, in: i1, as: w1, beyond: 17.9) == nil)
    #expect(DeeperCounts(counts, in: w2, as: w1, beyond: 16) == nil)
    #expect(DeeperCounts(counts, in: g, as: w1, beyond: 16) == nil)
    let none = try ObservedCounts(grid: grid, counts: [Int64](repeating: 0, count: grid.count), areaDeg2: 1)
    #expect(DeeperCounts(none, in: i1, as: w1, beyond: 16) == nil)
  }
}
