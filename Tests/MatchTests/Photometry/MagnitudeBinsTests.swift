import Match
import Testing
import XMDBTestSupport

/// Bins of magnitude against known cases.
@Suite struct MagnitudeBinsTests {
  private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 }
  }

  /// Magnitudes well inside steps of 0.1 from 10 on, as many as given for each.
  private func magnitudes(_ counts: [Int], from low: Double = 10) -> [Double] {
    counts.enumerated().flatMap { step, count in
      (0..<count).map { low + 0.1 * Double(step) + 0.1 * (Double($0) + 0.5) / Double(count) }
    }
  }

  /// Rounding can give one step more than there are tenths; the vectors begin where it does not.
  @Test(arguments: [
    ([100, 151, 250, 249, 2], [0, 0.2, 0.3, 0.5]),
    ([100, 150, 250], [0, 0.3]),
    ([250], [0, 0.1]),
    ([251, 3], [0, 0.1, 0.2]),
  ])
  func thinStepsTakeInThoseAfterThem(counts: [Int], edges: [Double]) {
    let lows: [Double] = (0..<100).map { 10 + 0.1 * Double($0) }
    let low = lows.first { low in
      let values = magnitudes(counts, from: low)
      return MagnitudeSteps(minimum: values.min()!, maximum: values.max()!).bins.count == counts.count
    }!
    #expect(isClose(MagnitudeBins(magnitudes: magnitudes(counts, from: low)).edges, edges.map { low + $0 }))
  }

  @Test(arguments: [251, 2500])
  func fullStepsStayAsTheyAre(count: Int) {
    let values = magnitudes([Int](repeating: count, count: 50))
    let bins = MagnitudeBins(magnitudes: values)
    #expect(isClose(bins.edges, (0...50).map { 10 + 0.1 * Double($0) }))
    #expect(counts(values, bins) == [Int](repeating: count, count: 50))
  }

  @Test func stepsJustBelowTheLimitGoInPairs() {
    let values = magnitudes([Int](repeating: 249, count: 50))
    let bins = MagnitudeBins(magnitudes: values)
    #expect(isClose(bins.edges, (0...25).map { 10 + 0.2 * Double($0) }))
    #expect(counts(values, bins) == [Int](repeating: 498, count: 25))
  }

  @Test func dataThatTouchTheEndsMoveThemOutwards() {
    var values = [10.0, 15.0]
    for step in 0..<50 {
      let low = 10 + 0.1 * Double(step)
      for k in 1..<124 { values.append(low + 0.0008 * Double(k)) }
      if step < 49 { values.append(low + 0.09995) }
    }
    let bins = MagnitudeBins(magnitudes: values)
    let inner: [Double] = (1..<17).map { 10 + 0.3 * Double($0) }
    #expect(isClose(bins.edges, [9.9999] + inner + [15.0001]))
    #expect(counts(values, bins).reduce(0, +) == values.count)
  }

  private func counts(_ values: [Double], _ bins: MagnitudeBins) -> [Int] {
    values.reduce(into: [Int](repeating: 0, count: bins.count)) { $0[bins.index(of: $1)!] += 1 }
  }

  @Test func oneMagnitudeHasOneBinAlsoOnAMultipleOfATenth() {
    #expect(isClose(MagnitudeBins(magnitudes: [12.03]).edges, [12.0, 12.1]))
    let bins = MagnitudeBins(magnitudes: [12.0, 12.0])
    #expect(isClose(bins.edges, [12 - 1e-4, 12.1]))
    #expect(bins.index(of: 12) == 0)
  }

  @Test func aBandWithoutDetectionsHasNoBin() {
    let bins = MagnitudeBins(magnitudes: [.nan, .infinity])
    #expect(bins.edges == [0] && bins.count == 0)
    #expect(bins.index(of: 0) == nil && bins.index(of: .nan) == nil)
  }

  @Test func aHundredDetectionsHaveOneBin() {
    let values = (0..<100).map { 15 + 0.0301 * Double($0) }
    #expect(MagnitudeBins(magnitudes: values + [.nan]).edges.count == 2)
  }

  /// The step is a little shorter than 0.1 where 0.2 mag need three of them by rounding.
  @Test func aRoundedNumberOfStepsIsKept() {
    #expect(MagnitudeSteps(minimum: 10.05, maximum: 10.15).bins.count == 3)
  }

  @Test func lookUpIsThatOfALinearSearch() {
    forEveryRule { rule in
      let edges = [8.0, 9.5, 10, 12, 12.25, 13]
      let bins = MagnitudeBins(edges: edges)
      for magnitude in edges + [7.9, 8.1, 9.75, 11, 12.1, 12.9, 13.1, .nan] {
        var expected: Int?
        for bin in 0..<5 {
          let isLast = bin == 4 && magnitude == edges[5]
          let isFirst = bin == 0 && magnitude == edges[0]
          let isInside =
            rule == .upperBin
            ? magnitude >= edges[bin] && (magnitude < edges[bin + 1] || isLast)
            : magnitude <= edges[bin + 1] && (magnitude > edges[bin] || isFirst)
          if isInside { expected = bin }
        }
        #expect(bins.index(of: magnitude, onEdge: rule) == expected, "\(magnitude) by \(rule)")
      }
    }
  }

  private func forEveryRule(_ body: (MagnitudeBins.EdgeRule) -> Void) {
    body(.upperBin)
    body(.lowerBin)
  }

  @Test func countsOfPartsGiveTheBinsOfTheWhole() {
    var generator = SeededGenerator(seed: 4)
    let values = (0..<20_000).map { _ in 9 + 11 * max(generator.uniform(0...1), generator.uniform(0...1)) }
    let steps = MagnitudeSteps(minimum: values.min()!, maximum: values.max()!)
    var counts = steps.noCounts
    for start in [0, 7000, 15_000] {
      var part = steps.noCounts
      for value in values[start..<[0: 7000, 7000: 15_000, 15_000: 20_000][start]!] { steps.count(value, in: &part) }
      counts = zip(counts, part).map { $0 + $1 }
    }
    #expect(MagnitudeBins(steps: steps, counts: counts) == MagnitudeBins(magnitudes: values))
  }

  /// Six regions of 1 deg², a quarter of the magnitudes missing; the densities are those of counts.
  @Test func countsOfDetectedSourcesGiveDensitiesWithoutPhotometry() {
    var generator = SeededGenerator(seed: 15)
    func region(_ count: Int, _ range: ClosedRange<Double>) -> (bins: MagnitudeBins, detected: [Double]) {
      let detected = (0..<count).map { _ in generator.uniform(range) }.filter { _ in generator.uniform(0...1) > 0.25 }
      return (MagnitudeBins(magnitudes: detected), detected)
    }
    for _ in 0..<6 {
      let a = region(200_000 / 6, 10...15)
      let b = region(78_000 / 6, 12.4...17.4)
      let priors = PriorDensities(countA: a.detected.count, countB: b.detected.count, commonAreaDegrees2: 1)
      #expect(abs(priors.counterpartsPerDegree2 / 4875 - 1) < 0.03)
      #expect(abs(priors.unmatchedAPerDegree2 / 20_125 - 1) < 0.03)
      #expect(abs(priors.unmatchedBPerDegree2 / 4875 - 1) < 0.03)
      #expect(a.bins.edges.count == 51)
      for (bins, detected) in [a, b] { #expect(counts(detected, bins).allSatisfy { $0 >= 250 } || bins.count == 26) }
    }
  }
}
