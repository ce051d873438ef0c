import Foundation
import Testing

@testable import Match

@Suite struct CompleteRangeTests {
  /// Counts of the sky times the fraction that a catalogue detects, with Poisson noise.
  private func catalogue(
    seed: UInt64, slope: Double, number: Double, step: Double = 0.1, detected: (Double) -> Double
  ) throws -> ObservedCounts {
    var random = SeededNumbers(seed: seed)
    let grid = try MagnitudeGrid(first: 8 + step / 2, step: step, count: Int(16 / step))
    let counts = (0..<grid.count).map { i -> Int64 in
      random.poisson(number * pow(10, slope * (grid[i] - 18)) * step * detected(grid[i]))
    }
    return try ObservedCounts(grid: grid, counts: counts, areaDeg2: 1)
  }

  @Test(arguments: [0.2, 0.35, 0.55], [300.0, 3000, 30_000])
  func aCatalogueThatFadesOutEndsWhereNineInTenAreDetected(slope: Double, number: Double) throws {
    for seed in UInt64(1)...8 {
      // Nine in ten at 20 mag, half at 20.33.
      let counts = try catalogue(seed: seed, slope: slope, number: number) { 1 / (1 + exp(($0 - 20.33) / 0.15)) }
      let range = try CompleteRange(of: counts)
      #expect(abs(range.completenessMagnitude - 20) < 0.5, "seed \(seed) \(range)")
      #expect(!range.isSaturated, "seed \(seed)")
    }
  }

  @Test(arguments: [0.1, 0.25, 0.5])
  func aCatalogueThatIsCutEndsAtTheCut(step: Double) throws {
    for seed in UInt64(1)...8 {
      let range = try CompleteRange(of: catalogue(seed: seed, slope: 0.3, number: 3000, step: step) { $0 < 19 ? 1 : 0 })
      // Never beyond it; short of it by a few tenths where the last of them happen to be few.
      #expect(range.completenessMagnitude < 19.01 && range.completenessMagnitude > 18.5, "seed \(seed) \(range)")
    }
  }

  @Test func aCatalogueWithoutBrightSourcesIsSaturated() throws {
    for seed in UInt64(1)...8 {
      let counts = try catalogue(seed: seed, slope: 0.3, number: 10_000) { $0 < 14 ? 0 : $0 < 20 ? 1 : 0 }
      let range = try CompleteRange(of: counts)
      #expect(range.isSaturated, "seed \(seed)")
      #expect(range.saturationMagnitude > 13.8 && range.saturationMagnitude < 14.8, "seed \(seed) \(range)")
    }
  }

  @Test func fewOrAbsurdCountsGiveErrorsOrARange() throws {
    let grid = try MagnitudeGrid(first: 10, step: 0.1, count: 50)
    var counts = [Int64](repeating: 0, count: 50)
    #expect(throws: CountsError.self) { try CompleteRange(of: ObservedCounts(grid: grid, counts: counts, areaDeg2: 1)) }
    for (k, value) in [(0, Int64.max), (25, 1000), (49, 1_000_000)] {
      counts = [Int64](repeating: 0, count: 50)
      counts[k] = value
      let range = try CompleteRange(of: ObservedCounts(grid: grid, counts: counts, areaDeg2: 1))
      #expect(range.completenessMagnitude.isFinite && range.saturationMagnitude <= range.completenessMagnitude)
    }
    let one = try ObservedCounts(grid: MagnitudeGrid(first: 10, step: 10, count: 1), counts: [50], areaDeg2: 1)
    #expect(try CompleteRange(of: one).completenessMagnitude.isFinite)
  }
}
