internal import CatalogStore

/// How two result sets differ.
public struct ResultComparison: Sendable {
  /// How much probabilities of the pairs in both differ.
  public struct Difference: Sendable, Equatable {
    /// Pairs that have a probability in both.
    public var pairs: Int64 = 0
    /// The mean of |ΔP|; nil without pairs.
    public var mean: Double?
    /// The largest |ΔP|; nil without pairs.
    public var largest: Double?
    /// Pairs whose |ΔP| is above the tolerance.
    public var above: Int64 = 0
  }

  /// Pairs in both sets.
  public var both: Int64 = 0
  /// Pairs of the first set alone.
  public var onlyFirst: Int64 = 0
  /// Pairs of the second set alone.
  public var onlySecond: Int64 = 0
  /// Sources of either catalogue that have a partner in both sets, and not the same.
  public var changedA: Int64 = 0
  /// The same of the second catalogue.
  public var changedB: Int64 = 0
  /// Sources alone in one set and not in the other, where both have such.
  public var aloneDiffers: Int64?
  /// Which probability is compared, `match_p` or `pair_p`; nil where the sets have none in common.
  public var probability: String?
  /// Of all pairs in both.
  public var all = Difference()
  /// Of those with each flag of the first set, or of the second where the first has none.
  public var byFlag: [(name: String, difference: Difference)] = []
  /// Identifiers of the pair that differs most.
  public var worst: (a: String, b: String, first: Double, second: Double)?
  /// Up to five pairs of the first set alone, then of the second.
  public var examples: (first: [String], second: [String]) = ([], [])

  /// Whether the sets have the same pairs, with the same probabilities.
  public var isSame: Bool {
    onlyFirst == 0 && onlySecond == 0 && all.above == 0 && (aloneDiffers ?? 0) == 0
  }
}

extension ResultComparison {
  private static let mostExamples = 5

  /// Compares the two sets of a store, sorted.
  /// - Parameters:
  ///   - tolerance: The largest |ΔP| that is no difference.
  ///   - hasAlone: Whether both sets have sources alone.
  init(_ store: ResultStore, tolerance: Double, hasAlone: Bool, _ cancellation: Cancellation) throws {
    let connection = store.connection
    func count(_ sql: String) throws -> Int64 {
      try cancellation.check("import-results")
      let row = try connection.prepare(sql)
      return try row.step() ? row.int64(0) : 0
    }
    let join = "FROM pair1 AS x JOIN pair2 AS y ON y.a = x.a AND y.b = x.b"
    both = try count("SELECT count(*) \(join)")
    onlyFirst = try count("SELECT count(*) FROM pair1") - both
    onlySecond = try count("SELECT count(*) FROM pair2") - both
    changedA = try count(Self.changed("a"))
    changedB = try count(Self.changed("b"))
    if hasAlone {
      aloneDiffers =
        try count(Self.difference("alone1", "alone2")) + count(Self.difference("alone2", "alone1"))
    }
    examples.first = try Self.examples(connection, 1, 2)
    examples.second = try Self.examples(connection, 2, 1)
    try comparePs(connection, join, tolerance)
  }

  /// Sources with partners in both sets of which none is the same.
  private static func changed(_ id: String) -> String {
    """
    SELECT count(*) FROM (
      SELECT id, max(one) AS one, max(two) AS two, max(both) AS both FROM (
        SELECT x.\(id) AS id, 1 AS one, 0 AS two, EXISTS (SELECT 1 FROM pair2 AS y WHERE y.a = x.a AND y.b = x.b) AS both FROM pair1 AS x
        UNION ALL SELECT \(id), 0, 1, 0 FROM pair2)
      GROUP BY id) WHERE one AND two AND NOT both
    """
  }

  private static func difference(_ one: String, _ other: String) -> String {
    "SELECT count(*) FROM (SELECT is_a, id FROM \(one) EXCEPT SELECT is_a, id FROM \(other))"
  }

  private static func examples(_ connection: Connection, _ one: Int, _ other: Int) throws -> [String] {
    let rows = try connection.prepare(
      """
      SELECT a, b FROM pair\(one) AS x WHERE NOT EXISTS (SELECT 1 FROM pair\(other) AS y WHERE y.a = x.a AND y.b = x.b)
      LIMIT \(mostExamples)
      """)
    var found: [String] = []
    while try rows.step() { found.append("\(rows.text(0)) \(rows.text(1))") }
    return found
  }

  // MARK: Probabilities

  private mutating func comparePs(_ connection: Connection, _ join: String, _ tolerance: Double) throws {
    for name in ["pair_p", "match_p"] where probability == nil {
      let row = try connection.prepare(
        """
        SELECT EXISTS (SELECT 1 FROM pair1 WHERE \(name) IS NOT NULL) AND EXISTS (SELECT 1 FROM pair2 WHERE \(name) IS NOT NULL)
        """)
      if try row.step(), row.int64(0) == 1 { probability = name }
    }
    guard let probability else { return }
    let change = "abs(x.\(probability) - y.\(probability))"
    let sums = "count(\(change)), avg(\(change)), max(\(change)), coalesce(sum(\(change) > ?1), 0)"
    func difference(_ condition: String) throws -> Difference {
      let row = try connection.prepare("SELECT \(sums) \(join) \(condition)")
      row.bind(1, tolerance)
      guard try row.step(), row.int64(0) > 0 else { return Difference() }
      return Difference(pairs: row.int64(0), mean: row.double(1), largest: row.double(2), above: row.int64(3))
    }
    all = try difference("")
    for (flag, name, _) in MatchFlags.meanings {
      let found = try difference("WHERE coalesce(x.flags, y.flags) & \(flag.rawValue)")
      if found.pairs > 0 { byFlag.append((name, found)) }
    }
    let row = try connection.prepare(
      "SELECT x.a, x.b, x.\(probability), y.\(probability) \(join) ORDER BY \(change) DESC NULLS LAST LIMIT 1")
    if (all.largest ?? 0) > 0, try row.step() { worst = (row.text(0), row.text(1), row.double(2), row.double(3)) }
  }
}
