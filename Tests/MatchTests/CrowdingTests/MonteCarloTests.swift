import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Laws, fractions and fluxes against sources drawn one by one.
@Suite struct MonteCarloTests {
  #if DEBUG
    /// Debug code is slow: one trial in fifty.
    static let share = 50
  #else
    static let share = 1
  #endif
  /// N(<16) in deg⁻² and trials: 10⁷ in all, fewer where there are more neighbours.
  static let fields: [(n16: Double, trials: Int)] = [(300, 4_800_000), (3_000, 3_700_000), (20_000, 1_500_000)]
  static let sigma = 0.14

  @Test(arguments: fields.indices) func drawnSourcesFollowTheLaws(field: Int) throws {
    let (pointSpread, mixing, seed) = (try Vectors.pointSpread(), 0.35, UInt64(7 + field))
    let tables = try PerturbationTables(bins: NeighbourBins(depth: 6.5), fitRule: .fittedAdditive, step: 0.05)
    let neighbours = try Vectors.neighbours(
      Self.fields[field].n16, magnitude: 16, bins: tables.bins, pointSpread: pointSpread)
    var rng = SplitMix64(seed: seed)
    var drawn = CrowdedTrials(neighbours, pointSpread: pointSpread, sigma: Self.sigma)
    drawn.draw(Self.fields[field].trials / Self.share, mixing: mixing, &rng)
    let widths = try CentroidWidths(sigmaArcsec: Self.sigma)
    for (place, share) in [1, 0, mixing].enumerated() {
      let law = try tables.model(neighbours, pointSpread: pointSpread, fluxWeightedShare: share).law
      let pair = try HankelPair(a: law, b: .none, widths: widths)
      for (r, radius) in CrowdedTrials.radii.enumerated() {
        let expected = pair.values(at: radius).cumulative
        Self.check(drawn.within(place, r), of: drawn.trials, expected, "seed \(seed): law \(place) within \(radius)″")
      }
    }
    let model = try tables.model(neighbours, pointSpread: pointSpread, fluxWeightedShare: 1)
    Self.check(drawn.above10, of: drawn.trials, model.contaminated10, "seed \(seed): above 10 %")
    Self.check(drawn.above1, of: drawn.trials, model.contaminated1, "seed \(seed): above 1 %")
    #expect(abs(drawn.flux.mean - model.meanFlux) < 4 * drawn.flux.error, "seed \(seed)")
    drawn.drawFluxes(400_000 / Self.share, &rng)
    let fitted = try tables.model(neighbours, pointSpread: pointSpread, fluxWeightedShare: 0)
    let deviation = (drawn.fittedFlux.mean - fitted.meanFlux) / drawn.fittedFlux.error
    #expect(abs(deviation) < 4, "seed \(seed): \(drawn.fittedFlux.mean), \(fitted.meanFlux)")
  }

  /// Within four standard errors of a binomial number.
  private static func check(_ count: Int, of trials: Int, _ expected: Double, _ what: String) {
    let error = (Double(trials) * expected * (1 - expected)).squareRoot() + 1
    let deviation = (Double(count) - expected * Double(trials)) / error
    #expect(abs(deviation) < 4, "\(what): \(Double(count) / Double(trials)), \(expected), \(deviation) σ")
  }

  /// What `fitted` leaves out: measured against the joint fit to all neighbours.
  @Test(arguments: [0.0009, 0.0025, 0.012].enumerated().map { ($0, $1) })
  func jointFitsAreCloseToTheFittedLaw(field: Int, tolerance: Double) throws {
    let (pointSpread, seed) = (try Vectors.pointSpread(), UInt64(70 + field))
    let bins = try NeighbourBins(depth: 6.5)
    let neighbours = try Vectors.neighbours(
      Self.fields[field].n16, magnitude: 16, bins: bins, pointSpread: pointSpread)
    let trials = [400_000, 200_000, 60_000][field] / Self.share
    var rng = SplitMix64(seed: seed)
    let drawn = CrowdedTrials(neighbours, pointSpread: pointSpread, sigma: 0)
    let fits = (0..<trials).map { _ in drawn.jointFit(&rng) }
    var (errors, fluxes) = ([Double](), [Double]())
    for rule in [PerturbationRule.fitted, .fittedAdditive] {
      let model = try PerturbationTables(bins: bins, fitRule: rule).model(
        neighbours, pointSpread: pointSpread, fluxWeightedShare: 0)
      errors.append(
        [0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2].reduce(0) { worst, rho in
          let mean = fits.reduce(0) { $0 + j0(2 * .pi * rho * $1.offset) } / Double(trials)
          return max(worst, abs(mean - model.law.transform(at: rho)))
        })
      fluxes.append(model.meanFlux)
    }
    let flux = fits.reduce(0) { $0 + $1.flux } / Double(trials)
    let noise = 4 / Double(trials).squareRoot()
    print("joint fit, field \(field): A off by \(errors), flux \(flux), \(fluxes)")
    #expect(errors[0] < tolerance + (Self.share > 1 ? noise : 0), "seed \(seed): \(errors)")
    #expect(abs(fluxes[0] / flux - 1) < 0.03 + noise / flux, "seed \(seed): \(flux), \(fluxes)")
  }
}
