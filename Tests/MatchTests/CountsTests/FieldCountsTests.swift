import Foundation
import Indexing
import Testing

@testable import Match

@Suite struct FieldCountsTests {
  private func field(_ observed: ObservedCounts?) throws -> FieldCounts {
    let position = try #require(SkyPosition(raDegrees: 63.5, decDegrees: -87))
    return try FieldCounts(
      band: Bands.band("wise", "W1"), direction: GalacticDirection(position),
      extinction: ExtinctionDistribution(lognormalMean: RealCone.extinctionAV, scatter: 0.3),
      on: MagnitudeGrid(first: 4.05, step: 0.1, count: 200), observed: observed)
  }

  @Test func aFieldIsObservedWhereCompleteAndModelledBeyond() throws {
    let observed = try ObservedCounts(RealCone.histogram(RealCone.w1), areaDeg2: RealCone.areaDeg2)
    let field = try field(observed)
    let fit = try #require(field.rescaling)
    #expect(field.unscaledBecause == nil)
    // CatWISE2020 is 90 % complete at 17.7 mag, and its counts begin to fall short before.
    #expect(fit.range.completenessMagnitude > 16.5 && fit.range.completenessMagnitude < 17.8)
    #expect(abs(field.total.density(at: 16.55) / observed.density.density(at: 16.55) - 1) < 0.01)
    #expect(field.total.density(at: 19.05) > 1.5 * observed.density.density(at: 19.05))
    // Half of what WISE sees at 16 to 17 mag are galaxies.
    #expect(field.starShare(at: 13) > 0.9)
    #expect(field.starShare(at: 16.5) > 0.3 && field.starShare(at: 16.5) < 0.6)
  }

  @Test func aFieldWithoutEnoughSourcesIsModelledAndSaysSo() throws {
    let none = try field(nil)
    #expect(none.rescaling == nil && none.unscaledBecause?.contains("no counts") == true)
    #expect(none.total == none.scaled)
    let few = try ObservedCounts(grid: MagnitudeGrid(first: 15, step: 1, count: 2), counts: [3, 9], areaDeg2: 0.01)
    let unscaled = try field(few)
    #expect(unscaled.rescaling == nil && unscaled.unscaledBecause?.contains("12 sources") == true)
    #expect(unscaled.total == none.total)
  }

  /// Any direction, band, dust, grid and observed counts that are accepted give finite counts.
  @Test func everythingThatIsAcceptedHasFiniteCounts() throws {
    var random = SeededNumbers(seed: 2026)
    for trial in 0..<80 {
      let direction = try GalacticDirection(
        longitudeDegrees: 360 * random.uniform(), latitudeDegrees: 180 * random.uniform() - 90)
      let band = try CountBand(
        name: "any", wavelengthMicron: 0.1 * pow(300, random.uniform()), abOffset: 25 * random.uniform() - 10,
        extinctionRatio: 5 * pow(random.uniform(), 3))
      let dust = try ExtinctionDistribution(
        lognormalMean: 1000 * pow(random.uniform(), 4), scatter: 3 * random.uniform())
      let step = 0.02 * pow(50, random.uniform())
      let first = 60 * random.uniform() - 20
      let grid = try MagnitudeGrid(first: first, step: step, count: 1 + Int(min(400, 15 / step) * random.uniform()))
      let counts = (0..<grid.count).map { _ in random.poisson(pow(10, 4 * random.uniform() - 1)) }
      let observed = try ObservedCounts(grid: grid, counts: counts, areaDeg2: pow(10, 6 * random.uniform() - 3))
      let field = try FieldCounts(
        band: band, direction: direction, extinction: dust, galaxies: GalaxyCounts.Options(), on: grid,
        observed: observed)
      for counts in [field.stars, field.galaxies, field.scaled, field.total] {
        #expect(counts.density.allSatisfy { $0.isFinite && $0 >= 0 }, "seed 2026, trial \(trial)")
      }
      if let fit = field.rescaling {
        #expect(fit.starFactor >= 0 && fit.starFactor.isFinite && fit.galaxyFactor >= 0 && fit.galaxyFactor.isFinite)
        #expect(fit.range.saturationMagnitude <= fit.range.completenessMagnitude)
      }
    }
  }
}
