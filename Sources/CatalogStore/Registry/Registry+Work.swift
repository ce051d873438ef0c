extension Registry {
  /// What the chunks of a run took and found, those apart that were taken over from the run before.
  public struct Work: Sendable {
    /// The number of chunks.
    public let chunks: Int
    /// Processor seconds that were spent on pairing them.
    public let seconds: Double
    /// Most memory of a process meanwhile, bytes; nil: unknown.
    public let peakBytes: Int64?
    /// Their row counts.
    public let totals: RunTotals

    /// Sources of both catalogues per processor second; nil where nothing was measured.
    public var sourcesPerSecond: Double? {
      let sources = 2 * Double(totals.matches) + Double(totals.nonmatchesA) + Double(totals.nonmatchesB)
      return seconds > 0 ? sources / seconds : nil
    }
  }

  /// The work of a run so far; nil if there was none.
  public func work(of id: Int64) throws -> Work? { try sound(.run, id, ["run_chunk"]) { try readWork(of: id) } }

  /// The work of the run that finished last, for estimates; nil if none has, or its entry is damaged.
  public func workOfLastRun() throws -> Work? {
    let last = try numbers(
      "SELECT id FROM run WHERE kind = 'match' AND finished IS NOT NULL ORDER BY finished DESC, id DESC LIMIT 1")
    do { return try last.first.flatMap { try work(of: $0) } } catch let error as StoreError where error.code == .damaged
    {
      return nil
    }
  }

  private func readWork(of id: Int64) throws -> Work? {
    let statement = try connection.prepare(
      """
      SELECT count(*), total(coalesce(cpu_seconds, seconds)), max(peak_bytes),
        \(RunTotals.columns.map { "sum(\($0))" }.joined(separator: ", "))
      FROM run_chunk WHERE NOT reused AND run = ?
      """)
    statement.bind(1, id)
    guard try statement.step(), statement.int(0) > 0 else { return nil }
    return Work(
      chunks: statement.int(0), seconds: statement.double(1), peakBytes: statement.isNull(2) ? nil : statement.int64(2),
      totals: try totals(statement, from: 3))
  }

  /// How many chunks of a run are finished, of how many.
  public func chunkCounts(of id: Int64) throws -> (done: Int, chunks: Int) {
    try sound(.run, id, ["run_chunk", "run_plan_chunk"]) { try readChunkCounts(of: id) }
  }

  private func readChunkCounts(of id: Int64) throws -> (done: Int, chunks: Int) {
    let statement = try connection.prepare(
      """
      SELECT (SELECT count(*) FROM run_chunk WHERE run = ?1), (SELECT count(*) FROM run_plan_chunk WHERE run = ?1)
      """)
    statement.bind(1, id)
    guard try statement.step() else { return (0, 0) }
    // Runs of older programs did not record what they planned.
    return (statement.int(0), max(statement.int(0), statement.int(1)))
  }

  /// The size of a run's results so far, bytes.
  public func bytes(of id: Int64) throws -> Int64 {
    try sound(.run, id, ["run_chunk"]) {
      try numbers("SELECT coalesce(sum(bytes), 0) FROM run_chunk WHERE run = ?") { $0.bind(1, id) }.first ?? 0
    }
  }
}
