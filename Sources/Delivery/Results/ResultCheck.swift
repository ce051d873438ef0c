internal import CatalogStore

/// Whether a result set has every source exactly once.
public struct ResultCheck: Sendable {
  /// What is wrong with the sources of one catalogue.
  public struct Sources: Sendable {
    /// Sources that are in pairs or alone.
    public var seen: Int64 = 0
    /// Those that are there more often than the catalogue has them; without a catalogue, more than once.
    public var repeated: Int64 = 0
    /// Sources of the catalogue that are not there; nil where that cannot be told.
    public var lost: Int64?
    /// Those that the catalogue does not have; nil without one.
    public var unknown: Int64?
    /// Identifiers of some of each.
    public var examples: (repeated: [String], lost: [String], unknown: [String]) = ([], [], [])

    /// Whether every source is there once, as far as can be told.
    public var isWhole: Bool { repeated == 0 && (lost ?? 0) == 0 && (unknown ?? 0) == 0 }
  }

  /// The name of the set.
  public let name: String
  /// Rows: pairs, and sources alone of either catalogue.
  public let pairs, aloneA, aloneB: Int64
  /// Whether the set tells which sources are alone.
  public let hasAlone: Bool
  /// Rows of halos that were left out: another chunk has them.
  public let leftOut: Int64
  /// Sources of the first catalogue.
  public let a: Sources
  /// Sources of the second catalogue.
  public let b: Sources

  /// Whether both catalogues are whole.
  public var isWhole: Bool { a.isWhole && b.isWhole }
}

extension ResultCheck.Sources {
  /// Identifiers that are shown of each kind of fault.
  static let mostExamples = 5

  /// Counts the sources of one catalogue in a set that is sorted.
  /// - Parameters:
  ///   - hasCatalogue: Whether the store holds the identifiers of the catalogue.
  ///   - hasAlone: Whether the set has sources alone: without, nobody can tell those from lost ones.
  init(_ store: ResultStore, _ side: ResultStore.Side, isA: Bool, hasCatalogue: Bool, hasAlone: Bool) throws {
    let (number, flag) = (side.rawValue, isA ? 1 : 0)
    let rows = try store.connection.prepare(
      """
      SELECT id, sum(n), sum(c) FROM (
        SELECT \(isA ? "a" : "b") AS id, n, 0 AS c FROM pair\(number)
        UNION ALL SELECT id, 1, 0 FROM alone\(number) WHERE is_a = \(flag)
        UNION ALL SELECT id, 0, 1 FROM catalogue WHERE is_a = \(flag) AND id IS NOT NULL)
      GROUP BY id
      """)
    if hasCatalogue { unknown = 0 }
    if hasCatalogue && hasAlone { lost = 0 }
    while try rows.step() {
      let (there, known) = (rows.int64(1), hasCatalogue ? rows.int64(2) : min(1, rows.int64(1)))
      seen += there
      if there > known && known == 0 { note(rows, there, \.unknown, \.examples.unknown) }
      if there > known && known > 0 {
        repeated += there - known
        if examples.repeated.count < Self.mostExamples { examples.repeated.append(rows.text(0)) }
      }
      if there < known, lost != nil { note(rows, known - there, \.lost, \.examples.lost) }
    }
  }

  private mutating func note(
    _ row: Statement, _ count: Int64, _ total: WritableKeyPath<Self, Int64?>, _ list: WritableKeyPath<Self, [String]>
  ) {
    self[keyPath: total] = (self[keyPath: total] ?? 0) + count
    if self[keyPath: list].count < Self.mostExamples { self[keyPath: list].append(row.text(0)) }
  }
}
