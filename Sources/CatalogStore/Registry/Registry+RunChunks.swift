public import Indexing

/// A piece of a run's work that failed for good in the last attempt.
public struct RunProblem: Sendable, Equatable {
  /// What was being done: counting, estimating, matching.
  public var stage: String
  /// Position of the chunk or region along the curve.
  public var position: Int
  /// Its pixel.
  public var pixel: HealpixPixel
  /// How often it was tried.
  public var attempts: Int
  /// The kind of the last error.
  public var code: StoreError.Code
  /// The last error.
  public var reason: String

  /// Makes an entry.
  public init(
    stage: String, position: Int, pixel: HealpixPixel, attempts: Int, code: StoreError.Code, reason: String
  ) {
    self.stage = stage
    self.position = position
    self.pixel = pixel
    self.attempts = attempts
    self.code = code
    self.reason = reason
  }
}

/// The chunks of a run: planned, finished, failed.
extension Registry {
  /// Fixes the chunks of a run.
  public func plan(_ pixels: [HealpixPixel], of id: Int64) throws {
    let statement = try connection.prepare("INSERT INTO run_plan_chunk VALUES (?, ?, ?, ?)")
    for (position, pixel) in pixels.enumerated() {
      statement.bind(1, id)
      statement.bind(2, position)
      statement.bind(3, pixel.order)
      statement.bind(4, pixel.index)
      try statement.run()
    }
  }

  /// The chunks that a run was cut into, along the curve; empty in runs of older programs.
  public func plannedPixels(of id: Int64) throws -> [HealpixPixel] {
    try sound(.run, id, ["run_plan_chunk"]) {
      try rows("SELECT \"order\", pixel FROM run_plan_chunk WHERE run = ? ORDER BY position", id) {
        try pixel(order: $0.int(0), index: $0.int64(1))
      }
    }
  }

  /// The finished chunks of a run, along the curve.
  public func chunks(of run: Int64) throws -> [RunChunk] {
    try sound(.run, run, ["run_chunk"]) { try chunks("run = ? ORDER BY position") { $0.bind(1, run) } }
  }

  /// The finished chunk of a run whose pixel is this one.
  public func chunk(of run: Int64, pixel: HealpixPixel) throws -> RunChunk? {
    try sound(.run, run, ["run_chunk"]) {
      try chunks("run = ? AND \"order\" = ? AND pixel = ?") {
        $0.bind(1, run)
        $0.bind(2, pixel.order)
        $0.bind(3, pixel.index)
      }.first
    }
  }

  private func chunks(_ condition: String, bind: (Statement) -> Void) throws -> [RunChunk] {
    let statement = try connection.prepare(
      """
      SELECT position, "order", pixel, path, bytes, fingerprint, seconds, cpu_seconds, peak_bytes, host, reused, inputs,
        \(RunTotals.columns.joined(separator: ", "))
      FROM run_chunk WHERE \(condition)
      """)
    bind(statement)
    var chunks: [RunChunk] = []
    while try statement.step() {
      chunks.append(
        RunChunk(
          position: statement.int(0), pixel: try pixel(order: statement.int(1), index: statement.int64(2)),
          path: statement.text(3), bytes: try count(statement, 4, "a chunk"), fingerprint: statement.text(5),
          totals: try totals(statement, from: 12), cost: cost(statement, from: 6),
          inputs: statement.withBytes(11) { Array($0) }))
    }
    return chunks
  }

  private func cost(_ row: Statement, from column: Int) -> RunCost {
    RunCost(
      seconds: row.double(column), processorSeconds: row.optionalDouble(column + 1),
      peakBytes: row.isNull(column + 2) ? nil : row.int64(column + 2), host: row.optionalText(column + 3),
      isReused: row.int(column + 4) != 0)
  }

  /// Makes finished chunks known, whose files are in place.
  public func record(_ chunks: [RunChunk], of run: Int64) throws {
    try connection.transaction {
      try changing(chunks.map(\.position), of: run) {
        let marks = Array(repeating: "?", count: 22).joined(separator: ", ")
        let statement = try connection.prepare("INSERT INTO run_chunk VALUES (\(marks))")
        for chunk in chunks {
          bind(chunk, run, statement)
          try statement.run()
        }
      }
    }
  }

  private func changing(_ positions: [Int], of run: Int64, _ body: () throws -> Void) throws {
    try seals.changing(
      "run_chunk", of: .run, run, where: "position = ?2", keys: positions.map { [Int64($0)] }, body)
  }

  /// Forgets finished chunks, by their positions: they are to be computed again.
  public func forget(_ positions: [Int], of run: Int64) throws {
    try connection.transaction {
      try changing(positions, of: run) {
        let statement = try connection.prepare("DELETE FROM run_chunk WHERE run = ? AND position = ?")
        for position in positions {
          statement.bind(1, run)
          statement.bind(2, position)
          try statement.run()
        }
      }
    }
  }

  private func bind(_ chunk: RunChunk, _ run: Int64, _ statement: Statement) {
    statement.bind(1, run)
    statement.bind(2, chunk.position)
    statement.bind(3, chunk.pixel.order)
    statement.bind(4, chunk.pixel.index)
    statement.bind(5, chunk.path)
    statement.bind(6, chunk.bytes)
    statement.bind(7, chunk.fingerprint)
    statement.bind(8, chunk.totals.matches)
    statement.bind(9, chunk.totals.nonmatchesA)
    statement.bind(10, chunk.totals.nonmatchesB)
    statement.bind(11, chunk.totals.pairs)
    statement.bind(12, chunk.totals.islands)
    statement.bind(13, chunk.cost.seconds)
    statement.bind(14, chunk.cost.processorSeconds)
    statement.bind(15, chunk.cost.peakBytes)
    statement.bind(16, chunk.cost.host)
    statement.bind(17, chunk.cost.isReused ? 1 : 0)
    statement.bindBlob(18, copying: chunk.inputs)
    statement.bind(19, chunk.totals.negligiblePairs)
    statement.bind(20, chunk.totals.negligibleBoundPico)
    statement.bind(21, chunk.totals.rowidsA)
    statement.bind(22, chunk.totals.rowidsB)
  }

  /// What failed for good in the last attempt of a run.
  public func problems(of id: Int64) throws -> [RunProblem] {
    try sound(.run, id, ["run_problem"]) {
      try rows(
        "SELECT stage, position, \"order\", pixel, attempts, code, reason FROM run_problem WHERE run = ? ORDER BY 1, 2",
        id
      ) {
        RunProblem(
          stage: $0.text(0), position: $0.int(1), pixel: try pixel(order: $0.int(2), index: $0.int64(3)),
          attempts: $0.int(4), code: StoreError.Code(rawValue: $0.text(5)) ?? .system, reason: $0.text(6))
      }
    }
  }

  /// Records what failed for good.
  public func record(_ problem: RunProblem, of id: Int64) throws {
    try changingProblems(of: id) {
      try run("INSERT OR REPLACE INTO run_problem VALUES (?, ?, ?, ?, ?, ?, ?, ?)") {
        $0.bind(1, id)
        $0.bind(2, problem.stage)
        $0.bind(3, problem.position)
        $0.bind(4, problem.pixel.order)
        $0.bind(5, problem.pixel.index)
        $0.bind(6, problem.attempts)
        $0.bind(7, problem.code.rawValue)
        $0.bind(8, problem.reason)
      }
    }
  }

  /// A new attempt begins without the failures of the last one.
  public func forgetProblems(of id: Int64) throws {
    try changingProblems(of: id) { try run("DELETE FROM run_problem WHERE run = ?") { $0.bind(1, id) } }
  }

  private func changingProblems(of id: Int64, _ body: () throws -> Void) throws {
    try connection.transaction { try seals.changing("run_problem", of: .run, id, body) }
  }
}
