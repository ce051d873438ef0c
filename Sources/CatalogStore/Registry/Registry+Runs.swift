public import Indexing

/// A run as the registry knows it.
public struct RunInfo: Sendable {
  /// Its number.
  public var id: Int64
  /// What it is.
  public var kind: RunKind
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
  /// Candidate pairs that took part in the pairing.
  public var pairs: Int64 = 0
  /// Islands with members of both catalogues.
  public var islands: Int64 = 0
  /// Candidate pairs that took no part in it, because no island could make them probable.
  public var negligiblePairs: Int64 = 0
  /// The sum of the bounds of their probabilities, in units of 1e-12: an integer, so that it does not depend on how the sky is cut.
  public var negligibleBoundPico: Int64 = 0
  /// The sum of `RowidDigest` over the sources of a in the rows.
  public var rowidsA: Int64 = 0
  /// The same of b.
  public var rowidsB: Int64 = 0

  /// The counts in the order in which the registry and messages hold them.
  public var counts: [Int64] {
    get {
      [
        matches, nonmatchesA, nonmatchesB, pairs, islands, negligiblePairs, negligibleBoundPico, rowidsA, rowidsB,
      ]
    }
    set {
      (matches, nonmatchesA, nonmatchesB) = (newValue[0], newValue[1], newValue[2])
      (pairs, islands, negligiblePairs, negligibleBoundPico) = (newValue[3], newValue[4], newValue[5], newValue[6])
      (rowidsA, rowidsB) = (newValue[7], newValue[8])
    }
  }

  /// Columns of the registry with the counts, in that order.
  static let columns = [
    "matches", "nonmatches_a", "nonmatches_b", "pairs", "islands", "negligible_pairs", "negligible_bound_pico",
    "rowids_a", "rowids_b",
  ]

  /// At most so much probability was left out of the pairing: pairs that were expected to be real.
  public var negligibleProbability: Double { Double(negligibleBoundPico) * 1e-12 }

  /// Zero.
  public init() {}

  /// Adds another count.
  public static func += (sum: inout RunTotals, part: RunTotals) {
    sum.counts = zip(sum.counts, part.counts).map { $0.saturatingAdd($1) }
  }
}

/// One finished chunk of a run: the results owned by one HEALPix pixel.
public struct RunChunk: Sendable {
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
  /// What it took.
  public var cost: RunCost
  /// What it was computed from, as `MatchRun` writes it; empty: unknown.
  public var inputs: [UInt8]

  /// Makes an entry.
  public init(
    position: Int, pixel: HealpixPixel, path: String, bytes: Int64, fingerprint: String, totals: RunTotals,
    cost: RunCost, inputs: [UInt8] = []
  ) {
    self.position = position
    self.pixel = pixel
    self.path = path
    self.bytes = bytes
    self.fingerprint = fingerprint
    self.totals = totals
    self.cost = cost
    self.inputs = inputs
  }
}

extension RunChunk {
  /// Its result shard.
  public func file(in database: SkyDatabase) -> SealedFile {
    SealedFile(
      path: database.path + "/" + path, bytes: bytes, fingerprint: fingerprint, remedy: "match again with --redo")
  }
}

/// What one chunk of a run took.
public struct RunCost: Sendable, Equatable {
  /// Wall-clock seconds.
  public var seconds: Double
  /// Processor seconds; nil in runs of older programs.
  public var processorSeconds: Double?
  /// Most memory of the process while it worked on it, bytes.
  public var peakBytes: Int64?
  /// Where.
  public var host: String?
  /// Whether the result was taken over from the run before.
  public var isReused: Bool

  /// Makes an entry.
  public init(
    seconds: Double, processorSeconds: Double? = nil, peakBytes: Int64? = nil, host: String? = nil,
    isReused: Bool = false
  ) {
    self.seconds = seconds
    self.processorSeconds = processorSeconds
    self.peakBytes = peakBytes
    self.host = host
    self.isReused = isReused
  }
}

extension Registry {
  /// The run of a number, also one of earlier generations.
  /// - Throws: `StoreError.damaged` when there is none: the caller knows that it was.
  public func run(_ id: Int64) throws -> RunInfo {
    guard let run = try runs("WHERE id = ?", bind: { $0.bind(1, id) }).first else {
      throw StoreError(.damaged, database.registryPath, "has no run \(id); match again with --redo")
    }
    return run
  }

  /// The newest run of two catalogues, in this order, with this fingerprint.
  public func run(_ a: String, _ b: String, fingerprint: String) throws -> RunInfo? {
    try runs(
      "WHERE catalogue_a = ? AND catalogue_b = ? AND fingerprint = ? AND \(Self.isCurrent) ORDER BY id DESC LIMIT 1"
    ) {
      $0.bind(1, a)
      $0.bind(2, b)
      $0.bind(3, fingerprint)
    }.first
  }

  /// The newest finished match of two catalogues, in this order.
  public func finishedRun(_ a: String, _ b: String) throws -> RunInfo? {
    try runs(
      """
      WHERE kind = 'match' AND catalogue_a = ? AND catalogue_b = ? AND finished IS NOT NULL AND \(Self.isCurrent)
      ORDER BY id DESC LIMIT 1
      """
    ) {
      $0.bind(1, a)
      $0.bind(2, b)
    }.first
  }

  /// All runs of the catalogues as they are now, newest first.
  public func allRuns() throws -> [RunInfo] { try runs("WHERE \(Self.isCurrent) ORDER BY id DESC") { _ in } }

  /// The newest finished run of a program that used an earlier generation of either catalogue: nobody reads it any more,
  /// but a new run takes over the chunks whose inputs are the same.
  public func supersededRun(_ a: String, _ b: String, configuration: String, program: String) throws -> RunInfo? {
    try runs(
      """
      WHERE catalogue_a = ? AND catalogue_b = ? AND configuration = ? AND program = ? AND finished IS NOT NULL
        AND NOT (\(Self.isCurrent)) ORDER BY id DESC LIMIT 1
      """
    ) {
      $0.bind(1, a)
      $0.bind(2, b)
      $0.bind(3, configuration)
      $0.bind(4, program)
    }.first
  }

  /// Whether a run is one of the catalogues as they are now.
  static let isCurrent =
    "generation_a IN (SELECT generation FROM catalogue) AND generation_b IN (SELECT generation FROM catalogue)"

  private func runs(_ condition: String, bind: (Statement) -> Void) throws -> [RunInfo] {
    try connection.reading { try readRuns(condition, bind) }
  }

  private func readRuns(_ condition: String, _ bind: (Statement) -> Void) throws -> [RunInfo] {
    // A run that has changed, or is gone, may be the one that is asked for.
    for id in try seals.ids(.run) { try requireSound(.run, id, ["run"]) }
    return try describedRuns(condition, bind)
  }

  /// Runs as they are described, whether or not that can be believed.
  func describedRuns(_ condition: String, _ bind: (Statement) -> Void) throws -> [RunInfo] {
    let statement = try connection.prepare(
      """
      SELECT id, catalogue_a, catalogue_b, fingerprint, configuration, started, finished, kind,
        \(RunTotals.columns.joined(separator: ", "))
      FROM run \(condition)
      """)
    bind(statement)
    var runs: [RunInfo] = []
    while try statement.step() {
      guard let kind = RunKind(rawValue: statement.text(7)) else {
        throw StoreError(.damaged, "run \(statement.int64(0))", "is of the unknown kind '\(statement.text(7))'")
      }
      runs.append(
        RunInfo(
          id: statement.int64(0), kind: kind, catalogueA: statement.text(1), catalogueB: statement.text(2),
          fingerprint: statement.text(3), configuration: statement.text(4), started: statement.text(5),
          finished: statement.optionalText(6), totals: try totals(statement, from: 8)))
    }
    return runs
  }

  func totals(_ row: Statement, from column: Int) throws -> RunTotals {
    var totals = RunTotals()
    totals.counts = try RunTotals.columns.indices.map { try count(row, column + $0, "a run") }
    return totals
  }

  /// Records the start of a run and the chunks that it is cut into, in one transaction.
  public func beginRun(
    _ a: CatalogueInfo, _ b: CatalogueInfo, kind: RunKind = .match, fingerprint: String, configuration: String,
    program: String, now: String,
    chunks: [HealpixPixel] = []
  ) throws -> Int64 {
    try connection.transaction {
      let id = try nextRun()
      try run(
        """
        INSERT INTO run (catalogue_a, catalogue_b, generation_a, generation_b, fingerprint, configuration, program, started, id, kind)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
        $0.bind(9, id)
        $0.bind(10, kind.rawValue)
      }
      try clearLeftovers(.run, id)
      try plan(chunks, of: id)
      try seals.seal(.run, id)
      return id
    }
  }

  /// A number that no run has had whose files are still there.
  private func nextRun() throws -> Int64 {
    let statement = try connection.prepare("SELECT coalesce(max(id), 0) FROM run")
    return try nextNumber(above: try statement.step() ? statement.int64(0) : 0, in: "runs")
  }

  /// Makes a run visible, in place of earlier ones with the same inputs and configuration. The caller has closed its ledger.
  public func finishRun(_ id: Int64, totals: RunTotals, now: String) throws {
    try connection.transaction {
      try seals.changing("run", of: .run, id) {
        try run(
          """
          UPDATE run SET \(RunTotals.columns.map { "\($0) = ?" }.joined(separator: ", ")), finished = ? WHERE id = ?
          """
        ) {
          for (index, count) in totals.counts.enumerated() { $0.bind(index + 1, count) }
          $0.bind(totals.counts.count + 1, now)
          $0.bind(totals.counts.count + 2, id)
        }
      }
      try forgetRuns(
        """
        id < ?1 AND (catalogue_a, catalogue_b, configuration)
          = (SELECT catalogue_a, catalogue_b, configuration FROM run WHERE id = ?1)
          AND (NOT (\(Self.isCurrent)) OR fingerprint = (SELECT fingerprint FROM run WHERE id = ?1))
        """
      ) { $0.bind(1, id) }
      try forgetUnusedGenerations()
    }
  }

  /// Forgets runs, inside a transaction.
  func forgetRuns(_ condition: String, bind: (Statement) -> Void) throws {
    let ids = try numbers("SELECT id FROM run WHERE \(condition)", bind: bind)
    for id in ids { try run("DELETE FROM run WHERE id = ?") { $0.bind(1, id) } }
    try seals.forget(.run, ids)
    try forgetUnusedSkyTables()
  }

  /// Forgets the runs that the registry no longer describes as they were written: whoever matches again with --redo has been
  /// told of them.
  public func forgetDamagedRuns() throws {
    let damaged = try unsoundOwners().filter { $0.owner == .run }.map(\.id)
    try connection.transaction {
      for id in damaged {
        try run("DELETE FROM run WHERE id = ?") { $0.bind(1, id) }
        try clearLeftovers(.run, id)
      }
    }
  }

  /// The numbers of the runs of the catalogues as they are now, whether or not they can be read.
  public func runNumbers() throws -> [Int64] {
    try numbers("SELECT id FROM run WHERE \(Self.isCurrent) ORDER BY id")
  }

  /// Forgets the replaced generations that no run needs.
  func forgetUnusedGenerations() throws {
    let unused = try numbers(
      """
      SELECT id FROM generation WHERE retired
        AND id NOT IN (SELECT generation_a FROM run UNION SELECT generation_b FROM run)
      """)
    for id in unused { try run("DELETE FROM generation WHERE id = ?") { $0.bind(1, id) } }
    try seals.forget(.generation, unused)
  }

  /// Forgets a run; its files are cleared away by the next writer.
  public func removeRun(_ id: Int64) throws {
    try connection.transaction { try forgetRuns("id = ?") { $0.bind(1, id) } }
  }
}
