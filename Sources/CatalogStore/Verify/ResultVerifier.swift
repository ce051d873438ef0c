/// Checks the results of one chunk: every page of the file, its counts, and which sources it names.
struct ResultVerifier {
  let file: SealedFile
  let chunk: RunChunk

  /// - Returns: What was found, and the rowids of all sources in matches and non-matches.
  func verify(remedy: String) throws -> (FileFindings, rowids: (a: [Int64], b: [Int64])) {
    var rowids: (a: [Int64], b: [Int64]) = ([], [])
    let findings = try FileVerifier.findings(file.path, remedy: remedy) { findings in
      try file.check()
      if let finding = try contentFinding(&rowids) {
        findings.damages.append(Damage(file.path, finding, remedy: remedy))
      }
      findings.rows = chunk.totals.matches + chunk.totals.nonmatchesA + chunk.totals.nonmatchesB + chunk.totals.pairs
    }
    return (findings, rowids)
  }

  private func contentFinding(_ rowids: inout (a: [Int64], b: [Int64])) throws -> String? {
    let connection = try file.open()
    try ResultReader.checkIsResult(connection)
    if let finding = try FileVerifier.integrityFinding(connection) { return finding }
    let matches = try connection.prepare("SELECT a_rowid, b_rowid FROM matches")
    while try matches.step() {
      rowids.a.append(matches.int64(0))
      rowids.b.append(matches.int64(1))
    }
    let nonmatches = try connection.prepare("SELECT side = 'a', xm_rowid FROM nonmatches")
    while try nonmatches.step() {
      if nonmatches.int(0) != 0 { rowids.a.append(nonmatches.int64(1)) } else { rowids.b.append(nonmatches.int64(1)) }
    }
    return try countFinding(connection)
  }

  private func countFinding(_ connection: Connection) throws -> String? {
    let totals = chunk.totals
    for (name, sql, expected) in [
      ("matches", "SELECT count(*) FROM matches", totals.matches),
      ("non-matches of a", "SELECT count(*) FROM nonmatches WHERE side = 'a'", totals.nonmatchesA),
      ("non-matches of b", "SELECT count(*) FROM nonmatches WHERE side = 'b'", totals.nonmatchesB),
      ("pairs", "SELECT count(*) FROM pairs", totals.pairs),
      ("matched pairs", "SELECT count(*) FROM pairs WHERE matched", totals.matches),
    ] {
      let statement = try connection.prepare(sql)
      let found = try statement.step() ? statement.int64(0) : 0
      if found != expected { return "has \(found) \(name), expected \(expected)" }
    }
    return nil
  }
}
