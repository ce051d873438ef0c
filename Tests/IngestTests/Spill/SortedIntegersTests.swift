import CatalogStore
import Glibc
import Testing
import XMDBTestSupport

@testable import Ingest

/// A file of sorted integers is searched without being mapped, and a file that is cut short is an error.
struct SortedIntegersTests {
  private func write(_ values: [Int64], to path: String) throws {
    let file = try SpillWriter(path: path)
    for value in values { try file.write(value) }
    try file.flush()
  }

  @Test(arguments: [0, 1, 511, 512, 513, 5000, 200_000])
  func boundsAreThoseOfTheArray(count: Int) throws {
    let scratch = try Workdir()
    var rng = SplitMix64(seed: 5)
    let values = (0..<count).map { _ in Int64(rng.below(max(1, count / 2))) * 3 }.sorted()
    let path = try scratch.file("keys")
    try write(values, to: path)
    let sorted = try SortedIntegers(path: path, count: count)
    for _ in 0..<500 {
      let value = Int64(rng.below(2 * count + 3)) - 1
      let expected = values.firstIndex { $0 >= value } ?? count
      #expect(try sorted.lowerBound(value) == expected)
    }
    #expect(try sorted.count(in: .min..<Int64.max) == Int64(count))
    #expect(try sorted.count(in: 0..<3) == Int64(values.prefix { $0 < 3 }.count))
    var stream = IntegerStream(sorted)
    var read: [Int64] = []
    while let value = try stream.next() { read.append(value) }
    #expect(read == values)
  }

  @Test func fileCutShortIsAnError() throws {
    let scratch = try Workdir()
    let path = try scratch.file("keys")
    try write(Array(0..<300_000), to: path)
    #expect(throws: StoreError.self) { _ = try SortedIntegers(path: path, count: 300_001) }
    let sorted = try SortedIntegers(path: path, count: 300_000)
    #expect(truncate(path, 0) == 0)
    #expect(throws: StoreError.self) { _ = try sorted.lowerBound(250_000) }
    #expect(throws: StoreError.self) { _ = try sorted.count(in: 1000..<2000) }
  }
}
