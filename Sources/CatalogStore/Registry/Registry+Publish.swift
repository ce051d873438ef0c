/// Making a finished generation known.
extension Registry {
  /// The number that the next generation of a catalogue gets: one that no folder of it has had.
  public func nextNumber(of catalogue: String) throws -> Int {
    let statement = try connection.prepare("SELECT coalesce(max(number), 0) FROM generation WHERE catalogue = ?")
    statement.bind(1, catalogue)
    let highest = try statement.step() ? statement.int64(0) : 0
    return Int(
      try nextNumber(above: highest, in: FileSystem.parent(SkyDatabase.generationPath(catalogue: catalogue, number: 1)))
    )
  }

  /// Records a generation whose files are in place and makes it the current one, in one transaction. Older generations
  /// of the catalogue are forgotten; their files go with `removeLeftovers`. Finished runs that used them are no longer
  /// shown, but the next run with the same configuration takes over what has not changed.
  public func publish(_ info: CatalogueInfo, coverage: CoverageMap) throws {
    try connection.transaction {
      let generation = try insertGeneration(info)
      try clearLeftovers(.generation, generation)
      try insertParts(info, generation)
      try insertCoverage(coverage, generation)
      try insertMagnitudes(info, generation)
      try recordMedianEpoch(info.medianEpochYears, of: generation)
      try recordPSF(info.psf, of: generation)
      let others = try numbers(
        "SELECT id FROM generation WHERE catalogue = ?1 UNION SELECT generation FROM catalogue WHERE name = ?1"
      ) { $0.bind(1, info.name) }.filter { $0 != generation }
      try run("INSERT INTO catalogue VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET generation = ?2") {
        $0.bind(1, info.name)
        $0.bind(2, generation)
      }
      try seals.seal(.generation, generation)
      for other in others { try retire(other) }
      try forgetUnusedGenerations()
      try forget(leftover: info.folder)
    }
  }

  /// What a replaced generation said is forgotten, whether or not it was damaged; runs to take over from need its number.
  private func retire(_ generation: Int64) throws {
    for table in ["catalogue", "column", "role", "input_file", "shard", "problem", "coverage", "magnitude_count"] {
      try run("DELETE FROM \"\(table)\" WHERE generation = ?") { $0.bind(1, generation) }
    }
    try forgetRuns("(finished IS NULL OR kind = 'corrections') AND (generation_a = ?1 OR generation_b = ?1)") {
      $0.bind(1, generation)
    }
    // What is damaged, or of a program that had no seals, is nothing to take over from.
    let runs = try numbers("SELECT id FROM run WHERE generation_a = ?1 OR generation_b = ?1") { $0.bind(1, generation) }
    for run in runs where try seals.finding(.run, run, seals.tables(.run)) != nil {
      try forgetRuns("id = ?") { $0.bind(1, run) }
    }
    try run("UPDATE generation SET retired = 1 WHERE id = ?") { $0.bind(1, generation) }
    try seals.seal(.generation, generation)
  }

  /// The integers that a statement gives.
  func numbers(_ sql: String, bind: (Statement) -> Void = { _ in }) throws -> [Int64] {
    let statement = try connection.prepare(sql)
    bind(statement)
    var numbers: [Int64] = []
    while try statement.step() { numbers.append(statement.int64(0)) }
    return numbers
  }

  private func insertGeneration(_ info: CatalogueInfo) throws -> Int64 {
    try run(
      """
      INSERT INTO generation (catalogue, number, created, program, inputs_fingerprint, options, input_rows, rows,
        problem_rows, duplicate_ids, null_ids, frame, epoch_yr, earliest_epoch_yr, latest_epoch_yr, largest_sigma_arcsec,
        largest_pm_mas_yr, largest_sigma_pm_mas_yr, known_motions, layout, problems_bytes, problems_fingerprint,
        folder)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    ) {
      $0.bind(1, info.name)
      $0.bind(2, info.number)
      $0.bind(3, info.created)
      $0.bind(4, info.program)
      $0.bind(5, info.inputsFingerprint)
      $0.bind(6, info.options)
      $0.bind(7, info.inputRows)
      $0.bind(8, info.rows)
      $0.bind(9, info.problemRows)
      $0.bind(10, info.duplicateIDs)
      $0.bind(11, info.nullIDs)
      $0.bind(12, info.frame)
      $0.bind(13, info.epochYears)
      $0.bind(14, info.epochRange?.lowerBound)
      $0.bind(15, info.epochRange?.upperBound)
      $0.bind(16, info.largestSigmaArcsec)
      $0.bind(17, info.largestMotionMasPerYear)
      $0.bind(18, info.largestSigmaMotionMasPerYear)
      $0.bind(19, info.knownMotions)
      $0.bind(20, info.layout.text)
      $0.bind(21, info.problemFile?.bytes)
      $0.bind(22, info.problemFile?.fingerprint)
      $0.bind(23, info.folder)
    }
    return connection.lastInsertRowID
  }

  private func insertParts(_ info: CatalogueInfo, _ generation: Int64) throws {
    try insert("\"column\"", 8, info.columns, generation) { statement, column in
      statement.bind(3, column.name)
      statement.bind(4, column.sourceName)
      statement.bind(5, column.type)
      statement.bind(6, column.unit)
      statement.bind(7, column.ucd)
      statement.bind(8, column.description)
    }
    try insert("role", 7, info.roles, generation) { statement, role in
      statement.bind(3, role.role)
      statement.bind(4, role.column)
      statement.bind(5, role.constant)
      statement.bind(6, role.unit)
      statement.bind(7, role.reason)
    }
    try insert("input_file", 6, info.inputs, generation) { statement, file in
      statement.bind(3, file.path)
      statement.bind(4, file.bytes)
      statement.bind(5, file.rows)
      statement.bind(6, file.fingerprint)
    }
    try insert("shard", 10, info.shards, generation) { statement, shard in
      statement.bind(2, shard.firstRowid)
      statement.bind(3, shard.rows)
      statement.bind(4, shard.pixel.order)
      statement.bind(5, shard.pixel.index)
      statement.bind(6, shard.path)
      statement.bind(7, shard.bytes)
      statement.bind(8, shard.fingerprint)
      statement.bind(9, shard.smallestID)
      statement.bind(10, shard.largestID)
    }
    for problem in info.problems {
      try run("INSERT INTO problem VALUES (?, ?, ?)") {
        $0.bind(1, generation)
        $0.bind(2, problem.reason)
        $0.bind(3, problem.rows)
      }
    }
  }

  /// Inserts the rows of a list; parameters 1 and 2 are generation and position, unless `bind` sets 2 itself.
  private func insert<Row>(
    _ table: String, _ parameters: Int, _ rows: [Row], _ generation: Int64, _ bind: (Statement, Row) -> Void
  ) throws {
    let marks = Array(repeating: "?", count: parameters).joined(separator: ", ")
    let statement = try connection.prepare("INSERT INTO \(table) VALUES (\(marks))")
    for (position, row) in rows.enumerated() {
      statement.bind(1, generation)
      statement.bind(2, position)
      bind(statement, row)
      try statement.run()
    }
  }

  private func insertMagnitudes(_ info: CatalogueInfo, _ generation: Int64) throws {
    for (band, histogram) in info.magnitudes.enumerated() {
      for (index, sources) in histogram.counts.enumerated() where sources > 0 {
        try run("INSERT INTO magnitude_count VALUES (?, ?, ?, ?)") {
          $0.bind(1, generation)
          $0.bind(2, band)
          $0.bind(3, histogram.firstBin + index)
          $0.bind(4, sources)
        }
      }
    }
  }

  private func insertCoverage(_ coverage: CoverageMap, _ generation: Int64) throws {
    try run("INSERT INTO coverage VALUES (?, ?, ?)") {
      $0.bind(1, generation)
      $0.bind(2, coverage.areaDegrees2)
      $0.bindBlob(3, copying: coverage.stored)
    }
  }

  /// Runs one statement with its parameters bound.
  func run(_ sql: String, bind: (Statement) -> Void) throws {
    let statement = try connection.prepare(sql)
    bind(statement)
    try statement.run()
  }
}
