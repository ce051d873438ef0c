internal import Indexing

/// A row of a table and the source whose identifier an index holds for it.
struct IdentifiedRow {
  /// The number of the row, from 1.
  let number: Int32
  /// The source.
  let source: ChunkSource
}

/// Rows in the order in which an index on identifiers holds them: absent ones, numbers, texts by their bytes; rows of one
/// identifier by their numbers.
struct IdentifierOrder {
  /// Rows of one kind of identifier with numbers ≥ 0 that sort as those do, as far as 63 bits tell.
  private struct Keyed {
    var keys: [Int64] = []
    var rows: [IdentifiedRow] = []

    mutating func append(_ key: Int64, _ row: IdentifiedRow) {
      keys.append(key)
      rows.append(row)
    }
  }

  private let a: SourceIDs
  private let b: SourceIDs
  private var absent = Keyed()
  private var negative = Keyed()
  private var positive = Keyed()
  private var texts = Keyed()

  /// No rows yet, of sources of two catalogues.
  init(_ a: SourceIDs, _ b: SourceIDs) {
    self.a = a
    self.b = b
  }

  /// Adds the rows that name a source in a column of identifiers.
  mutating func add<Row: ResultRow>(_ rows: [Row], byIDIn name: String) {
    guard case .identifier(let source) = Row.columns.first(where: { $0.column.name == name })?.value else {
      preconditionFailure("a result table has no column of identifiers \(name)")
    }
    for (index, row) in rows.enumerated() {
      if let source = source(row) { add(IdentifiedRow(number: Int32(index + 1), source: source)) }
    }
  }

  /// Adds all sources of the first catalogue, in the order of their places.
  mutating func addAll(count: Int) {
    for place in 0..<Int32(count) { add(IdentifiedRow(number: place + 1, source: .a(place))) }
  }

  @inline(__always)
  private mutating func add(_ row: IdentifiedRow) {
    let place = row.source.index
    switch row.source.isA ? a : b {
    case .none: absent.append(0, row)
    case .integer(let values, let nulls):
      let value = values[place]
      if !nulls.isEmpty && nulls[place] {
        absent.append(0, row)
      } else if value < 0 {
        negative.append(value & .max, row)
      } else {
        positive.append(value, row)
      }
    case .text(let texts):
      texts.withUTF8(at: place) {
        if let text = $0 { self.texts.append(Self.beginning(of: text), row) } else { absent.append(0, row) }
      }
    }
  }

  /// The first eight bytes of a text as a number in the same order, the last bit left out.
  private static func beginning(of text: UnsafeRawBufferPointer) -> Int64 {
    var value: UInt64 = 0
    for position in 0..<8 { value = value << 8 | (position < text.count ? UInt64(text[position]) : 0) }
    return Int64(value >> 1)
  }

  /// The rows in order.
  /// - Complexity: O(n), and O(k log k) for k rows whose identifiers are equal or texts that begin with the same 8 bytes.
  func sorted() -> [IdentifiedRow] {
    sorted(absent) { $0.number < $1.number } + sorted(negative) { $0.number < $1.number }
      + sorted(positive) { $0.number < $1.number }
      + sorted(texts) { precedes($0, $1) }
  }

  private func sorted(_ list: Keyed, _ precedes: (IdentifiedRow, IdentifiedRow) -> Bool) -> [IdentifiedRow] {
    let order = sortedOrder(ofHealpix29: list.keys)
    var rows = order.map { list.rows[$0] }
    var start = 0
    while start < rows.count {
      var end = start + 1
      while end < rows.count, list.keys[order[end]] == list.keys[order[start]] { end += 1 }
      if end - start > 1 { rows[start..<end].sort(by: precedes) }
      start = end
    }
    return rows
  }

  private func precedes(_ left: IdentifiedRow, _ right: IdentifiedRow) -> Bool {
    withText(left) { left in withText(right) { Self.compare(left, $0) } }.map { $0 < 0 } ?? (left.number < right.number)
  }

  private func withText<Result>(_ row: IdentifiedRow, _ body: (UnsafeRawBufferPointer) -> Result?) -> Result? {
    guard case .text(let ids) = row.source.isA ? a : b else { return nil }
    return ids.withUTF8(at: row.source.index) { $0.flatMap(body) }
  }

  /// Below or above 0 as the first differing byte, or the lengths, tell; nil for equal texts.
  private static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int? {
    for (first, second) in zip(left, right) where first != second { return Int(first) - Int(second) }
    return left.count == right.count ? nil : left.count - right.count
  }
}
