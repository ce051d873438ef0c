import Glibc
import Match
import Survivors
import Testing
import XMDBTestSupport

/// Magnitude densities on skies with known counterparts.
@Suite struct CounterpartDensityTests {
  /// Objects of 10…15 mag, seen by both only between the limits.
  @Test(arguments: [(11.0, 14.5), (10.5, 14.0)])
  func densitiesAreThoseOfTheTruth(limits: (bright: Double, faint: Double)) throws {
    let objects = 45_000
    let shared = Int(Double(objects) * (limits.faint - limits.bright) / 5)
    let recipe = SyntheticField.Recipe(
      counterparts: shared, fieldA: objects - shared, fieldB: objects - shared, sigmaA: 0.1...0.1,
      sigmaB: 0.15...0.15, magnitudeA: { Self.outside(limits, &$0) }, magnitudeB: { Self.outside(limits, &$0) },
      magnitudes: { generator in
        let magnitude = generator.uniform(limits.bright...limits.faint)
        return (magnitude + 0.05 * generator.normal(), magnitude + 0.05 * generator.normal())
      })
    let field = SyntheticField(recipe, seed: 19)
    let counts = field.counts(SurvivorFractions(bright: 0.63, field: 0.99))
    let found = counts.estimate(areaDegrees2: recipe.areaDegrees2)[0][0]
    let priors = try found.priors.get().priors
    #expect(abs(priors.counterpartsPerDegree2 * 0.25 / Double(shared) - 1) < 0.05)
    #expect(abs(priors.unmatchedAPerDegree2 * 0.25 / Double(objects - shared) - 1) < 0.02)
    #expect(abs(priors.unmatchedBPerDegree2 * 0.25 / Double(objects - shared) - 1) < 0.02)
    let truth = Truth(field, found)
    for (bin, value) in found.fieldA.enumerated() {
      #expect(abs(value - truth.fieldA[bin]) < 0.03 * truth.fieldA[bin] + 0.02, "f_A in bin \(bin)")
    }
    for (bin, value) in found.fieldB.enumerated() {
      #expect(abs(value - truth.fieldB[bin]) < 0.03 * truth.fieldB[bin] + 0.02, "f_B in bin \(bin)")
    }
    let outside = found.counterparts.indices.count { cell in
      abs(found.counterparts[cell] - truth.counterparts[cell]) > 0.1 * truth.counterparts[cell] + 0.05
    }
    #expect(outside <= 2, "of \(found.counterparts.count) cells, each of at most some 150 counterparts")
  }

  private static func outside(_ limits: (bright: Double, faint: Double), _ generator: inout SeededGenerator) -> Double {
    let width = 5 - limits.faint + limits.bright
    let position = generator.uniform(10...10 + width)
    let magnitude = position < limits.bright ? position : position - limits.bright + limits.faint
    return magnitude + 0.05 * generator.normal()
  }

  /// Field sources of a one magnitude deeper than any counterpart; the share of c in cells without counterparts.
  @Test(arguments: [
    (5000, 3000, 6000, 0.1, 0.2, 0.01), (5000, 3000, 30_000, 0.3, 0.5, 0.05),
    (10_000, 10_000, 60_000, 0.5, 1.0, 0.15),
  ])
  func littleLeaksToWhereThereAreNoCounterparts(
    counterparts: Int, fieldA: Int, fieldB: Int, sigmaA: Double, sigmaB: Double, limit: Double
  ) {
    let recipe = SyntheticField.Recipe(
      counterparts: counterparts, fieldA: fieldA, fieldB: fieldB, sigmaA: sigmaA...sigmaA, sigmaB: sigmaB...sigmaB,
      magnitudeA: { 10 + 6 * max($0.uniform(0...1), $0.uniform(0...1)) },
      magnitudeB: { 10 + 6 * max($0.uniform(0...1), $0.uniform(0...1)) },
      magnitudes: { generator in
        let magnitude = 10 + 5 * max(generator.uniform(0...1), generator.uniform(0...1))
        return (min(15, magnitude), min(15, magnitude + 0.1 * generator.normal()))
      })
    let field = SyntheticField(recipe, seed: 21)
    let counts = field.counts()
    func leak(_ options: SurvivorOptions) -> Double {
      let found = counts.estimate(areaDegrees2: recipe.areaDegrees2, options: options)[0][0]
      return Truth(field, found).shareWithoutCounterparts(of: found)
    }
    let report = leak(.report)
    let kept = leak(SurvivorOptions(estimator: .chiSquared, columns: .kept, direction: .fromA))
    let both = leak(SurvivorOptions())
    print("leak at \(counterparts), \(fieldA), \(fieldB): normalised \(report), kept \(kept), both directions \(both)")
    #expect(kept < limit && both < limit)
    #expect(kept < report)
  }

  /// A band that a region has no detection of has no density, and pairs in it are matched on position.
  @Test func anEmptyBandTakesNoPart() {
    let bins = MagnitudeBins(magnitudes: (0..<100).map { 12 + 0.01 * Double($0) })
    let none = MagnitudeBins(magnitudes: [.nan])
    var counts = SurvivorCounts(design: SurvivorDesign(binsA: [bins, none], binsB: [bins]))
    let magnitudes = (0..<100).map { 12 + 0.01 * Double($0) }
    let variance = [Double](repeating: 0.01, count: 100)
    let list = (0..<100).map { Int32($0) }
    counts.add(
      a: SurvivorSources(magnitudes: [magnitudes, magnitudes.map { _ in .nan }], varianceArcsec2: variance),
      b: SurvivorSources(magnitudes: [magnitudes], varianceArcsec2: variance),
      edges: SurvivorEdges(a: list, b: list, cdf: list.map { 0.0099 * Double($0) }))
    let densities = counts.estimate(areaDegrees2: 0.01)
    #expect(densities[0][0].binsA.edges.count == 2)
    #expect(densities[0][0].counterparts.count == 1)
    #expect(densities[1][0].counterparts.isEmpty && densities[1][0].fieldA.isEmpty)
    #expect(densities[1][0].priors == .failure(.noSources))
    #expect(densities[1][0].logLikelihoodRatio(magnitudeA: .nan, magnitudeB: 12.5) == 0)
  }
}

/// Histograms of the true kinds in the bins of an estimate.
private struct Truth {
  private(set) var counterparts: [Double]
  private(set) var fieldA: [Double]
  private(set) var fieldB: [Double]
  private let cellArea: [Double]

  init(_ field: SyntheticField, _ estimate: BandPairDensities) {
    let (a, b) = (estimate.binsA, estimate.binsB)
    let pairs = field.recipe.counterparts
    counterparts = [Double](repeating: 0, count: a.count * b.count)
    fieldA = [Double](repeating: 0, count: a.count)
    fieldB = [Double](repeating: 0, count: b.count)
    cellArea = counterparts.indices.map { a.width($0 / b.count) * b.width($0 % b.count) }
    for pair in 0..<pairs {
      let cell = a.index(of: field.a.magnitude[pair])! * b.count + b.index(of: field.b.magnitude[pair])!
      counterparts[cell] += 1 / (Double(pairs) * cellArea[cell])
    }
    for magnitude in field.a.magnitude[pairs...] {
      let bin = a.index(of: magnitude)!
      fieldA[bin] += 1 / (Double(field.recipe.fieldA) * a.width(bin))
    }
    for magnitude in field.b.magnitude[pairs...] {
      let bin = b.index(of: magnitude)!
      fieldB[bin] += 1 / (Double(field.recipe.fieldB) * b.width(bin))
    }
  }

  /// ΣΣ c Δ Δ over the cells in which there is no counterpart.
  func shareWithoutCounterparts(of estimate: BandPairDensities) -> Double {
    estimate.counterparts.indices.reduce(0) { sum, cell in
      counterparts[cell] == 0 ? sum + estimate.counterparts[cell] * cellArea[cell] : sum
    }
  }
}
