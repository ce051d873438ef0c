import Indexing
import Testing
import XMDBTestSupport

/// What a histogram of magnitudes says of them.
@Suite struct MagnitudeHistogramTests {
  @Test func quantilesAndTotalsAreThoseOfTheMagnitudes() {
    forEverySeed { rng in
      let magnitudes = (0..<5000).map { _ in rng.uniform(-3, 24) }.sorted()
      var histogram = MagnitudeHistogram()
      for magnitude in magnitudes { histogram.add(magnitude) }
      for share in [0.001, 0.1, 0.5, 0.9, 0.999] {
        let expected = magnitudes[Int(share * 5000)]
        #expect(abs(histogram.quantile(share) - expected) <= 0.11, "\(share), seed \(rng.seed)")
      }
      for limit in [-5.0, -1.23, 0, 10.07, 19.9, 30] {
        let found = histogram.total(brighterThan: limit)
        let exact = (limit * 10).rounded() / 10
        let (less, more) = (magnitudes.count { $0 < exact - 0.1 }, magnitudes.count { $0 <= exact + 0.1 })
        #expect(found >= Double(less) && found <= Double(more), "\(limit), seed \(rng.seed)")
      }
    }
  }

  @Test func anEmptyOneHasNoQuantile() {
    #expect(MagnitudeHistogram().quantile(0.5).isNaN && MagnitudeHistogram().total(brighterThan: 20) == 0)
    var one = MagnitudeHistogram()
    one.add(15.05)
    #expect(one.quantile(-1) == 15 && abs(one.quantile(2) - 15.1) < 1e-12)
  }
}
