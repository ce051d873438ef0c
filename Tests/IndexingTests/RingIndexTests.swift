import Indexing
import Testing

/// Numbers of pixels in the RING scheme, against healpy 1.18.
@Suite struct RingIndexTests {
  @Test func ringNumbersAreThoseOfHealpy() {
    let expected: [Int64] = [
      13, 5, 4, 0, 15, 7, 6, 1, 17, 9, 8, 2, 19, 11, 10, 3, 28, 20, 27, 12, 30, 22, 21, 14, 32, 24, 23, 16, 34, 26, 25,
      18, 44, 37, 36, 29, 45, 39, 38, 31, 46, 41, 40, 33, 47, 43, 42, 35,
    ]
    #expect((0..<48).map { HealpixPixel(order: 1, index: $0).ringIndex } == expected)
    let far: [(Int64, Int64)] = [(0, 6_285_824), (5, 6_273_537), (1_234_567, 3_681_701), (12_582_911, 6_297_088)]
    for (nested, ring) in far { #expect(HealpixPixel(order: 10, index: nested).ringIndex == ring) }
  }
}
