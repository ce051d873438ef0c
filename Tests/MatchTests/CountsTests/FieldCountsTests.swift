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
}
