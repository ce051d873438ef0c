import Foundation
import Testing
import XMDBTestSupport

@testable import Match

@Suite struct BandLawTests {
  /// Objects with a difference that changes with the magnitude, and a width of 0.3 mag.
  private static func examples(_ count: Int, seed: UInt64) -> [BandLaw.Example] {
    var rng = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let magnitude = 12 + 8 * Double.random(in: 0..<1, using: &rng).squareRoot()
      let z =
        (-2 * log(1 - Double.random(in: 0..<1, using: &rng))).squareRoot()
        * cos(2 * .pi * Double.random(in: 0..<1, using: &rng))
      return BandLaw.Example(magnitude: magnitude, blurred: magnitude - 1 - 0.1 * (magnitude - 12) + 0.3 * z)
    }
  }

  @Test func theLawIsFound() throws {
    let law = try #require(BandLaw(Self.examples(20_000, seed: 1), limit: 30))
    for magnitude in stride(from: 13.0, through: 19.5, by: 0.5) {
      let found = try #require(law.magnitude(of: magnitude))
      #expect(abs(found.mean - (magnitude - 1 - 0.1 * (magnitude - 12))) < 0.06)
      #expect(abs(found.sigma - 0.3) < 0.04)
    }
    #expect(law.magnitude(of: .nan) == nil)
  }

  /// Where the blurred catalogue ends, only unusually bright objects are examples.
  @Test func theEndOfTheBlurredCatalogueIsLeftOut() throws {
    let limit = 16.5
    let seen = Self.examples(40_000, seed: 2).filter { $0.blurred < limit }
    let law = try #require(BandLaw(seen, limit: limit))
    let (near, far) = (try #require(law.magnitude(of: 17)), try #require(law.magnitude(of: 19.5)))
    #expect(abs(near.mean - 15.5) < 0.1)
    #expect(abs(far.mean - 19.5 - (near.mean - 17)) < 0.15)
  }

  @Test func fewExamplesMakeNoLaw() {
    #expect(BandLaw(Self.examples(29, seed: 3), limit: 30) == nil)
    #expect(BandLaw(Self.examples(29, seed: 3) + [.init(magnitude: .nan, blurred: 3)], limit: 30) == nil)
    #expect(BandLaw(Self.examples(30, seed: 3), limit: 30) != nil)
    // Beyond every limit the brightest bin is left.
    #expect(BandLaw(Self.examples(3000, seed: 3), limit: -30)?.magnitude(of: 15) != nil)
  }

  /// What is recorded of a law rarely changes with one object more.
  @Test func oneObjectMoreRarelyChangesIt() throws {
    var examples = Self.examples(5000, seed: 4)
    let more = Self.examples(20, seed: 5)
    var (changes, last) = (0, try #require(BandLaw(examples, limit: 30)).text)
    for example in more {
      examples.append(example)
      let text = try #require(BandLaw(examples, limit: 30)).text
      if text != last { changes += 1 }
      last = text
    }
    print("\(changes) changes by \(more.count) objects more")
    #expect(changes <= 4)
  }

  @Test func theOrderOfExamplesDoesNotMatter() {
    var examples = Self.examples(2000, seed: 6)
    let law = BandLaw(examples, limit: 30)
    examples.reverse()
    #expect(BandLaw(examples, limit: 30) == law)
  }
}
