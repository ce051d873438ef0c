import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Counts in a band without a model: the catalogue's own, continued.
@Suite struct ExtrapolatedCountsTests {
  /// A catalogue whose counts rise by a law and end at a magnitude.
  private func observed(slope: Double, end: Double, number: Double, _ rng: inout SplitMix64) throws -> ObservedCounts {
    let grid = try MagnitudeGrid(first: 8.05, step: 0.1, count: 120)
    let counts = (0..<grid.count).map { bin -> Int64 in
      let expected = number * pow(10, slope * (grid[bin] - 16)) / (1 + exp((grid[bin] - end) / 0.1))
      return Int64(max(0, (expected + expected.squareRoot() * rng.normal(sigma: 1)).rounded()))
    }
    return try ObservedCounts(grid: grid, counts: counts, areaDeg2: 2)
  }

  @Test(arguments: [0.2, 0.3, 0.45])
  func aPowerLawGoesOn(slope: Double) throws {
    try forEverySeed { rng in
      let observed = try observed(slope: slope, end: 17, number: 3000, &rng)
      let grid = try MagnitudeGrid(first: 4, step: 0.1, count: 261)
      let counts = try ExtrapolatedCounts.counts(observed, on: grid)
      for magnitude in [13.0, 15, 16.5, 18, 20, 22] {
        let expected = 3000 * pow(10, slope * (magnitude - 16)) / (2 * 0.1)
        let ratio = counts.density(at: magnitude) / expected
        #expect(abs(log(ratio)) < (magnitude > 18 ? 0.35 : 0.15), "\(magnitude): \(ratio), seed \(rng.seed)")
      }
    }
  }

  @Test func countsThatHardlyRiseAreContinuedLevel() throws {
    try forEverySeed { rng in
      let observed = try observed(slope: 0.02, end: 17, number: 3000, &rng)
      let grid = try MagnitudeGrid(first: 4, step: 0.1, count: 261)
      let counts = try ExtrapolatedCounts.counts(observed, on: grid)
      #expect(counts.density.allSatisfy { $0 >= 0 && $0.isFinite })
      let ratio = counts.density(at: 24) / counts.density(at: 16)
      #expect(ratio > 0.5 && ratio < 3, "\(ratio), seed \(rng.seed)")
    }
  }

  @Test func fewSourcesAreRefused() throws {
    let grid = try MagnitudeGrid(first: 8.05, step: 0.1, count: 10)
    let few = try ObservedCounts(grid: grid, counts: Array(repeating: 1, count: 10), areaDeg2: 1)
    #expect(throws: CountsError.self) { try ExtrapolatedCounts.counts(few, on: grid) }
  }
}
