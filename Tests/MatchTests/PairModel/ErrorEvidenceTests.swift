import Glibc
import Testing
import XMDBTestSupport

@testable import Match

@Suite struct ErrorEvidenceTests {
  @Test(arguments: Seeds.quick)
  func `small errors of counterparts are evidence, and equal bins are one block`(seed: UInt64) {
    let kinds = MadePairs(sharp: true).kinds(seed: seed)
    let fit = ErrorEvidence(kinds)
    #expect(fit.a.block == [0, 0, 0, 1, 1, 1])
    #expect(fit.factor(errorA: 0, errorB: 0) > 1.3)
    #expect(fit.factor(errorA: 5, errorB: 0) < 0.1)
  }

  @Test(arguments: Seeds.quick)
  func `errors that say nothing have a factor of 1`(seed: UInt64) {
    let kinds = MadePairs(sourcesEach: 1).kinds(seed: seed)
    let fit = ErrorEvidence(kinds)
    #expect(fit.a.factors == [1] && fit.b.factors == [1])
    #expect(fit.factors(of: kinds).allSatisfy { $0 == 1 })
  }

  @Test(arguments: Seeds.quick)
  func `exchanging a and b exchanges the factors`(seed: UInt64) {
    let kinds = MadePairs(sharp: true).kinds(seed: seed)
    let (fit, other) = (ErrorEvidence(kinds), ErrorEvidence(kinds.exchanged))
    #expect(fit.a.block == other.b.block && fit.b.block == other.a.block)
    #expect(agree(fit.a.factors, other.b.factors) && agree(fit.b.factors, other.a.factors))
  }

  @Test func `bins are joined until each holds 250 sources and leaves as many`() {
    #expect(ErrorBlocks.joined([100, 150, 250, 249, 2]) == [0, 0, 1, 2, 2])
    #expect(ErrorBlocks.joined([100, 150, 250, 240, 2]) == [0, 0, 1, 1, 1])
    #expect(ErrorBlocks.joined([1, 1]) == [0, 0])
  }

  @Test func `a spline through a cubic is the cubic`() {
    let cubic = { (x: Double) in 1 - 2 * x + 0.3 * x * x - 0.05 * x * x * x }
    let spline = UniformSpline((0...9).map { cubic(Double($0)) })
    for x in stride(from: 0.0, through: 9.0, by: 0.3) { #expect(abs(spline.value(x) - cubic(x)) < 1e-12) }
  }
}
