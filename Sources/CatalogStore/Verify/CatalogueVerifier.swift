internal import Indexing

/// Checks that concern a catalogue as a whole: do the registry's own numbers add up?
struct CatalogueVerifier {
  let database: SkyDatabase
  let info: CatalogueInfo

  /// How to make the catalogue anew.
  var remedy: String { "ingest it again: \(info.ingestCommand)" }

  private func damage(_ finding: String) -> Damage { Damage(info.name, finding, remedy: remedy) }

  /// Sums and the order of the shards.
  var registryDamages: [Damage] {
    var damages: [Damage] = []
    if info.inputRows != info.rows + info.problemRows {
      damages.append(
        damage(
          "the ledger does not close: \(info.inputRows) rows ≠ \(info.rows) sources + \(info.problemRows) kept aside"))
    }
    let problems = info.problems.reduce(0) { $0 + $1.rows }
    if problems != info.problemRows {
      damages.append(damage("the reasons account for \(problems) of \(info.problemRows) rows kept aside"))
    }
    return damages + shardOrderDamages
  }

  /// Rowids must follow one another from 0, pixels along the curve without overlap.
  private var shardOrderDamages: [Damage] {
    var (rowid, healpix29): (Int64, Int64) = (0, 0)
    for shard in info.shards {
      let range = shard.pixel.range29
      if shard.firstRowid != rowid || range.lowerBound < healpix29 {
        return [
          damage(
            "the shard \(shard.path) does not follow the one before it (first rowid \(shard.firstRowid), expected \(rowid))"
          )
        ]
      }
      rowid += shard.rows
      healpix29 = range.upperBound
    }
    return rowid == info.rows ? [] : [damage("the shards hold \(rowid) sources, \(info.rows) were ingested")]
  }

  /// The coverage map must count every source once.
  func damages(of coverage: CoverageMap) -> [Damage] {
    var damages: [Damage] = []
    let counted = coverage.nodes.reduce(0) { $0 + $1.count }
    if counted != info.rows {
      damages.append(damage("the coverage map counts \(counted) sources, there are \(info.rows)"))
    }
    let isOrdered = zip(coverage.nodes, coverage.nodes.dropFirst()).allSatisfy {
      $0.pixel.range29.upperBound <= $1.pixel.range29.lowerBound
    }
    if !isOrdered { damages.append(damage("the coverage map is not in order")) }
    if !coverage.nodes.allSatisfy({ $0.count > 0 && $0.fraction >= 0 && $0.fraction <= 1 }) {
      damages.append(damage("the coverage map holds an impossible count or fraction"))
    }
    return damages
  }

  /// The rows kept aside must be there, as many for each reason as the registry says.
  func problemFileDamages() throws -> [Damage] {
    guard let file = info.problemFile(in: database) else {
      return info.problemRows == 0 ? [] : [damage("the registry names no file of the rows kept aside")]
    }
    let path = file.path
    return try FileVerifier.findings(path, remedy: remedy) { findings in
      try file.check()
      let connection = try file.open()
      if let finding = try FileVerifier.integrityFinding(connection) {
        findings.damages.append(Damage(path, finding, remedy: remedy))
      }
      var counts: [String: Int64] = [:]
      let statement = try connection.prepare("SELECT xm_reason, count(*) FROM problem GROUP BY xm_reason")
      while try statement.step() { counts[statement.text(0)] = statement.int64(1) }
      let expected = Dictionary(info.problems.map { ($0.reason, $0.rows) }) { $0 + $1 }
      if counts != expected {
        findings.damages.append(Damage(path, "holds other rows than the registry counts", remedy: remedy))
      }
    }.damages
  }
}
