public import Indexing

/// A piece of a run's work that failed for good in the last attempt.
public struct RunProblem: Sendable, Equatable {
  /// What was being done: counting, estimating, matching.
  public var stage: String
  /// Position of the unit or region along the curve.
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

/// The units of a run: planned, finished, failed.
extension Registry {
  /// Fixes the units of a run.
  public func plan(_ pixels: [HealpixPixel], of id: Int64) throws {
    let statement = try connection.prepare("INSERT INTO run_plan_unit VALUES (?, ?, ?, ?)")
    for (position, pixel) in pixels.enumerated() {
      statement.bind(1, id)
      statement.bind(2, position)
      statement.bind(3, pixel.order)
      statement.bind(4, pixel.index)
      try statement.run()
    }
  }

  /// The units that a run was cut into, along the curve; empty in runs of older programs.
  public func plannedPixels(of id: Int64) throws -> [HealpixPixel] {
    try sound(.run, id, ["run_plan_unit"]) {
      try rows("SELECT \"order\", pixel FROM run_plan_unit WHERE run = ? ORDER BY position", id) {
        try pixel(order: $0.int(0), index: $0.int64(1))
      }
    }
  }

  /// The finished units of a run, along the curve.
  public func units(of run: Int64) throws -> [RunUnit] {
    try sound(.run, run, ["run_unit"]) { try units("run = ? ORDER BY position") { $0.bind(1, run) } }
  }

  /// The finished unit of a run whose pixel is this one.
  public func unit(of run: Int64, pixel: HealpixPixel) throws -> RunUnit? {
    try sound(.run, run, ["run_unit"]) {
      try units("run = ? AND \"order\" = ? AND pixel = ?") {
        $0.bind(1, run)
        $0.bind(2, pixel.order)
        $0.bind(3, pixel.index)
      }.first
    }
  }

  private func units(_ condition: String, bind: (Statement) -> Void) throws -> [RunUnit] {
    let statement = try connection.prepare(
      """
      SELECT position, "order", pixel, path, bytes, fingerprint, seconds, cpu_seconds, peak_bytes, host, reused, inputs,
        \(RunTotals.columns.joined(separator: ", "))
      FROM run_unit WHERE \(condition)
      """)
    bind(statement)
    var units: [RunUnit] = []
    while try statement.step() {
      units.append(
        RunUnit(
          position: statement.int(0), pixel: try pixel(order: statement.int(1), index: statement.int64(2)),
          path: statement.text(3), bytes: try count(statement, 4, "a unit"), fingerprint: statement.text(5),
          totals: try totals(statement, from: 12), cost: cost(statement, from: 6),
          inputs: statement.withBytes(11) { Array($0) }))
    }
    return units
  }

  private func cost(_ row: Statement, from column: Int) -> RunCost {
    RunCost(
      seconds: row.double(column), processorSeconds: row.optionalDouble(column + 1),
      peakBytes: row.isNull(column + 2) ? nil : row.int64(column + 2), host: row.optionalText(column + 3),
      isReused: row.int(column + 4) != 0)
  }

  /// Makes finished units known, whose files are in place.
  public func record(_ units: [RunUnit], of run: Int64) throws {
    try connection.transaction {
      try changing(units.map(\.position), of: run) {
        let marks = Array(repeating: "?", count: 22).joined(separator: ", ")
        let statement = try connection.prepare("INSERT INTO run_unit VALUES (\(marks))")
        for unit in units {
          bind(unit, run, statement)
          try statement.run()
        }
      }
    }
  }

  private func changing(_ positions: [Int], of run: Int64, _ body: () throws -> Void) throws {
    try seals.changing(
      "run_unit", of: .run, run, where: "position = ?2", keys: positions.map { [Int64($0)] }, body)
  }

  /// Forgets finished units, by their positions: they are to be computed again.
  public func forget(_ positions: [Int], of run: Int64) throws {
    try connection.transaction {
      try changing(positions, of: run) {
        let statement = try connection.prepare("DELETE FROM run_unit WHERE run = ? AND position = ?")
        for position in positions {
          statement.bind(1, run)
          statement.bind(2, position)
          try statement.run()
        }
      }
    }
  }

  private func bind(_ unit: RunUnit, _ run: Int64, _ statement: Statement) {
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
    statement.bind(13, unit.cost.seconds)
    statement.bind(14, unit.cost.processorSeconds)
    statement.bind(15, unit.cost.peakBytes)
    statement.bind(16, unit.cost.host)
    statement.bind(17, unit.cost.isReused ? 1 : 0)
    statement.bindBlob(18, copying: unit.inputs)
    statement.bind(19, unit.totals.negligiblePairs)
    statement.bind(20, unit.totals.negligibleBoundPico)
    statement.bind(21, unit.totals.rowidsA)
    statement.bind(22, unit.totals.rowidsB)
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
