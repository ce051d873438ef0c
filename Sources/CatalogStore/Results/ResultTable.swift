/// The tables that a run writes. The columns of each are declared with its row: `MatchRow.columns` and so on.
public enum ResultTable: String, Sendable, CaseIterable {
  /// Counterparts: the pairs of the most probable assignment of each island.
  case matches
  /// Sources of either catalogue without a counterpart in it.
  case nonmatches
  /// Every candidate pair.
  case pairs

  private static let matchColumns = MatchRow.columns.map(\.column)
  private static let nonmatchColumns = NonmatchRow.columns.map(\.column)
  private static let pairColumns = PairRow.columns.map(\.column)

  /// The columns, in order.
  public var columns: [ResultColumn] {
    switch self {
    case .matches: Self.matchColumns
    case .nonmatches: Self.nonmatchColumns
    case .pairs: Self.pairColumns
    }
  }

  /// Names of the columns with an index.
  public var indexedColumns: [String] { columns.filter(\.isIndexed).map(\.name) }

  /// The position of a column that the table has.
  public func place(of name: String) -> Int {
    guard let place = columns.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("the table \(rawValue) has no column \(name)")
    }
    return place
  }
}
