import Foundation
import Testing
import XMDBTestSupport

@testable import Formats

/// What `DelimitedText` writes for loaders is read back.
@Suite struct LoadedTextTests {
  private func read(_ bytes: [UInt8], fields: Int, _ wanted: [Int]? = nil) throws -> [[String?]] {
    let workdir = try Workdir()
    let path = try workdir.write(Data(bytes), to: "t.csv")
    var rows: [[String?]] = []
    try LoadedText(path, fields: fields).forEachLine(wanted ?? Array(0..<fields)) { number, row in
      #expect(number == Int64(rows.count + 1))
      rows.append(row)
    }
    withExtendedLifetime(workdir) {}
    return rows
  }

  @Test func everyTextComesBack() throws {
    let parts = ["", ",", "\\", "\n", "\r", "\t", "N", "n", "\\N", "\"", "é", "\u{0}", " "]
    var written = DelimitedText(.loaded)
    var expected: [[String?]] = []
    for one in parts {
      for other in parts {
        written.field(one + other)
        written.missingField()
        written.field(other + one)
        written.endLine()
        expected.append([one + other, nil, other + one])
      }
    }
    #expect(try read(written.bytes, fields: 3) == expected)
    #expect(try read(written.bytes, fields: 3, [2]) == expected.map { [$0[2]] })
  }

  /// Lines that are cut by the ends of blocks.
  @Test func longFilesAreRead() throws {
    var written = DelimitedText(.loaded)
    var count = 0
    var rng = SplitMix64(seed: 3)
    while written.byteCount < 5_000_000 {
      written.field(Int64(count))
      written.field(String(repeating: "x,", count: Int.random(in: 0..<400, using: &rng)))
      written.endLine()
      count += 1
    }
    let rows = try read(written.bytes, fields: 2)
    #expect(
      rows.count == count
        && rows.enumerated().allSatisfy { $1[0] == "\($0)" && ($1[1] ?? "\\").allSatisfy { ",x".contains($0) } })
  }

  @Test(arguments: ["1,2", "1,2\n3", "1\n", "1,2,3\n", "1,2\n\n", "1,2\\\n", "\\", "1\\,2\n"])
  func otherLinesAreRefused(_ text: String) throws {
    #expect(throws: FormatError.self) { try read(Array(text.utf8), fields: 2) }
  }

  @Test func anEndlessLineIsRefused() throws {
    let error = try #require(throws: FormatError.self) {
      try read(Array(repeating: 0x41, count: LoadedText.longestLine + 3_000_000), fields: 1)
    }
    #expect(error.description.contains("longer"))
  }

  @Test func noFileIsNoLines() throws {
    #expect(try read([], fields: 3).isEmpty)
    #expect(throws: FormatError.self) { try LoadedText("/nowhere", fields: 1).forEachLine([0]) { _, _ in } }
  }
}
