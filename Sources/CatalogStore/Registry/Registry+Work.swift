extension Registry {
  /// What the units of a run took and found.
  public struct Work: Sendable {
    /// The number of units.
    public let units: Int
    /// Processor seconds that were spent on pairing them.
    public let seconds: Double
    /// Their row counts.
    public let totals: RunTotals
  }

  /// The work of the run that finished last; nil if none has.
  public func workOfLastRun() throws -> Work? {
    let statement = try connection.prepare(
      """
      SELECT count(*), total(coalesce(cpu_seconds, seconds)), sum(matches), sum(nonmatches_a), sum(nonmatches_b), sum(pairs), sum(islands)
      FROM run_unit WHERE NOT reused AND run = (SELECT id FROM run WHERE finished IS NOT NULL ORDER BY finished DESC, id DESC LIMIT 1)
      """)
    guard try statement.step(), statement.int(0) > 0 else { return nil }
    return Work(units: statement.int(0), seconds: statement.double(1), totals: totals(statement, from: 2))
  }
}
