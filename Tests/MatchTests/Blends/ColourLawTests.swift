import Foundation
import Testing
import XMDBTestSupport

@testable import Match

@Suite struct ColourLawTests {
  private func normal(_ rng: inout SplitMix64) -> Double {
    (-2 * log(1 - Double.random(in: 0..<1, using: &rng))).squareRoot()
      * cos(2 * .pi * Double.random(in: 0..<1, using: &rng))
  }

  /// m_b = m_a − 1 − 0.1 (m_a − 15) − 2 colour ± 0.3.
  private func pairs(_ count: Int, blended: Double = 0, limit: Double = 99, slope: Double = 0.1, seed: UInt64)
    -> [ColourLaw.Pair]
  {
    var rng = SplitMix64(seed: seed)
    return (0..<count).compactMap { _ in
      let (m, colour) = (Double.random(in: 12..<20, using: &rng), Double.random(in: 0..<1, using: &rng))
      var inB = m - 1 - slope * (m - 15) - 2 * colour + 0.3 * normal(&rng)
      if Double.random(in: 0..<1, using: &rng) < blended { inB -= 0.5 }
      inB += 0.1 * normal(&rng)
      return inB > limit
        ? nil : ColourLaw.Pair(magnitudeA: m, colourA: colour, magnitudeB: inB, errorB: 0.1, weight: 0.9)
    }
  }

  @Test func theLawOfThePairsIsFoundAgain() throws {
    let law = try ColourLaw(pairs(40_000, seed: 1))
    for (magnitude, colour) in [(13.0, 0.1), (16, 0.5), (19, 0.9), (14.3, 0.7)] {
      let found = try #require(law.magnitudeB(magnitudeA: magnitude, colourA: colour))
      let expected = magnitude - 1 - 0.1 * (magnitude - 15) - 2 * colour
      // A class is 1/8 wide in colour, 0.25 in the mean.
      #expect(abs(found.mean - expected) < 0.2 && abs(found.sigma - 0.31) < 0.04, "\(magnitude), \(colour): \(found)")
    }
    let any = try #require(law.magnitudeB(magnitudeA: 16))
    #expect(abs(any.mean - 13.9) < 0.1 && abs(any.sigma - 0.7) < 0.1, "\(any)")
    #expect(law.magnitudeB(magnitudeA: .nan) == nil)
    #expect(law.magnitudeB(magnitudeA: 1e9, colourA: -1e9)?.mean.isFinite == true)
  }

  @Test func blendsAmongThePairsChangeLittle() throws {
    let law = try ColourLaw(pairs(40_000, blended: 0.1, seed: 2))
    let found = try #require(law.magnitudeB(magnitudeA: 16, colourA: 0.5))
    #expect(abs(found.mean - 13.9) < 0.2 && abs(found.sigma - 0.31) < 0.08, "\(found)")
  }

  @Test func theFaintEndOfBDoesNotBiasTheLaw() throws {
    let pairs = pairs(40_000, limit: 15, slope: 0, seed: 3)
    let (right, wrong) = (try ColourLaw(pairs, limitB: 15), try ColourLaw(pairs))
    let expected = 19.5 - 1 - 1.0
    let (a, b) = (
      try #require(right.magnitudeB(magnitudeA: 19.5, colourA: 0.5)),
      try #require(wrong.magnitudeB(magnitudeA: 19.5, colourA: 0.5))
    )
    #expect(abs(a.mean - expected) < 0.15 && b.mean < expected - 0.3, "\(a), \(b)")
  }

  @Test func fewOrUselessPairsAreRefused() throws {
    let useless = [
      ColourLaw.Pair(magnitudeA: .nan, magnitudeB: 1, errorB: 1),
      .init(magnitudeA: 1, magnitudeB: .infinity, errorB: 1),
      .init(magnitudeA: 1, magnitudeB: 1, errorB: -1), .init(magnitudeA: 1, magnitudeB: 1, errorB: 1, weight: 0),
    ]
    #expect(throws: BlendError.self) { try ColourLaw([]) }
    #expect(throws: BlendError.self) { try ColourLaw(Array(repeating: useless, count: 100).flatMap(\.self)) }
    let same = [ColourLaw.Pair](repeating: .init(magnitudeA: 15, magnitudeB: 14, errorB: 0), count: 100)
    #expect(try ColourLaw(same, limitB: .nan).magnitudeB(magnitudeA: 15) == BlendMagnitude(mean: 14, sigma: 0.01))
  }
}
