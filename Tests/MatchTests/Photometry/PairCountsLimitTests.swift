import Testing

@testable import Match

/// Counts that reach the end of what an integer holds stay there.
@Suite struct PairCountsLimitTests {
  private func counts(pairs: Int64, spread: Int128, sources: Int64 = 1, unclassed: Int64 = 0) throws -> PairCounts {
    var writer = IntegerWriter()
    for _ in 0..<2 {
      writer.put([sources, 0])
      for value in [spread, 0] { writer.put(value) }
    }
    writer.put([pairs])
    writer.put([unclassed])
    var reader = IntegerReader(writer.bytes[...])
    return try PairCounts(from: &reader, classesA: 1, classesB: 1, zones: 1)
  }

  @Test func moreThanFourThousandMillionPairsOfOneKindCountAsSoMany() throws {
    var sum = try counts(pairs: Int64(UInt32.max) - 1, spread: 1)
    let part = sum
    for _ in 0..<3 { sum += part }
    #expect(sum.pairs == [.max])
    sum.addPair(classA: 0, classB: 0, zone: 0)
    #expect(sum.pairs == [.max])
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, -1, 1e300, .greatestFiniteMagnitude, 1e20, 1e9])
  func noSpreadIsBeyondCounting(spread: Double) {
    var counts = PairCounts(classesA: 1, classesB: 1, zones: 1)
    for _ in 0..<100 { counts.a.add(class: 0, spreadArcsec2: spread) }
    #expect(counts.a.sources[0] == 100 && counts.a.spread[0] >= 0)
    let part = counts
    for _ in 0..<40 { counts += part }
    #expect(counts.a.meanSpread(0).isFinite)
  }

  @Test func sumsOfSpreadsEndAtTheLargestNumber() throws {
    var sum = try counts(pairs: 1, spread: Int128(1) << 112)
    for _ in 0..<20 { sum += sum }
    #expect(sum.a.spread[0] == .max && sum.a.sources[0] == 1 << 20)
  }

  @Test(arguments: [
    (-1, 1, 1, 0), (1 << 32, 1, 1, 0), (1, -1, 1, 0), (1, 1, -1, 0), (1, 1, 1 << 50, 0), (1, 1, 1, 1 << 60),
  ])
  func bytesThatHoldImpossibleCountsAreRefused(pairs: Int64, spread: Int64, sources: Int64, unclassed: Int64) {
    #expect(throws: IntegerReader.Malformed.self) {
      try counts(pairs: pairs, spread: Int128(spread), sources: sources, unclassed: unclassed)
    }
  }
}
