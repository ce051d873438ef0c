import Formats
import Foundation
import Testing
import XMDBTestSupport

/// The files of `Resources/`, and the table that most of them hold: seven rows with 64-bit identifiers beyond 2⁵³, numbers
/// that only 17 digits tell apart, single precision, missing numbers, texts with what separates values.
enum SmallTable {
  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Resources/\(name)").path
  }

  static let names = ["source_id", "ra", "dec", "err", "count", "seen", "mag", "name"]

  /// The values, column by column. Where a format cannot tell an empty text from none, `emptyText` is missing.
  static func cells(emptyText: Cell = .missing) -> [[Cell]] {
    let last: [Cell] = [.missing]
    return [
      (0..<7).map { .int(5_853_498_713_190_525_696 + $0) }, (0..<7).map { .double(0.1 + 51 * Double($0)) },
      (0..<7).map { .double(-89.9 + 29.7 * Double($0)) },
      (1..<7).map { .double(Double(Float(0.1 * Double($0)))) } + last,
      (0..<6).map { .int($0 * $0 - 5) } + last, (0..<7).map { .bool($0 % 2 == 0) },
      [.double(20.5), .missing] + [19.25, 18, 17, 16, 15].map { .double($0) },
      ["a", "two words", "comma, here", "quote \"q\""].map { .text($0) } + [emptyText, .text("f"), .text("g")],
    ]
  }

  static let units = [nil, "deg", "deg", "arcsec", nil, nil, "mag", nil]
  static let ucds = [
    "meta.id;meta.main", "pos.eq.ra;meta.main", "pos.eq.dec;meta.main", "stat.error;pos.eq", nil, nil,
    "phot.mag;em.opt.R", nil,
  ]

  /// Reads a file, and compares values and names.
  static func check(_ name: String, emptyText: Cell = .missing, batchRows: Int = 3) throws -> TableSource {
    let source = try TableSource(paths: [path(name)])
    #expect(source.rowCount == 7 && source.columns.map(\.name) == names, "\(name)")
    // NaN is no value: formats differ in how they write that.
    let found = try source.everything(batchRows: batchRows).map { column in
      column.map { cell in if case .double(let value) = cell, value.isNaN { Cell.missing } else { cell } }
    }
    let expected = cells(emptyText: emptyText)
    for (column, name) in names.enumerated() {
      #expect(found[column] == expected[column], "\(name)")
    }
    return source
  }
}
