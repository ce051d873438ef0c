import Foundation
import Match
import Testing
import XMDBTestSupport

/// The radius within which a catalogue lists no two sources, from separations.
@Suite struct ResolutionFitTests {
  /// Separations below 30″ of sources strewn at random, those kept that `keep` admits.
  private func fit(_ pairs: Int, _ rng: inout SplitMix64, keep: (Double, inout SplitMix64) -> Bool) -> ResolutionFit {
    let separations = (0..<pairs).map { _ in 30 * rng.uniform().squareRoot() }.filter { keep($0, &rng) }
    return ResolutionFit(separations: separations, limitArcsec: 30)
  }

  private func radius(_ answer: ResolutionFit.Answer) -> Double {
    if case .hidden(let radius) = answer { radius } else { .nan }
  }

  @Test(arguments: [1.0, 3, 7.2, 12])
  func aHoleIsMeasured(hole: Double) {
    forEverySeed { rng in
      let fit = fit(100_000, &rng) { separation, _ in separation > hole }
      let error = abs(radius(fit.answer(expectedArcsec: nil)) / hole - 1)
      // The area of the smallest has a Poisson error of a tenth.
      #expect(error < (hole < 2 ? 0.2 : 0.1), "seed \(rng.seed): \(error)")
    }
  }

  @Test func ofASoftEdgeTheAreaThatIsMissingIsMeasured() {
    forEverySeed { rng in
      let fit = fit(200_000, &rng) { separation, rng in rng.uniform() < min(max((separation - 3) / 4, 0), 1) }
      // R² = ∫ (1 − g) 2r dr = 3² + ∫₃⁷ (1 − (r − 3)/4) 2r dr = 9 + 52/3
      let expected = 5.1316
      let error = abs(radius(fit.answer(expectedArcsec: nil)) / expected - 1)
      #expect(error < 0.05, "seed \(rng.seed): \(error)")
    }
  }

  @Test func sourcesAtRandomAreResolved() {
    forEverySeed { rng in
      let fit = fit(20_000, &rng) { _, _ in true }
      #expect(fit.answer(expectedArcsec: 7.2) == .resolved, "seed \(rng.seed)")
      #expect(fit.answer(expectedArcsec: nil) == .unknown, "seed \(rng.seed)")
      // Within 0.2″ no pair is expected: nothing is known.
      #expect(fit.answer(expectedArcsec: 0.2) == .unknown, "seed \(rng.seed)")
    }
  }

  @Test func fewPairsTellNothing() {
    var rng = SplitMix64(seed: 3)
    let fit = fit(100, &rng) { separation, _ in separation > 7.2 }
    #expect(fit.answer(expectedArcsec: 7.2) == .unknown)
    for odd in [[], [.nan, -1, .infinity], [0, 0, 0]] as [[Double]] {
      #expect(ResolutionFit(separations: odd, limitArcsec: 30).answer(expectedArcsec: 7) == .unknown)
    }
  }

  @Test func closePairsOfOneObjectDoNotHideAHole() {
    forEverySeed { rng in
      // Duplicates at tenths of an arcsecond, and nothing else below 7.2″.
      let separations =
        (0..<60).map { _ in 0.1 * rng.uniform() }
        + (0..<100_000).map { _ in 30 * rng.uniform().squareRoot() }.filter { $0 > 7.2 }
      let found = ResolutionFit(separations: separations, limitArcsec: 30).answer(expectedArcsec: 7.2)
      #expect(abs(radius(found) / 7.2 - 1) < 0.1, "seed \(rng.seed): \(found)")
    }
  }
}
