import Foundation
import Indexing
import Testing

@testable import Match

@Suite struct CountRescalingTests {
  private let grid: MagnitudeGrid
  private let stars: DifferentialCounts
  private let galaxies: DifferentialCounts

  init() throws {
    let grid = try MagnitudeGrid(first: 11.125, step: 0.25, count: 28)
    self.grid = grid
    stars = DifferentialCounts(grid: grid, density: (0..<28).map { pow(10, 0.35 * (grid[$0] - 14) + 2) })
    galaxies = DifferentialCounts(grid: grid, density: (0..<28).map { pow(10, 0.6 * (grid[$0] - 16) + 1) })
  }

  private var whole: CompleteRange { CompleteRange(saturationMagnitude: 11, completenessMagnitude: 18) }

  private func observed(_ s: Double, _ g: Double, area: Double, noise: inout SeededNumbers?) throws -> ObservedCounts {
    let blank = try ObservedCounts(grid: grid, counts: [Int64](repeating: 0, count: 28), areaDeg2: area)
    let counts = (0..<28).map { i -> Int64 in
      let mean = s * blank.expected(stars, inBin: i) + g * blank.expected(galaxies, inBin: i)
      return noise?.poisson(mean) ?? Int64(mean.rounded())
    }
    return try ObservedCounts(grid: grid, counts: counts, areaDeg2: area)
  }

  @Test(arguments: [(2.0, 0.5), (0.7, 3), (1, 0), (0, 1)])
  func factorsOfNoiselessCountsAreRecovered(s: Double, g: Double) throws {
    var none: SeededNumbers?
    let fit = try CountRescaling(
      of: observed(s, g, area: 20_000, noise: &none), stars: stars, galaxies: galaxies, range: whole)
    #expect(abs(fit.starFactor - s) < 1e-3)
    #expect(abs(fit.galaxyFactor - g) < 1e-3)
    #expect(fit.reducedDeviance < 0.01)
  }

  @Test func factorsScatterByTheirErrors() throws {
    var random: SeededNumbers? = SeededNumbers(seed: 7)
    var pulls: [Double] = []
    var deviances: [Double] = []
    for _ in 0..<300 {
      let fit = try CountRescaling(
        of: observed(1.3, 0.8, area: 200, noise: &random), stars: stars, galaxies: galaxies, range: whole)
      pulls += [(fit.starFactor - 1.3) / fit.starFactorError, (fit.galaxyFactor - 0.8) / fit.galaxyFactorError]
      deviances.append(fit.reducedDeviance)
    }
    let variance = pulls.reduce(0) { $0 + $1 * $1 } / Double(pulls.count)
    // The errors are never below those of Poisson counts, and above where the deviance happens to be large.
    #expect(variance > 0.7 && variance < 1.15, "seed 7")
    #expect(abs(deviances.reduce(0, +) / 300 - 1) < 0.1, "seed 7")
  }

  @Test func noOtherFactorsAreLikelier() throws {
    var random: SeededNumbers? = SeededNumbers(seed: 11)
    for _ in 0..<50 {
      let counts = try observed(1, random?.uniform() ?? 0, area: 0.05, noise: &random)
      let used = (0..<28).map { Double(counts.counts[$0]) }
      let fit = TwoFactorFit(
        counts: used, first: (0..<28).map { counts.expected(stars, inBin: $0) },
        second: (0..<28).map { counts.expected(galaxies, inBin: $0) })
      let best = fit.logLikelihood(fit.factors)
      for i in 0..<40 {
        for j in 0..<40 {
          let other = SIMD2(Double(i) * 0.1, Double(j) * 0.1)
          if other.x + other.y > 0 { #expect(fit.logLikelihood(other) <= best + 1e-9, "seed 11") }
        }
      }
    }
  }

  @Test func theMeanExtinctionIsRecovered() throws {
    let band = try Bands.band("gaia", "G")
    let direction = try GalacticDirection(longitudeDegrees: 100, latitudeDegrees: 2)
    let model = StarCounts(band: band)
    let galaxyModel = try GalaxyCounts(band: band)
    let grid = try MagnitudeGrid(first: 10.05, step: 0.1, count: 100)
    let shape = try ExtinctionDistribution(lognormalMean: 1, scatter: 0.4)
    func models(_ dust: ExtinctionDistribution) throws -> (stars: DifferentialCounts, galaxies: DifferentialCounts) {
      (try model.counts(in: direction, extinction: dust, on: grid), galaxyModel.counts(on: grid, extinction: dust))
    }
    let truth = try models(shape.scaled(toMeanAV: 2.5))
    var random = SeededNumbers(seed: 3)
    let blank = try ObservedCounts(grid: grid, counts: [Int64](repeating: 0, count: 100), areaDeg2: 30)
    let counts = (0..<100).map { random.poisson(1.2 * blank.expected(truth.stars, inBin: $0)) }
    let fit = try ExtinctionRescaling(
      of: ObservedCounts(grid: grid, counts: counts, areaDeg2: 30), extinction: shape, limits: 0...8,
      range: CompleteRange(saturationMagnitude: 10, completenessMagnitude: 20), models: models)
    print("seed 3, A_V", fit.meanAV, "±", fit.meanAVError, "stars ×", fit.factors.starFactor)
    #expect(abs(fit.meanAV - 2.5) < 4 * fit.meanAVError + 0.01)
    #expect(fit.meanAVError < 0.3)
    #expect(abs(fit.factors.starFactor - 1.2) < 0.06)
  }

  @Test func deepCountsAreObservedWhereCompleteAndModelledBeyond() throws {
    var none: SeededNumbers?
    let counts = try observed(2, 0.5, area: 10, noise: &none)
    let range = CompleteRange(saturationMagnitude: 12, completenessMagnitude: 16)
    let scaled = stars.scaled(by: 3)
    let deep = DeepCounts.completed(counts, range: range, scaled: scaled)
    for i in 0..<28 {
      let isObserved = grid[i] > 12 && grid[i] < 16 && counts.counts[i] >= 25
      #expect(deep.density[i] == (isObserved ? counts.density.density[i] : scaled.density[i]))
    }
  }

  @Test func emptyAndAbsurdCountsGiveErrorsOrFactors() throws {
    let empty = try ObservedCounts(grid: grid, counts: [Int64](repeating: 0, count: 28), areaDeg2: 1)
    #expect(throws: CountsError.self) { try CountRescaling(of: empty, stars: stars, galaxies: galaxies) }
    let none = try CountRescaling(of: empty, stars: stars, galaxies: galaxies, range: whole)
    #expect(none.starFactor == 0 && none.galaxyFactor == 0)
    let nothing = DifferentialCounts(grid: grid, density: [])
    #expect(throws: CountsError.self) { try CountRescaling(of: empty, stars: nothing, galaxies: nothing, range: whole) }
    let beyond = CompleteRange(saturationMagnitude: .nan, completenessMagnitude: .infinity)
    #expect(throws: CountsError.self) { try CountRescaling(of: empty, stars: stars, galaxies: galaxies, range: beyond) }
    let huge = try ObservedCounts(grid: grid, counts: [Int64](repeating: .max, count: 28), areaDeg2: 1e-12)
    let fit = try CountRescaling(of: huge, stars: stars, galaxies: galaxies, range: whole)
    #expect(fit.starFactor.isFinite && fit.galaxyFactor.isFinite)
    for area in [0, -1, Double.nan, .infinity, 1e9] {
      #expect(throws: CountsError.self) {
        try ObservedCounts(grid: grid, counts: [Int64](repeating: 1, count: 28), areaDeg2: area)
      }
    }
    #expect(throws: CountsError.self) { try ObservedCounts(grid: grid, counts: [1, 2], areaDeg2: 1) }
    #expect(throws: CountsError.self) { try ObservedCounts(MagnitudeHistogram(), areaDeg2: 1) }
  }
}
