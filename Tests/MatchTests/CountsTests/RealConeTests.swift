import Indexing
import Testing

@testable import Match

/// The models against Gaia DR3 and CatWISE2020 in a field near the south pole; nothing was fitted to it.
@Suite struct RealConeTests {
  struct Case: Sendable, CustomStringConvertible {
    let survey: String
    let name: String
    let histogram: RealCone.Histogram
    var description: String { "\(survey) \(name)" }
  }

  static let cases = [
    Case(survey: "gaia", name: "G", histogram: RealCone.g), Case(survey: "gaia", name: "BP", histogram: RealCone.bp),
    Case(survey: "gaia", name: "RP", histogram: RealCone.rp), Case(survey: "wise", name: "W1", histogram: RealCone.w1),
    Case(survey: "wise", name: "W2", histogram: RealCone.w2),
  ]

  @Test(arguments: cases)
  func countsAreRightWithinAFactorOfTwoUnscaledAndATenthScaled(_ test: Case) throws {
    let band = try Bands.band(test.survey, test.name)
    let position = try #require(SkyPosition(raDegrees: 63.5, decDegrees: -87))
    let dust = try ExtinctionDistribution(lognormalMean: RealCone.extinctionAV, scatter: DustDisc.usualScatter)
    let grid = try MagnitudeGrid(first: 4.05, step: 0.1, count: 200)
    let stars = try StarCounts(band: band).counts(in: GalacticDirection(position), extinction: dust, on: grid)
    // Gaia does not detect galaxies as such: what is compact enough is few.
    let galaxies =
      test.survey == "gaia"
      ? DifferentialCounts(grid: grid, density: []) : try GalaxyCounts(band: band).counts(on: grid, extinction: dust)
    let observed = try ObservedCounts(RealCone.histogram(test.histogram), areaDeg2: RealCone.areaDeg2)
    let fit = try CountRescaling(of: observed, stars: stars, galaxies: galaxies)
    print(
      test, "complete", fit.range.saturationMagnitude, "to", fit.range.completenessMagnitude, "saturated",
      fit.range.isSaturated, "stars ×", fit.starFactor, "±", fit.starFactorError, "galaxies ×", fit.galaxyFactor, "±",
      fit.galaxyFactorError, "deviance/dof", fit.reducedDeviance)
    let unscaled = stars + galaxies
    let scaled = fit.scaled(stars: stars, galaxies: galaxies)
    var compared = 0
    for bright in stride(from: 11.0, to: 21, by: 0.5) {
      let bins = (0..<observed.grid.count).filter { observed.grid[$0] > bright && observed.grid[$0] < bright + 0.5 }
      guard let last = bins.last, observed.grid[last] < fit.range.completenessMagnitude else { continue }
      let number = bins.reduce(0.0) { $0 + Double(observed.counts[$1]) }
      guard number >= 100 else { continue }
      let before = bins.reduce(0) { $0 + observed.expected(unscaled, inBin: $1) } / number
      let after = bins.reduce(0) { $0 + observed.expected(scaled, inBin: $1) } / number
      print("  \(bright)–\(bright + 0.5): observed \(Int(number)) unscaled/observed \(before) scaled/observed \(after)")
      #expect(before > 0.5 && before < 2)
      // A tenth, and the noise of the counted stars.
      #expect(abs(after - 1) < 0.1 + 2 / number.squareRoot(), "\(bright)")
      compared += 1
    }
    #expect(compared >= 8)
  }
}
