public import Indexing

/// A match run as the registry knows it.
public struct RunInfo: Sendable {
  /// Its number.
  public var id: Int64
  /// The first catalogue.
  public var catalogueA: String
  /// The second catalogue.
  public var catalogueB: String
  /// Fingerprint of its inputs and configuration.
  public var fingerprint: String
  /// The configuration, YAML.
  public var configuration: String
  /// When it began, UTC.
  public var started: String
  /// When its ledger closed, UTC; nil while it is not finished.
  public var finished: String?
  /// Totals, once finished.
  public var totals: RunTotals
}

/// Row counts of a run.
public struct RunTotals: Sendable, Equatable {
  /// Counterparts.
  public var matches: Int64 = 0
  /// Sources of a without one.
  public var nonmatchesA: Int64 = 0
  /// Sources of b without one.
  public var nonmatchesB: Int64 = 0
  /// Candidate pairs.
  public var pairs: Int64 = 0
  /// Islands with members of both catalogues.
  public var islands: Int64 = 0

  /// Zero.
  public init() {}

  /// Adds another count.
  public static func += (sum: inout RunTotals, part: RunTotals) {
    sum.matches += part.matches
    sum.nonmatchesA += part.nonmatchesA
    sum.nonmatchesB += part.nonmatchesB
    sum.pairs += part.pairs
    sum.islands += part.islands
  }
}

/// One finished unit of a run: the results owned by one HEALPix pixel.
public struct RunUnit: Sendable {
  /// Position along the curve.
  public var position: Int
  /// The pixel.
  public var pixel: HealpixPixel
  /// The result shard, below the database folder.
  public var path: String
  /// Its size.
  public var bytes: Int64
  /// Its fingerprint.
  public var fingerprint: String
  /// Its row counts.
  public var totals: RunTotals
  /// Time spent on it.
  public var seconds: Double

  /// Makes an entry.
  public init(
    position: Int, pixel: HealpixPixel, path: String, bytes: Int64, fingerprint: String, totals: RunTotals,
    seconds: Double
  ) {
    self.position = position
    self.pixel = pixel
    self.path = path
    self.bytes = bytes
    self.fingerprint = fingerprint
    self.totals = totals
    self.seconds = seconds
  }
}

extension Registry {
  /// The newest run with this fingerprint.
  public func run(fingerprint: String) throws -> RunInfo? {
    try runs("WHERE fingerprint = ? ORDER BY id DESC LIMIT 1") { $0.bind(1, fingerprint) }.first
  }

  /// The newest finished run of two catalogues, in this order.
  public func finishedRun(_ a: String, _ b: String) throws -> RunInfo? {
    try runs("WHERE catalogue_a = ? AND catalogue_b = ? AND finished IS NOT NULL ORDER BY id DESC LIMIT 1") {
      $0.bind(1, a)
      $0.bind(2, b)
    }.first
  }

  /// All runs, newest first.
  public func allRuns() throws -> [RunInfo] { try runs("ORDER BY id DESC") { _ in } }

  private func runs(_ condition: String, bind: (Statement) -> Void) throws -> [RunInfo] {
    let statement = try connection.prepare(
      """
      SELECT id, catalogue_a, catalogue_b, fingerprint, configuration, started, finished,
        matches, nonmatches_a, nonmatches_b, pairs, islands
      FROM run \(condition)
      """)
    bind(statement)
    var runs: [RunInfo] = []
    while try statement.step() {
      runs.append(
        RunInfo(
          id: statement.int64(0), catalogueA: statement.text(1), catalogueB: statement.text(2),
          fingerprint: statement.text(3), configuration: statement.text(4), started: statement.text(5),
          finished: statement.optionalText(6), totals: totals(statement, from: 7)))
    }
    return runs
  }

  func totals(_ row: Statement, from column: Int) -> RunTotals {
    var totals = RunTotals()
    totals.matches = row.int64(column)
    totals.nonmatchesA = row.int64(column + 1)
    totals.nonmatchesB = row.int64(column + 2)
    totals.pairs = row.int64(column + 3)
    totals.islands = row.int64(column + 4)
    return totals
  }

  /// The finished units of a run, along the curve.
  public func units(of run: Int64) throws -> [RunUnit] {
    let statement = try connection.prepare(
      """
      SELECT position, "order", pixel, path, bytes, fingerprint, seconds, matches, nonmatches_a, nonmatches_b, pairs, islands
      FROM run_unit WHERE run = ? ORDER BY position
      """)
    statement.bind(1, run)
    var units: [RunUnit] = []
    while try statement.step() {
      units.append(
        RunUnit(
          position: statement.int(0), pixel: try pixel(order: statement.int(1), index: statement.int64(2)),
          path: statement.text(3), bytes: statement.int64(4), fingerprint: statement.text(5),
          totals: totals(statement, from: 7), seconds: statement.double(6)))
    }
    return units
  }

  /// Records the start of a run.
  public func beginRun(
    _ a: CatalogueInfo, _ b: CatalogueInfo, fingerprint: String, configuration: String, program: String, now: String
  ) throws -> Int64 {
    try run(
      """
      INSERT INTO run (catalogue_a, catalogue_b, generation_a, generation_b, fingerprint, configuration, program, started)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """
    ) {
      $0.bind(1, a.name)
      $0.bind(2, b.name)
      $0.bind(3, a.generation)
      $0.bind(4, b.generation)
      $0.bind(5, fingerprint)
      $0.bind(6, configuration)
      $0.bind(7, program)
      $0.bind(8, now)
    }
    return connection.lastInsertRowID
  }

  /// Makes finished units known, whose files are in place.
  public func record(_ units: [RunUnit], of run: Int64) throws {
    try connection.transaction {
      let statement = try connection.prepare("INSERT INTO run_unit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      for unit in units {
        statement.bind(1, run)
        statement.bind(2, unit.position)
        statement.bind(3, unit.pixel.order)
        statement.bind(4, unit.pixel.index)
        statement.bind(5, unit.path)
        statement.bind(6, unit.bytes)
        statement.bind(7, unit.fingerprint)
        statement.bind(8, unit.totals.matches)
        statement.bind(9, unit.totals.nonmatchesA)
        statement.bind(10, unit.totals.nonmatchesB)
        statement.bind(11, unit.totals.pairs)
        statement.bind(12, unit.totals.islands)
        statement.bind(13, unit.seconds)
        try statement.run()
      }
    }
  }

  /// Makes a run visible, in place of earlier ones with the same inputs and configuration. The caller has closed its ledger.
  public func finishRun(_ id: Int64, totals: RunTotals, now: String) throws {
    try connection.transaction {
      try run(
        """
        UPDATE run SET finished = ?, matches = ?, nonmatches_a = ?, nonmatches_b = ?, pairs = ?, islands = ? WHERE id = ?
        """
      ) {
        $0.bind(1, now)
        $0.bind(2, totals.matches)
        $0.bind(3, totals.nonmatchesA)
        $0.bind(4, totals.nonmatchesB)
        $0.bind(5, totals.pairs)
        $0.bind(6, totals.islands)
        $0.bind(7, id)
      }
      try run("DELETE FROM run WHERE id < ?1 AND fingerprint = (SELECT fingerprint FROM run WHERE id = ?1)") {
        $0.bind(1, id)
      }
    }
  }

  /// Forgets a run; its files are cleared away by the next writer.
  public func removeRun(_ id: Int64) throws {
    try run("DELETE FROM run WHERE id = ?") { $0.bind(1, id) }
  }
}
