import Testing
import XMDBTestSupport

@testable import Match

@Suite struct CovariateRangesTests {
  @Test func numbersLieInTheRangeBeforeTheNextBorder() throws {
    let ranges = try #require(CovariateRanges(column: "visits", .borders([2, 5.5, 10])))
    #expect(ranges.count == 4 && !ranges.areTexts)
    let places = [-1e300, 1.99, 2, 5.4, 5.5, 9, 10, 1e300].map { ranges.place($0) }
    #expect(places == [0, 0, 1, 1, 2, 2, 3, 3])
    #expect(ranges.place(.nan) == nil && ranges.place(.infinity) == nil && ranges.place("3") == nil)
    #expect((0..<4).map(ranges.name) == ["< 2", "2 to < 5.5", "5.5 to < 10", ">= 10"])
  }

  @Test func rangesHoldAsManyValuesEach() throws {
    let ranges = try #require(CovariateRanges(column: "x", numbers: (0..<8000).map { Double($0) } + [.nan], most: 8))
    #expect(ranges.kind == .borders((1..<8).map { Double(1000 * $0) }))
    // Few values are a range each.
    let few = try #require(CovariateRanges(column: "x", numbers: [3, 1, 1, 1, 7, 3, 1], most: 5))
    #expect(few.kind == .borders([3, 7]))
    // Most are alike.
    let alike = [Double](repeating: 4, count: 900) + (0..<100).map { Double($0) / 10 }
    let uneven = try #require(CovariateRanges(column: "x", numbers: alike, most: 4))
    #expect((1...4).contains(uneven.count))
    #expect(CovariateRanges(column: "x", numbers: [2, 2, 2], most: 8) == nil)
    #expect(CovariateRanges(column: "x", numbers: [.nan, .infinity], most: 8) == nil)
    #expect(CovariateRanges(column: "x", numbers: [1, 2], most: -5)?.count == 2)
  }

  @Test func theMostFrequentTextsAreClasses() throws {
    let texts = (0..<20).flatMap { k in [String](repeating: "c\(k)", count: k + 1) }
    let ranges = try #require(CovariateRanges(column: "kind", texts: texts))
    #expect(ranges.count == 8 && ranges.areTexts && ranges.place("c12") != nil && ranges.place("c11") == nil)
    #expect((0..<8).allSatisfy { ranges.place(ranges.name($0)) == $0 } && ranges.name(99).isEmpty)
    #expect(ranges.place(3) == nil && CovariateRanges(column: "kind", texts: []) == nil)
  }

  @Test func rangesThatAreNoneAreRefused() {
    let bad: [CovariateRanges.Kind] = [
      .borders([]), .borders([2, 1]), .borders([1, 1]), .borders([.nan]), .borders((0..<8).map { Double($0) }),
      .classes([]), .classes(["a", "a"]), .classes((0..<9).map { "\($0)" }),
    ]
    for kind in bad { #expect(CovariateRanges(column: "x", kind) == nil, "\(kind)") }
  }

  @Test func theyAreReadAsTheyWereWritten() throws {
    for kind in [CovariateRanges.Kind.borders([-1e300, 0.1, 7]), .classes(["", "Stern ★", "b"])] {
      let ranges = try #require(CovariateRanges(column: "spalte ü", kind))
      var writer = IntegerWriter()
      ranges.write(to: &writer)
      var reader = IntegerReader(writer.bytes[...])
      #expect(try CovariateRanges(from: &reader) == ranges)
      #expect(reader.isAtEnd)
      for length in writer.bytes.indices {
        var short = IntegerReader(writer.bytes[..<length])
        #expect(throws: IntegerReader.Malformed.self) { try CovariateRanges(from: &short) }
      }
    }
  }
}
