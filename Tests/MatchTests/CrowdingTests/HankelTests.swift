import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// G and F from Hankel transforms.
@Suite struct HankelTests {
  @Test func zerosOfJ0AreZeros() {
    let bessel = BesselZeros(count: 2000)
    for (n, zero) in bessel.zeros.enumerated() {
      #expect(abs(j0(zero)) < 1e-13 && abs(bessel.derivatives[n]) > 0.005, "zero \(n + 1): \(zero)")
      if n > 0 { #expect(abs(zero - bessel.zeros[n - 1] - .pi) < 0.03) }
    }
    #expect(abs(bessel.zeros[0] - 2.404825557695773) < 1e-15)
  }

  @Test func densitiesAndProbabilitiesAgreeWithIndependentQuadratures() throws {
    for row in try Vectors.rows("pair_densities") {
      let (sigma, separation) = (row[0], row[5])
      let reach = (row[1] < 1 ? row[2] : 0) + (row[3] < 1 ? row[4] : 0)
      let basis = try HankelBasis(reachArcsec: reach, sigmaArcsec: sigma)
      let pair = HankelPair(
        basis: basis, transformA: Vectors.disc(row[1], radius: row[2], at: basis.nodes), deltaWeightA: row[1],
        transformB: Vectors.disc(row[3], radius: row[4], at: basis.nodes), deltaWeightB: row[3],
        widths: try CentroidWidths(sigmaArcsec: sigma))
      let found = pair.values(at: separation)
      #expect(abs(found.densityPerArcsec2 - row[6]) < 1e-12 / (2 * .pi * sigma * sigma), "\(row): \(found)")
      #expect(abs(found.cumulative - row[7]) < 1e-12, "\(row): \(found)")
    }
  }

  @Test(arguments: [1e-3, 0.01, 0.3, 1, 10]) func sumsOfBesselFunctionsGiveGaussians(sigma: Double) throws {
    let basis = try HankelBasis(reachArcsec: 0, sigmaArcsec: sigma)
    let transform = basis.nodes.map { exp(-2 * .pi * .pi * $0 * $0 * sigma * sigma) }
    let exact = try CentroidWidths(sigmaArcsec: sigma)
    let peak = 1 / (2 * .pi * sigma * sigma)
    for step in 0...70 {
      let separation = sigma * Double(step) / 10
      let expected = exact.values(at: separation)
      #expect(abs(basis.density(at: separation, transform: transform) - expected.densityPerArcsec2) < 1e-12 * peak)
      #expect(abs(basis.cumulative(at: separation, transform: transform) - expected.cumulative) < 1e-12)
    }
    #expect(abs(basis.density(at: 20 * sigma, transform: transform)) < 1e-12 * peak)
  }

  @Test func onlyPerturbedVariantsDifferFromTheGaussian() throws {
    let basis = try HankelBasis(reachArcsec: 4.6, sigmaArcsec: 0.3)
    let (a, b) = (Vectors.disc(0.2, radius: 3.6, at: basis.nodes), Vectors.disc(0.5, radius: 1, at: basis.nodes))
    let ones = basis.nodes.map { _ in 1.0 }
    let widths = try CentroidWidths(sigmaArcsec: 0.3)
    func pair(_ a: [Double], _ deltaA: Double, _ b: [Double], _ deltaB: Double) -> HankelPair {
      HankelPair(
        basis: basis, transformA: a, deltaWeightA: deltaA, transformB: b, deltaWeightB: deltaB, widths: widths)
    }
    for separation in [0, 0.1, 0.5, 2, 4, 6.9, 100] {
      let all = pair(a, 0.2, b, 0.5).variants(at: separation)
      #expect(all.onlyA == pair(a, 0.2, ones, 1).values(at: separation))
      #expect(all.onlyB == pair(ones, 1, b, 0.5).values(at: separation))
      #expect(all.neither == widths.values(at: separation))
      let none = pair(ones, 1, ones, 1).values(at: separation)
      #expect(abs(none.densityPerArcsec2 - all.neither.densityPerArcsec2) < 2e-12)
      #expect(abs(none.cumulative - all.neither.cumulative) < 1e-12)
    }
  }

  @Test func radiiHoldTheSharesTheyAreAskedFor() throws {
    for (weight, sigma) in [(1.0, 0.3), (0.2, 0.05), (0.8, 1)] {
      let basis = try HankelBasis(reachArcsec: 3.6, sigmaArcsec: sigma)
      let pair = HankelPair(
        basis: basis, transformA: Vectors.disc(weight, radius: 3.6, at: basis.nodes), deltaWeightA: weight,
        transformB: basis.nodes.map { _ in 1 }, deltaWeightB: 1, widths: try CentroidWidths(sigmaArcsec: sigma))
      for share in [0.1, 0.5, 0.63, 0.9, 0.95, 0.999] {
        let radius = pair.radius(fraction: share)
        #expect(abs(pair.values(at: radius).cumulative - share) < 1e-10)
        if weight == 1 { #expect(abs(radius / (sigma * (-2 * log1p(-share)).squareRoot()) - 1) < 1e-10) }
      }
      #expect(pair.radius(fraction: 0) == 0 && pair.radius(fraction: 1) == basis.radiusArcsec)
    }
  }

  @Test func errorsOfAMilliarcsecondNeitherRingNorLoseTheirPeak() throws {
    let (tables, pointSpread) = (try PerturbationTables(bins: NeighbourBins(depth: 6.5)), try Vectors.pointSpread())
    let neighbours = try Vectors.neighbours(5e3, magnitude: 14, bins: tables.bins, pointSpread: pointSpread)
    let law = try tables.law(neighbours, rule: .fluxWeighted, pointSpread: pointSpread)
    let widths = try CentroidWidths(sigmaArcsec: 1e-3)
    let full = try HankelPair(a: law, b: .none, widths: widths, mostNodes: 60_000)
    let split = try HankelPair(a: law, b: .none, widths: widths, mostNodes: 4_000)
    #expect(full.basis.nodes.count > 15_000 && split.basis.nodes.count == 4_000)
    let peak = law.deltaWeight / (2 * .pi * 1e-6)
    #expect(abs(split.values(at: 0).densityPerArcsec2 / peak - 1) < 0.05)
    for separation in [0.05, 0.1, 0.3, 1.0, 3] {
      let (exact, found) = (full.values(at: separation), split.values(at: separation))
      #expect(exact.densityPerArcsec2 > 0 && abs(found.densityPerArcsec2 / exact.densityPerArcsec2 - 1) < 0.05)
      #expect(abs(exact.cumulative - found.cumulative) < 5e-3)
    }
    let pure = try HankelPair(a: .none, b: .none, widths: widths, mostNodes: 4_000).variants(at: 0)
    for found in [pure.both, pure.neither] { #expect(abs(found.densityPerArcsec2 * 2 * .pi * 1e-6 - 1) < 1e-12) }
  }

  @Test func residualWidthsAreAFactorInHankelSpace() throws {
    let basis = try HankelBasis(radiusArcsec: 12, nodeCount: 400)
    let disc = Vectors.disc(0.4, radius: 2, at: basis.nodes)
    let ones = basis.nodes.map { _ in 1.0 }
    func values(_ widths: CentroidWidths, _ separation: Double) -> PairDensity {
      HankelPair(basis: basis, transformA: disc, deltaWeightA: 0.4, transformB: ones, deltaWeightB: 1, widths: widths)
        .values(at: separation)
    }
    let widths = try CentroidWidths(weights: [3, 0, 1], variancesArcsec2: [0.04, 0.01, 0.25])
    let (narrow, wide) = (try CentroidWidths(sigmaArcsec: 0.2), try CentroidWidths(sigmaArcsec: 0.5))
    for separation in [0, 0.3, 1, 2, 4.0] {
      let (one, two, both) = (values(narrow, separation), values(wide, separation), values(widths, separation))
      #expect(abs(both.densityPerArcsec2 - 0.75 * one.densityPerArcsec2 - 0.25 * two.densityPerArcsec2) < 1e-12)
      #expect(abs(both.cumulative - 0.75 * one.cumulative - 0.25 * two.cumulative) < 1e-12)
    }
  }

  @Test func absurdLengthsAreRefusedInOneLine() {
    for sigma in [0, -1, Double.nan, .infinity, 1e-12, 1e300] {
      let error = #expect(throws: CrowdingError.self) { try HankelBasis(reachArcsec: 1, sigmaArcsec: sigma) }
      #expect(error?.description.contains("allowed") == true && error?.description.contains("\n") == false)
      #expect(throws: CrowdingError.self) { try CentroidWidths(sigmaArcsec: sigma) }
    }
    #expect(throws: CrowdingError.self) { try HankelBasis(reachArcsec: 1e6, sigmaArcsec: 1e-6) }
    #expect(throws: CrowdingError.self) { try HankelBasis(radiusArcsec: 1, nodeCount: .max) }
    #expect(throws: CrowdingError.self) { try CentroidWidths(weights: [0], variancesArcsec2: [1]) }
    #expect(throws: CrowdingError.self) { try CentroidWidths(weights: [1, 1], variancesArcsec2: [1]) }
  }
}
