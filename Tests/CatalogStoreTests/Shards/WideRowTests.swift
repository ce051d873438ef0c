import CSQLiteBoot
import Indexing
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// The wide table keeps every value of the input.
@Suite struct WideRowTests {
  private static let columns: [(name: String, sqlType: String)] = [
    ("i", "INTEGER"), ("r", "REAL"), ("t", "TEXT"), ("b", "BLOB"), ("select", "TEXT"), ("a \"b\"", "INTEGER"),
    ("ünï", "REAL"), ("x'y", "TEXT"),
  ]
  private static let layout = SampleLayout(
    isCircular: true, hasMotion: false, hasEpoch: false, bands: [], hasBestBand: false
  ).layout(.none)

  @Test func valuesAreKeptToTheBit() throws {
    _ = xsql_bootstrap()
    let workdir = try Workdir()
    let integers: [Int64] = [.min, .min + 1, -1, 0, 1, 1 << 53, (1 << 53) + 1, .max - 1, .max]
    let reals: [Double] = [
      .nan, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, 0.1, Double(1 << 53), 1e15, -1e300, 9.2e18, 140_737_488_355_328, 3,
    ]
    let texts = [
      "", "\0", "a\0b", "é☆𝔘", "'\"`;--", "12", "0012", "1e5", " 3 ", String(repeating: "long ", count: 40_000),
    ]
    let blobs: [[UInt8]] = [[], [0], [0, 255, 0], Array("text".utf8), [UInt8](repeating: 9, count: 300_000)]
    let path = workdir.path("shard")
    let rows = 14
    let writer = try ShardWriter(
      path: path, schema: ShardSchema(columns: Self.columns, idColumn: 4, layout: Self.layout), firstRowid: 1000)
    for row in 0..<rows {
      let blob = blobs[row % blobs.count]
      try blob.withUnsafeBytes { bytes in
        try [1.0, 2, 3].withUnsafeBufferPointer {
          try writer.append(healpix29: Int64(row), narrow: $0, id: .null) { row_ in
            row_.put(integers[row % integers.count])
            row_.put(compactly: reals[row])
            row_.put(text: texts[row % texts.count])
            row_.put(blob: bytes)
            row_.put(text: texts[(row + 3) % texts.count])
            row_.putNull()
            row_.put(compactly: -reals[row])
            if row % 2 == 0 { row_.putNull() } else { row_.put(text: "x") }
          }
        }
      }
    }
    _ = try writer.finish()
    let read = try Connection(path: path, mode: .immutable).prepare("SELECT * FROM source ORDER BY xm_rowid")
    for row in 0..<rows {
      #expect(try read.step())
      #expect(read.int64(0) == Int64(1000 + row) && read.int64(1) == Int64(row))
      #expect(read.type(2) == .integer && read.int64(2) == integers[row % integers.count])
      #expect(read.isNull(3) == reals[row].isNaN)
      if !reals[row].isNaN { #expect(read.type(3) == .real && read.double(3).bitPattern == reals[row].bitPattern) }
      #expect(read.type(4) == .text && Array(read.text(4).utf8) == Array(texts[row % texts.count].utf8))
      #expect(read.type(5) == .blob && read.withBytes(5) { Array($0) } == blobs[row % blobs.count])
      #expect(read.text(6) == texts[(row + 3) % texts.count])
      #expect(read.isNull(7) && (reals[row].isNaN || read.double(8) == -reals[row]))
      #expect(read.optionalText(9) == (row % 2 == 0 ? nil : "x"))
    }
    #expect(try !read.step())
    #expect((2..<10).map { read.columnName($0) } == Self.columns.map(\.name))
  }

  /// SQLite stores whole reals as integers, so the sign of zero is lost in the wide table; the narrow form keeps it.
  @Test func negativeZeroIsZeroInTheWideTableAndItselfInTheNarrowForm() throws {
    _ = xsql_bootstrap()
    let workdir = try Workdir()
    let path = workdir.path("shard")
    let schema = ShardSchema(columns: [("r", "REAL")], idColumn: nil, layout: Self.layout)
    let writer = try ShardWriter(path: path, schema: schema, firstRowid: 0)
    try [-0.0, 1, 1].withUnsafeBufferPointer {
      try writer.append(healpix29: 0, narrow: $0, id: .null) { $0.put(compactly: -0.0) }
    }
    _ = try writer.finish()
    let wide = try Connection(path: path, mode: .immutable).prepare("SELECT r FROM source")
    #expect(try wide.step() && wide.type(0) == .real && wide.double(0) == 0)
    var narrow = SourceColumns(layout: Self.layout)
    try ShardReader(SealedFile(found: path), layout: Self.layout).read(.everything, into: &narrow)
    #expect(narrow.raDegrees[0].bitPattern == (-0.0).bitPattern)
  }
}
