internal import CatalogStore
internal import Formats

/// Reads result sets from tables of any format.
struct TableResults {
  let columns: ResultColumns
  let cancellation: Cancellation

  // MARK: One table

  /// Reads tables in which a row is a pair, or a source alone that has only one identifier.
  func read(_ paths: [String], into sink: ResultSink) throws {
    for path in paths {
      let table = try ResultTableFile(path, isByNumber: columns.isByNumber)
      try forEachRow(of: table, identifiers(of: table)) { row, number in
        switch (row.identifier(0), row.identifier(1)) {
        case (let a?, let b?): try sink.add(a, b, try facts(row, table, number))
        case (let a?, nil): try sink.add(alone: a, isA: true)
        case (nil, let b?): try sink.add(alone: b, isA: false)
        case (nil, nil):
          throw FormatError(.damaged, subject: path, "row \(number) has the identifier of neither catalogue")
        }
      }
    }
  }

  // MARK: Files as macauff has them

  /// Reads files of pairs.
  /// - Parameter halo: Sources of the first catalogue whose pairs are left out.
  func readMatches(
    _ paths: [String], leavingOut halo: Set<ResultIdentifier> = [], into sink: ResultSink
  ) throws {
    for path in paths where !isEmpty(path) {
      let table = try ResultTableFile(path, isByNumber: columns.isByNumber)
      try forEachRow(of: table, identifiers(of: table)) { row, number in
        guard let a = row.identifier(0), let b = row.identifier(1) else {
          throw FormatError(.damaged, subject: path, "row \(number) lacks an identifier, and matches have two")
        }
        if halo.contains(a) { return sink.leaveOut() }
        try sink.add(a, b, try facts(row, table, number))
      }
    }
  }

  /// Reads files of sources alone: the identifier is in the column of the name that it has among matches, else in the first.
  /// - Parameters:
  ///   - column: The number of the identifier's column, from 1, where it is known.
  ///   - halo: Sources that are left out.
  func readAlone(
    _ paths: [String], isA: Bool, column: Int? = nil, leavingOut halo: Set<ResultIdentifier> = [],
    into sink: ResultSink
  ) throws {
    for path in paths where !isEmpty(path) {
      let table = try ResultTableFile(path, isByNumber: columns.isByNumber)
      let name = isA ? columns.a : columns.b
      let place =
        try column.map { try table.require("\($0)", [], "a source", "cat_col_nums") }
        ?? (columns.isByNumber ? 0 : name.flatMap(table.index) ?? 0)
      try forEachRow(of: table, [place], hasFacts: false) { row, number in
        guard let id = row.identifier(0) else {
          throw FormatError(.damaged, subject: path, "row \(number) has no identifier")
        }
        if halo.contains(id) { return sink.leaveOut() }
        try sink.add(alone: id, isA: isA)
      }
    }
  }

  /// Whether a file without a line of names has no rows.
  private func isEmpty(_ path: String) -> Bool { columns.isByNumber && FileSystem.size(path) == 0 }

  // MARK: Rows

  /// The columns of the identifiers of a pair.
  private func identifiers(of table: ResultTableFile) throws -> [Int] {
    try [
      table.require(columns.a, ["a_id"], "a", "--id-a"), table.require(columns.b, ["b_id"], "b", "--id-b"),
    ]
  }

  private func forEachRow(
    of table: ResultTableFile, _ identifiers: [Int], hasFacts: Bool = true,
    _ body: (ResultTableRow, Int64) throws -> Void
  ) throws {
    if hasFacts, let name = columns.probability { _ = try table.require(name, [], "the probability", "--probability") }
    let places = identifiers + (hasFacts ? factPlaces(table).compactMap(\.self) : [])
    var number: Int64 = 0
    try table.forEachBatch(places) { rows, buffers in
      try cancellation.check("import-results")
      for row in 0..<rows {
        number += 1
        try body(ResultTableRow(buffers: buffers, row: row), number)
      }
    }
  }

  /// Where a table has `match_p`, `pair_p` and `flags`.
  private func factPlaces(_ table: ResultTableFile) -> [Int?] {
    if let name = columns.probability { return [table.index(name), nil, table.index("flags")] }
    return [table.index("match_p"), table.index("pair_p"), table.index("flags")]
  }

  private func facts(_ row: ResultTableRow, _ table: ResultTableFile, _ number: Int64) throws -> ResultSink.Facts {
    var next = row.buffers.count - factPlaces(table).compactMap(\.self).count
    var values: [Double?] = []
    for place in factPlaces(table) {
      values.append(place == nil ? nil : row.number(next))
      if place != nil { next += 1 }
    }
    for value in values.prefix(2) { try Probability.require(value, in: table.path, row: number) }
    return ResultSink.Facts(matchP: values[0], pairP: values[1], flags: values[2].flatMap { Int64(exactly: $0) })
  }
}

/// What may stand where a probability is expected.
enum Probability {
  /// Sums of exact terms may exceed 1 by rounding.
  private static let allowed = -1e-9...1 + 1e-9

  static func require(_ value: Double?, in path: String, row: Int64) throws(FormatError) {
    guard let value else { return }
    guard allowed.contains(value) else {
      throw FormatError(.damaged, subject: path, "row \(row) has the probability \(value); allowed: 0 to 1, or none")
    }
  }
}

/// A row of a table.
struct ResultTableRow {
  let buffers: [ColumnBuffer]
  let row: Int

  func identifier(_ column: Int) -> ResultIdentifier? {
    let buffer = buffers[column]
    guard buffer.validity.isPresent(row) else { return nil }
    switch buffer.values {
    case .int64(let values): return .integer(values[row])
    case .uint64(let values): return ResultIdentifier(String(values[row]))
    case .float64(let values): return values[row].isNaN ? nil : ResultIdentifier(values[row])
    case .float32(let values): return values[row].isNaN ? nil : ResultIdentifier(Double(values[row]))
    case .bool(let values): return .integer(Int64(values[row]))
    case .text(let values), .binary(let values):
      let text = values.string(row)
      return text.isEmpty || text == "\\N" ? nil : ResultIdentifier(text)
    }
  }

  func number(_ column: Int) -> Double? {
    let buffer = buffers[column]
    guard buffer.validity.isPresent(row) else { return nil }
    let value: Double? =
      switch buffer.values {
      case .int64(let values): Double(values[row])
      case .uint64(let values): Double(values[row])
      case .float64(let values): values[row]
      case .float32(let values): Double(values[row])
      case .bool(let values): Double(values[row])
      case .text(let values), .binary(let values): Double(values.string(row))
      }
    return value.flatMap { $0.isNaN ? nil : $0 }
  }
}
