import Testing
import XMDBTestSupport

@testable import Match

@Suite struct ClassSharesTests {
  @Test(arguments: Seeds.quick)
  func `the share of a class is its counterparts over its sources`(seed: UInt64) {
    let kinds = MadePairs(ridge: false, lastClassA: 9).kinds(seed: seed)
    let errors = ErrorEvidence(binsA: 6, binsB: 8)
    let fit = MagnitudeEvidence(kinds, evidence: kinds.noEvidence)
    let shares = ClassShares(kinds, errors: errors, magnitudes: fit)
    // 4000 counterparts among 10 of 20 classes of 600 sources: 400 in each of those.
    #expect(abs(shares.a.share(class: 4, errorBin: 2) - 0.667) < 0.1)
    #expect(shares.a.share(class: 16, errorBin: 2) < 0.1)
    #expect(abs(shares.a.shareWithoutMagnitudes(errorBin: 2) - 0.333) < 0.05)
  }

  @Test(arguments: Seeds.quick)
  func `exchanging a and b exchanges the shares`(seed: UInt64) {
    let kinds = MadePairs(sharp: true).kinds(seed: seed)
    let (one, other) = (shares(kinds), shares(kinds.exchanged))
    #expect(agree(one.a.shares, other.b.shares) && agree(one.b.shares, other.a.shares))
    #expect(agree(one.a.withoutMagnitudes, other.b.withoutMagnitudes))
  }

  @Test func `no share is above 0.98`() {
    let kinds = MadePairs(sourcesEach: 1).kinds(seed: 2)
    #expect((shares(kinds).a.shares + shares(kinds).a.withoutMagnitudes).allSatisfy { $0 <= 0.98 })
  }

  private func shares(_ kinds: PairKinds) -> ClassShares {
    let errors = ErrorEvidence(kinds)
    let fit = MagnitudeEvidence(kinds, evidence: errors.factors(of: kinds))
    return ClassShares(kinds, errors: errors, magnitudes: fit)
  }
}
