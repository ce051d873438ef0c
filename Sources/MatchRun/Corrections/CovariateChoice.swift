internal import CatalogStore
internal import Match

/// Chooses the ranges of a covariate: those that are asked for, or what the values of a catalogue ask for.
struct CovariateChoice {
  let info: CatalogueInfo
  let database: SkyDatabase

  /// Sources whose values are looked at, at equal steps along the curve.
  private static let sampled = 20_000
  private static let numbers: Set = ["int64", "uint64", "float64", "float32", "bool"]

  /// - Parameters:
  ///   - name: The column.
  ///   - borders: Those that are asked for; none: as the values ask for.
  ///   - most: No more ranges than this.
  /// - Throws: `StoreError.usage` for a column that is not there, is neither number nor text, or tells nothing.
  func ranges(_ name: String, borders: [Double], most: Int) throws -> CovariateRanges {
    guard let column = info.columns.first(where: { $0.name.lowercased() == name.lowercased() }) else {
      throw StoreError(
        .usage, "--by", "is '\(name)', which is no column of \(info.name); `xmdb info \(info.name)` lists them")
    }
    let isText = column.type == "text"
    guard isText || Self.numbers.contains(column.type) else {
      throw StoreError(
        .usage, "--by", "is '\(name)', a column of type \(column.type); allowed: numbers, truth values and texts")
    }
    guard borders.isEmpty else {
      guard !isText, let ranges = CovariateRanges(column: column.name, .borders(borders)) else {
        throw StoreError(
          .usage, "--ranges",
          "is \(borders.map { "\($0)" }.joined(separator: ",")) for '\(column.name)', a column of type \(column.type); "
            + "allowed: 1 to \(CovariateRanges.most - 1) ascending borders of numbers, for example 2,5,10")
      }
      return ranges
    }
    let found = try values(column.name, isText: isText)
    guard
      let ranges = isText
        ? CovariateRanges(column: column.name, texts: found.texts)
        : CovariateRanges(column: column.name, numbers: found.numbers, most: most)
    else {
      throw StoreError(
        .usage, "--by", "is '\(name)', in which the values of \(info.name) are all alike or NULL; choose another column"
      )
    }
    return ranges
  }

  /// Values of sources at equal steps: the same ones however the catalogue is stored.
  private func values(_ column: String, isText: Bool) throws -> (numbers: [Double], texts: [String]) {
    let reader = WideReader(database: database, info: info, columns: [column])
    let count = min(Int64(Self.sampled), info.rows)
    var (numbers, texts): ([Double], [String]) = ([], [])
    for k in 0..<count {
      let rowid = Int64((Double(k) + 0.5) / Double(count) * Double(info.rows))
      try reader.withRow(rowid: min(rowid, info.rows - 1)) { row in
        if row.isNull(0) { return }
        if isText { texts.append(row.text(0)) } else { numbers.append(row.double(0)) }
      }
    }
    return (numbers, texts)
  }
}
