import Indexing
import Testing

@Suite struct BinarySearchTests {
  @Test func theFirstPositionIsThatOfALinearSearch() {
    for count in 0...20 {
      let values = (0..<count).map { $0 / 3 }
      for bound in -1...8 {
        let expected = values.firstIndex { $0 >= bound } ?? count
        #expect(values.binarySearch { $0 >= bound } == expected)
        let slice = values.dropFirst(2).dropLast(1)
        #expect(slice.binarySearch { $0 >= bound } == slice.firstIndex { $0 >= bound } ?? slice.endIndex)
      }
    }
  }
}
