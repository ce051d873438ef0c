import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Laws of the pull of hidden neighbours, exactly.
@Suite struct PerturbationLawTests {
  @Test func fluxWeightedTransformsAgreeWithReferenceValues() throws {
    let (tables, pointSpread) = (try PerturbationTables(bins: NeighbourBins(depth: 6.5)), try Vectors.pointSpread())
    for row in try Vectors.rows("flux_weighted_transforms") {
      #expect(row[2] == 6.5 && row[3] == pointSpread.fwhmArcsec)
      let neighbours = try Vectors.neighbours(
        row[0], magnitude: row[1], bins: tables.bins, pointSpread: pointSpread)
      let law = try tables.law(neighbours, rule: .fluxWeighted, pointSpread: pointSpread)
      #expect(abs(law.transform(at: row[4]) - row[5]) < 2e-5, "\(row): \(law.transform(at: row[4]))")
    }
  }

  /// k neighbours as bright as the source: x̄ = Σ x / (1 + k), each x uniform over the circle.
  @Test(arguments: [0.08, 2.5]) func neighboursOfOneBrightnessGiveProductsOfDiscs(expected: Double) throws {
    let bins = try NeighbourBins(edges: [-1e-4, 1e-4])
    let tables = try PerturbationTables(bins: bins, step: 0.02)
    let (pointSpread, neighbours) = (try Vectors.pointSpread(), try HiddenNeighbours(bins: bins, expected: [expected]))
    let law = try tables.law(neighbours, rule: .fluxWeighted, pointSpread: pointSpread)
    for rho in [0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 2] {
      var (sum, weight) = (0.0, exp(-expected))
      for k in 0..<60 {
        let disc = Vectors.discTransform(2 * .pi * rho * pointSpread.circleArcsec / Double(k + 1))
        sum += weight * pow(disc, Double(k))
        weight *= expected / Double(k + 1)
      }
      #expect(abs(law.transform(at: rho) - sum) < 1e-5, "\(rho): \(law.transform(at: rho)), \(sum)")
    }
    #expect(abs(law.deltaWeight - exp(-expected)) < 1e-15)
    #expect(abs(law.transform(at: 1e4) - exp(-expected)) < 1e-4)
  }

  /// ln A = −Σ λ (1 − ⟨J₀(2πρΔ)⟩), the average over the circle taken by a plain sum here.
  @Test func additivePullsGiveAnExponential() throws {
    let bins = try NeighbourBins(edges: [0, 0.05, 1, 1.5, 4])
    let tables = try PerturbationTables(bins: bins, fitRule: .fittedAdditive, step: 0.04)
    let (pointSpread, expected) = (try Vectors.pointSpread(), [0.3, 0.1, 0.8, 5])
    let law = try tables.law(
      HiddenNeighbours(bins: bins, expected: expected), rule: .fittedAdditive, pointSpread: pointSpread)
    for rho in [0.02, 0.1, 0.3, 0.7, 1.5] {
      var logarithm = 0.0
      for (bin, count) in expected.enumerated() {
        let (low, high) = (pow(10, -0.4 * bins.edges[bin + 1]), pow(10, -0.4 * bins.edges[bin]))
        var mean = 0.0
        for i in 0..<40 {
          for j in 0..<400 {
            let (flux, u) = (low + (high - low) * (Double(i) + 0.5) / 40, (Double(j) + 0.5) / 400)
            let pull = FitPull.offset(distance: PointSpread.circlePerSigma * u.squareRoot(), flux: flux)
            mean += j0(2 * .pi * rho * pull * pointSpread.sigmaArcsec) / 16_000
          }
        }
        logarithm -= count * (1 - mean)
      }
      #expect(abs(law.transform(at: rho) - exp(logarithm)) < 2e-5, "\(rho)")
    }
  }

  @Test func withoutNeighboursNothingIsPulled() throws {
    let (tables, pointSpread) = (try PerturbationTables(bins: NeighbourBins(depth: 5)), try Vectors.pointSpread())
    let none = try HiddenNeighbours(bins: tables.bins, expected: Array(repeating: 0, count: 50))
    #expect(try tables.model(none, pointSpread: pointSpread, fluxWeightedShare: 0.5) == .none)
    let few = try HiddenNeighbours(bins: tables.bins, expected: Array(repeating: 1e-9, count: 50))
    let model = try tables.model(few, pointSpread: pointSpread, fluxWeightedShare: 0.5)
    let pair = try HankelPair(a: model.law, b: .none, widths: CentroidWidths(sigmaArcsec: 0.2))
    for separation in [0, 0.1, 0.5, 1] {
      let all = pair.variants(at: separation)
      #expect(abs(all.both.densityPerArcsec2 - all.neither.densityPerArcsec2) < 1e-6)
      #expect(abs(all.both.cumulative - all.neither.cumulative) < 1e-7)
    }
  }

  @Test func errorsMuchWiderThanThePullAddItsVariance() throws {
    let (tables, pointSpread) = (try PerturbationTables(bins: NeighbourBins(depth: 6.5)), try Vectors.pointSpread())
    let neighbours = try Vectors.neighbours(5e3, magnitude: 14, bins: tables.bins, pointSpread: pointSpread)
    for rule in [PerturbationRule.fluxWeighted, .fitted] {
      let law = try tables.law(neighbours, rule: rule, pointSpread: pointSpread)
      let rho = 0.002
      let variance = (1 - law.transform(at: rho)) / (2 * .pi * .pi * rho * rho)
      let pair = try HankelPair(a: law, b: .none, widths: CentroidWidths(sigmaArcsec: 10))
      let gaussian = try CentroidWidths(weights: [1], variancesArcsec2: [100 + variance])
      for separation in [0.0, 5, 12, 30] {
        let (found, expected) = (pair.values(at: separation), gaussian.values(at: separation))
        #expect(abs(found.densityPerArcsec2 / expected.densityPerArcsec2 - 1) < 1e-4)
        #expect(abs(found.cumulative - expected.cumulative) < 1e-4)
      }
    }
  }

  @Test func fractionsFollowFromCountsAndFluxesAreTheirMeans() throws {
    let (tables, pointSpread) = (try PerturbationTables(bins: NeighbourBins(depth: 6.5)), try Vectors.pointSpread())
    for (n16, magnitude) in [(5e3, 12.0), (5e3, 16), (3e4, 16)] {
      let neighbours = try Vectors.neighbours(n16, magnitude: magnitude, bins: tables.bins, pointSpread: pointSpread)
      let model = try tables.model(neighbours, pointSpread: pointSpread, fluxWeightedShare: 1)
      func expected(_ bins: Int) -> Double { neighbours.expected.prefix(bins).reduce(0, +) }
      #expect(abs(model.contaminated10 - (1 - exp(-expected(25)))) < 1e-12)
      #expect(abs(model.contaminated1 - (1 - exp(-expected(50)))) < 1e-12)
      #expect(abs(model.deltaWeight - exp(-expected(65))) < 1e-15)
      #expect(model.lawWithout10.deltaWeight >= model.deltaWeight && model.lawWithout1.deltaWeight < 1)
      let faint = try tables.model(neighbours, pointSpread: pointSpread, fluxWeightedShare: 0)
      #expect(faint.contaminated10 == model.contaminated10 && faint.meanFlux < model.meanFlux && faint.meanFlux > 0)
    }
  }

  @Test func noCountsHoweverAbsurdGiveAnythingButNumbers() throws {
    let (tables, pointSpread) = (
      try PerturbationTables(bins: NeighbourBins(from: -2.5, depth: 20)), try Vectors.pointSpread()
    )
    for scale in [1e-300, 1e-12, 1, 30, 400.0] {
      let expected = (0..<tables.bins.count).map { scale * Double($0 % 7) / 7 }
      let neighbours = try HiddenNeighbours(bins: tables.bins, expected: expected)
      for share in [0, 0.4, 1] {
        let model = try tables.model(neighbours, pointSpread: pointSpread, fluxWeightedShare: share)
        for rho in [0, 1e-300, 1e-5, 0.1, 1, 1e5, 1e300, .infinity] {
          for law in [model.law, model.lawWithout10, model.lawWithout1] {
            #expect(abs(law.transform(at: rho)) <= 1 + 1e-9, "\(scale) \(share) \(rho): \(law.transform(at: rho))")
          }
        }
        #expect(model.meanFlux >= 0 && model.meanFlux < 1e9)
      }
    }
    let bins = tables.bins
    for wrong in [-1, Double.nan, .infinity, 1e9] {
      let expected = Array(repeating: wrong, count: bins.count)
      #expect(throws: CrowdingError.self) { try HiddenNeighbours(bins: bins, expected: expected) }
      #expect(throws: CrowdingError.self) { try PointSpread(fwhmArcsec: wrong) }
    }
    #expect(throws: CrowdingError.self) { try HiddenNeighbours(bins: bins, expected: [1]) }
    #expect(throws: CrowdingError.self) { try NeighbourBins(edges: [1, 1]) }
    #expect(throws: CrowdingError.self) { try NeighbourBins(edges: []) }
    #expect(throws: CrowdingError.self) { try NeighbourBins(step: 1e-9, depth: 6) }
    #expect(throws: CrowdingError.self) { try NeighbourBins(depth: .nan) }
    #expect(throws: CrowdingError.self) { try PerturbationTables(bins: bins, fitRule: .fluxWeighted) }
  }

  @Test func theShareOfTheFluxWeightedLawRisesWithTheSignal() throws {
    var ratios = (0..<50_000).map { 5 + 55 * Double($0) / 50_000 }
    ratios += [.nan, .infinity, -3]
    let weighting = try #require(FluxWeighting(signalToNoise: ratios))
    #expect(abs(weighting.highestSNR - 59.45) < 0.01)
    #expect(weighting.share(signalToNoise: 0) == 0 && weighting.share(signalToNoise: .nan) == 0)
    #expect(weighting.share(signalToNoise: weighting.highestSNR) == 1 && weighting.share(signalToNoise: 1e300) == 1)
    var before = 0.0
    for step in 1...200 {
      let ratio = weighting.highestSNR * Double(step) / 200
      let share = weighting.share(signalToNoise: ratio)
      let square = min(1, pow(ratio / weighting.highestSNR, 2))
      #expect(share > before && abs(share - (1 - (1 - square).squareRoot())) < 1e-12)
      before = share
    }
    #expect(FluxWeighting(signalToNoise: [.nan, -1]) == nil)
  }

  @Test func neighboursAreCountedAsDeepAsTheyMatter() throws {
    #expect(abs(NeighbourDepth.offset(signalToNoise: 19.91) - 6.5) < 3e-4)
    #expect(NeighbourDepth.offset(signalToNoise: .nan) == 0 && NeighbourDepth.offset(signalToNoise: 0) == 0)
    let bins = try NeighbourBins(depth: 10)
    let neighbours = try Vectors.neighbours(3e4, magnitude: 16, bins: bins, pointSpread: Vectors.pointSpread())
    let depth = NeighbourDepth.offset(neighbours)
    let within = bins.edges.indices.dropLast().filter { bins.edges[$0] < depth }
    #expect(exp(-within.reduce(0) { $0 + neighbours.expected[$1] }) < 0.01)
    #expect(exp(-within.dropLast().reduce(0) { $0 + neighbours.expected[$1] }) > 0.01)
  }
}
