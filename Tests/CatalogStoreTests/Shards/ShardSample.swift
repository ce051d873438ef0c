import CatalogStore
import Foundation
import Indexing
import XMDBTestSupport

/// The contents of a shard, made up from a seed.
struct ShardSample {
  let layout: NarrowLayout
  var firstRowid: Int64 = 0
  var healpix29: [Int64] = []
  var columns: [[Double]]
  var ids: [SourceID] = []

  static let special: [Double] = [
    .nan, 0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
  ]

  init(_ layout: NarrowLayout, rows: Int, firstRowid: Int64 = 0, nullIDs: Bool = true, using rng: inout SplitMix64) {
    self.layout = layout
    self.firstRowid = firstRowid
    columns = Array(repeating: [], count: layout.width)
    var next = Int64(rng.below(1000))
    for _ in 0..<rows {
      // Runs of equal indices, small steps and leaps.
      next += [0, 0, 1, Int64(rng.below(100)), Int64(rng.next() >> 20)][rng.below(5)]
      healpix29.append(next)
      for (column, stored) in layout.columns.enumerated() {
        let value = rng.below(8) == 0 ? Self.special[rng.below(Self.special.count)] : rng.normal()
        columns[column].append(stored.storage == .float32 ? Double(Float(value)) : value)
      }
      ids.append(nullIDs && rng.below(5) == 0 ? .null : Self.id(layout.id, &rng))
    }
  }

  private static func id(_ kind: NarrowLayout.IDKind, _ rng: inout SplitMix64) -> SourceID {
    switch kind {
    case .none: .null
    case .integer: .integer([Int64.min, .max, 0, Int64(bitPattern: rng.next())][rng.below(4)])
    case .text:
      .text(
        ["", "é☆𝔘", "a\0b", "id-\(rng.below(1 << 40))", String(repeating: "x", count: rng.below(300))][rng.below(5)])
    }
  }

  var schema: ShardSchema {
    let id = (name: "id", sqlType: layout.id == .text ? "TEXT" : "INTEGER")
    let value = (name: "value", sqlType: "REAL")
    return ShardSchema(
      columns: layout.id == .none ? [value] : [value, id], idColumn: layout.id == .none ? nil : 1, layout: layout)
  }

  @discardableResult
  func write(to path: String) throws -> ShardWriter.Summary {
    try? FileManager.default.removeItem(atPath: path)
    let writer = try ShardWriter(path: path, schema: schema, firstRowid: firstRowid)
    for row in healpix29.indices {
      try columns.map { $0[row] }.withUnsafeBufferPointer { narrow in
        try writer.append(healpix29: healpix29[row], narrow: narrow, id: ids[row]) {
          $0.put(compactly: Double(row))
          if layout.id != .none { $0.put(ids[row]) }
        }
      }
    }
    return try writer.finish()
  }

  /// The positions of the rows in `ranges`, by looking at each.
  func rows(in ranges: PixelRangeSet) -> [Int] {
    var next = ranges.ranges[...]
    return healpix29.indices.filter { row in
      while let range = next.first, range.upperBound <= healpix29[row] { next = next.dropFirst() }
      return next.first?.contains(healpix29[row]) ?? false
    }
  }

  /// What is different between rows that were read and the rows of the sample at `places`; nil when nothing is.
  func difference(_ read: SourceColumns, at places: [Int]) -> String? {
    if read.rowid != places.map({ firstRowid + Int64($0) }) { return "rowids" }
    if read.healpix29 != places.map({ healpix29[$0] }) { return "indices" }
    for column in columns.indices {
      let expected = places.map { columns[column][$0].bitPattern }
      if read.columns[column].map(\.bitPattern) != expected { return "column \(layout.columnNames[column])" }
    }
    return places.indices.allSatisfy { read.ids.id(at: $0) == ids[places[$0]] } ? nil : "ids"
  }
}

extension PixelRangeSet {
  /// All indices there are.
  static let everything = PixelRangeSet([0..<(12 << 58)])
}
