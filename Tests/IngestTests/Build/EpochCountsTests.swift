import Testing
import XMDBTestSupport

@testable import Ingest

@Suite struct EpochCountsTests {
  private func median(_ epochs: [Double]) -> Double? {
    var counts = EpochCounts()
    for epoch in epochs { counts.add(epoch) }
    return counts.median
  }

  @Test func theMedianOfEqualEpochsIsThatEpoch() {
    #expect(median([]) == nil)
    #expect(median([2015.5]) == 2015.5)
    #expect(median(Array(repeating: 1991.2526, count: 1001)) == 1991.2526)
  }

  @Test func theMedianIsThatOfAllRowsToAHundredthOfAYearInAnyOrder() {
    var rng = SplitMix64(seed: 4)
    var epochs = (0..<2001).map { _ in rng.uniform(1990, 2030) }
    let exact = epochs.sorted()[1000]
    let found = median(epochs)!
    #expect(abs(found - exact) <= 0.01)
    epochs.shuffle(using: &rng)
    #expect(median(epochs) == found)
  }

  @Test func whatIsNoEpochIsNotCounted() {
    #expect(median([2016, .nan, .infinity, -.infinity, 9999, -1e300, 57_000]) == 2016)
  }
}
