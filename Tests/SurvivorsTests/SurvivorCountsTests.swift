import Testing
import XMDBTestSupport

@testable import Match
@testable import Survivors

/// What is counted for densities from survivors, against known cases.
@Suite struct SurvivorCountsTests {
  @Test(arguments: [0.5, 0.7, 0.9])
  func aSourceSurvivesIfNoPartnerIsInsideTheCircle(fraction: Double) {
    var generator = SeededGenerator(seed: 17)
    let cdf = (0..<10).map { _ in generator.uniform(0...0.999) }
    let sources = SurvivorSources(
      magnitudes: [[Double](repeating: 12.05, count: 10)], varianceArcsec2: [Double](repeating: 1, count: 10))
    let bins = MagnitudeBins(magnitudes: [12.05])
    var counts = SurvivorCounts(
      design: SurvivorDesign(
        binsA: [bins], binsB: [bins], fractions: SurvivorFractions(bright: fraction, field: fraction + 0.05)))
    let list = (0..<10).map { Int32($0) }
    counts.add(a: sources, b: sources, edges: SurvivorEdges(a: list, b: list, cdf: cdf))
    let expected = Int64(cdf.count { $0 >= fraction })
    #expect(counts.forward.survivors[0] == [expected])
    #expect(counts.backward.survivors[0] == [expected])
    #expect(counts.forward.marks[0] == [10 - expected])
    #expect(counts.forward.brightest[0] == [10 - expected])
    let area = FixedPoint.arcsec2(counts.forward.brightArea[0]) / 10
    #expect(
      abs(area - ErrorCircles.areaDegrees2(varianceArcsec2: 2, fraction: fraction) * FixedPoint.arcsec2PerDegree2)
        < 1e-6)
  }

  @Test func errorsOfAnySizeAreCounted() throws {
    let bins = MagnitudeBins(magnitudes: [12.05])
    let design = SurvivorDesign(binsA: [bins], binsB: [bins])
    let extremes = [Double.nan, .infinity, -1, 0, .leastNonzeroMagnitude, 1e300] + Array(repeating: 1.3e7, count: 5000)
    let sources = SurvivorSources(
      magnitudes: [Array(repeating: 12.05, count: extremes.count)], varianceArcsec2: extremes)
    let list = (0..<Int32(extremes.count)).map { $0 }
    var part = SurvivorCounts(design: design)
    part.add(a: sources, b: sources, edges: SurvivorEdges(a: list, b: list, cdf: list.map { _ in 0.5 }))
    #expect(part.forward.detected == [Int64(extremes.count)])
    // 5000 errors of a degree are more than the sum can hold; it stays at what it holds, in any order.
    #expect(part.forward.variance == [.max])
    var sum = part
    sum += part
    #expect(sum.forward.variance == [.max] && sum.forward.brightArea[0] == .max)
    var writer = IntegerWriter()
    sum.write(to: &writer)
    var reader = IntegerReader(writer.bytes[...])
    #expect(try SurvivorCounts(from: &reader, design: design) == sum)
  }

  @Test func circlesHaveTheMeanRadiusOverPartners() {
    #expect(abs(ErrorCircles.radius(sigma: 0.3, fraction: 0.95) - 0.3 * 2.447_746_830_680_816) < 1e-12)
    let adjacency = Adjacency(from: [0, 0, 2], to: [0, 1, 1], cdf: [0.1, 0.2, 0.3], count: 3)
    let circles = ErrorCircles(
      of: adjacency, varianceArcsec2: [0.09, 0.09, 0.16], partnerVarianceArcsec2: [0.16, 0.04],
      fractions: SurvivorFractions())
    let mean = 0.5 * (0.25.squareRoot() + 0.13.squareRoot())
    #expect(
      abs(circles.brightDegrees2[0] / ErrorCircles.areaDegrees2(varianceArcsec2: mean * mean, fraction: 0.63) - 1)
        < 1e-12)
    #expect(circles.fieldDegrees2[1] == 0)
    #expect(
      abs(circles.fieldDegrees2[2] / ErrorCircles.areaDegrees2(varianceArcsec2: 0.2, fraction: 0.9) - 1) < 1e-12)
  }

  @Test(arguments: [1, 2, 3])
  func onePassEqualsMasksBinByBin(seed: UInt64) {
    let graph = RandomGraph(seed: seed, countA: 90, countB: 120, edgeCount: 450)
    let counts = graph.counts
    let swapped = SurvivorEdges(a: graph.edges.b, b: graph.edges.a, cdf: graph.edges.cdf)
    check(counts.forward, MaskOracle(graph.design, graph.a, graph.b, graph.edges), seed)
    check(counts.backward, MaskOracle(graph.design, graph.b, graph.a, swapped), seed)
  }

  private func check(_ counts: DirectedCounts, _ oracle: MaskOracle, _ seed: UInt64) {
    let shape = counts.shape
    for band in 0..<2 {
      for bin in 0..<shape.from.count(band) {
        #expect(
          counts.detected[shape.from.offset[band] + bin] == oracle.detected(shape.from.bins[band], band, bin),
          "seed \(seed)")
        for toBand in 0..<2 { check(counts, oracle, (band, bin, toBand), seed) }
      }
    }
  }

  private func check(
    _ counts: DirectedCounts, _ oracle: MaskOracle, _ place: (band: Int, bin: Int, toBand: Int), _ seed: UInt64
  ) {
    let (band, bin, toBand) = place
    let (bins, toBins) = (counts.shape.from.bins[band], counts.shape.to.bins[toBand])
    let pair = counts.shape.pair(band, toBand)
    for circle in Circle.allCases {
      #expect(
        counts.survivors[pair * 2 + circle.rawValue][bin] == oracle.survivors(bins, band, bin, toBand, circle),
        "seed \(seed)")
      for target in 0..<toBins.count {
        #expect(
          counts.marks[pair * 2 + circle.rawValue][bin * toBins.count + target]
            == oracle.marks(bins, band, bin, toBand, toBins, target, circle), "seed \(seed)")
      }
    }
    for target in 0..<toBins.count {
      #expect(
        counts.brightest[pair][bin * toBins.count + target]
          == oracle.brightest(bins, band, bin, toBand, toBins, target), "seed \(seed)")
    }
  }

  /// However the sources are dealt to chunks, and in whatever order chunks are added.
  @Test(arguments: [1, 2, 3])
  func chunksAddUpToTheSameIntegers(seed: UInt64) {
    let graph = RandomGraph(seed: seed)
    var generator = SeededGenerator(seed: seed)
    let ownersA = (0..<graph.a.count).map { _ in Int.random(in: 0..<7, using: &generator) }
    let ownersB = (0..<graph.b.count).map { _ in Int.random(in: 0..<7, using: &generator) }
    let chunks = (0..<7).map { chunk in
      graph.counts(
        ownedA: Set(ownersA.indices.filter { ownersA[$0] == chunk }),
        ownedB: Set(ownersB.indices.filter { ownersB[$0] == chunk }))
    }
    let whole = graph.counts
    for order in [chunks, chunks.reversed(), chunks.shuffled(using: &generator)] {
      var sum = SurvivorCounts(design: graph.design)
      for chunk in order { sum += chunk }
      #expect(sum == whole, "seed \(seed)")
    }
  }

  @Test func percentilesAreThoseOfTheSortedValues() {
    var generator = SeededGenerator(seed: 9)
    var tally = TallySet()
    let values = (0..<1001).map { _ in 1e-9 * (1 + 50 * generator.uniform(0...1)) }
    for value in values { tally.add(slot: 3, level: LevelScale.areas.level(of: value)) }
    tally.add(slot: 2, level: 1)
    tally.add(slot: 4, level: 1)
    tally.settle()
    let sorted = values.sorted()
    for (index, found) in RegionFit.percentiles(tally.entries(of: 3)).enumerated() {
      #expect(abs(found / sorted[50 + 100 * index] - 1) < 1 / 1024)
    }
    #expect(RegionFit.percentiles([]) == [Double](repeating: 0, count: 10))
  }
}

/// The same counts the slow way: a mask over all sources for every bin.
private struct MaskOracle {
  private let fractions: SurvivorFractions
  private let from: SurvivorSources
  private let to: SurvivorSources
  private let edges: SurvivorEdges

  init(_ design: SurvivorDesign, _ from: SurvivorSources, _ to: SurvivorSources, _ edges: SurvivorEdges) {
    fractions = design.fractions
    (self.from, self.to, self.edges) = (from, to, edges)
  }

  private func fraction(_ circle: Circle) -> Double { circle == .bright ? fractions.bright : fractions.field }

  private func members(
    _ bins: MagnitudeBins, _ band: Int, _ bin: Int, _ rule: MagnitudeBins.EdgeRule = .upperBin
  ) -> [Bool] {
    from.magnitudes[band].map { bins.index(of: $0, onEdge: rule) == bin }
  }

  func detected(_ bins: MagnitudeBins, _ band: Int, _ bin: Int) -> Int64 {
    let mask = members(bins, band, bin)
    return Int64(mask.indices.count { mask[$0] && from.isCounted[$0] })
  }

  func survivors(_ bins: MagnitudeBins, _ band: Int, _ bin: Int, _ toBand: Int, _ circle: Circle) -> Int64 {
    var mask = members(bins, band, bin)
    for source in mask.indices where !from.isCounted[source] { mask[source] = false }
    for edge in edges.a.indices where edges.cdf[edge] < fraction(circle) {
      if !to.magnitudes[toBand][Int(edges.b[edge])].isNaN { mask[Int(edges.a[edge])] = false }
    }
    return Int64(mask.count { $0 })
  }

  func marks(
    _ bins: MagnitudeBins, _ band: Int, _ bin: Int, _ toBand: Int, _ toBins: MagnitudeBins, _ target: Int,
    _ circle: Circle
  ) -> Int64 {
    let mask = members(bins, band, bin)
    let marked = Set(
      edges.a.indices.filter { edges.cdf[$0] < fraction(circle) && mask[Int(edges.a[$0])] }.map { Int(edges.b[$0]) })
    return Int64(marked.count { to.isCounted[$0] && toBins.index(of: to.magnitudes[toBand][$0]) == target })
  }

  func brightest(
    _ bins: MagnitudeBins, _ band: Int, _ bin: Int, _ toBand: Int, _ toBins: MagnitudeBins, _ target: Int
  ) -> Int64 {
    let mask = members(bins, band, bin, .lowerBin)
    var chosen: Set<Int> = []
    for source in mask.indices where mask[source] && from.isCounted[source] {
      let partners = edges.a.indices.filter {
        Int(edges.a[$0]) == source && edges.cdf[$0] < fractions.bright
          && !to.magnitudes[toBand][Int(edges.b[$0])].isNaN
      }
      func key(_ edge: Int) -> (Double, Double) { (to.magnitudes[toBand][Int(edges.b[edge])], edges.cdf[edge]) }
      if let best = partners.min(by: { key($0) < key($1) }) { chosen.insert(Int(edges.b[best])) }
    }
    return Int64(chosen.count { toBins.index(of: to.magnitudes[toBand][$0]) == target })
  }
}
