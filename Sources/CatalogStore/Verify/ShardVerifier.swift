internal import Indexing

/// Checks one shard: every page of the file, the wide rows, the narrow form, and that the two say the same.
struct ShardVerifier {
  let file: SealedFile
  let info: CatalogueInfo
  let shard: ShardInfo

  func verify(remedy: String) throws -> FileFindings {
    try FileVerifier.findings(file.path, remedy: remedy) { findings in
      try file.check()
      if let finding = try contentFinding() {
        findings.damages.append(Damage(file.path, finding, remedy: remedy))
      }
      findings.rows = shard.rows
    }
  }

  /// The first thing wrong with the contents.
  private func contentFinding() throws -> String? {
    let connection = try ShardReader.open(file)
    if let finding = try FileVerifier.integrityFinding(connection) { return finding }
    var narrow = SourceColumns(layout: info.layout)
    try ShardReader(connection, layout: info.layout).read(.wholeSky, into: &narrow)
    return try narrowFinding(narrow) ?? densityFinding(narrow) ?? wideFinding(connection, narrow)
      ?? idRangeFinding(connection)
  }

  /// Rowids follow one another, indices do not fall, lie in the pixel and are those of the positions.
  private func narrowFinding(_ sources: SourceColumns) -> String? {
    if sources.count != shard.rows { return "the narrow form has \(sources.count) sources, expected \(shard.rows)" }
    let range = shard.pixel.range29
    let (ra, dec) = (sources.raDegrees, sources.decDegrees)
    for index in 0..<sources.count {
      let healpix29 = sources.healpix29[index]
      let rowid = shard.firstRowid + Int64(index)
      if sources.rowid[index] != rowid { return "rowid \(sources.rowid[index]) stands where \(rowid) should" }
      if index > 0 && healpix29 < sources.healpix29[index - 1] { return "the source of rowid \(rowid) is out of order" }
      if !range.contains(healpix29) { return "the source of rowid \(rowid) lies outside the shard's pixel" }
      if SkyPosition(raDegrees: ra[index], decDegrees: dec[index]) == nil {
        return "the source of rowid \(rowid) has no position"
      }
      if Healpix29.index(raDegrees: ra[index], decDegrees: dec[index]) != healpix29 {
        return "the source of rowid \(rowid) has the index of another position"
      }
    }
    return nil
  }

  /// Densities follow from the indices; those that rest on other shards, too, must be possible.
  private func densityFinding(_ sources: SourceColumns) -> String? {
    guard let densities = sources[.density] else { return nil }
    let isLast = shard.firstRowid + shard.rows == info.rows
    let first = shard.firstRowid == 0 ? 0 : min(PixelDensity.reach, sources.count)
    let known = first..<max(first, isLast ? sources.count : sources.count - PixelDensity.reach)
    let expected = PixelDensity.perDegree2(
      of: known, among: sources.healpix29, total: Int(info.rows))
    for (index, density) in densities.enumerated() {
      let isRight =
        known.contains(index) ? Float(density) == Float(expected[index - first]) : density > 0 && density.isFinite
      if !isRight { return "the source of rowid \(shard.firstRowid + Int64(index)) has the density of another place" }
    }
    return nil
  }

  /// The wide rows are the same sources in the same order.
  private func wideFinding(_ connection: Connection, _ narrow: SourceColumns) throws -> String? {
    let id = info.column(role: "id").map(SQLText.identifier) ?? "NULL"
    let statement = try connection.prepare("SELECT xm_rowid, xm_healpix29, \(id) FROM source ORDER BY xm_rowid")
    var index = 0
    while try statement.step() {
      let rowid = statement.int64(0)
      guard index < narrow.count, rowid == narrow.rowid[index], statement.int64(1) == narrow.healpix29[index] else {
        return "the wide row of rowid \(rowid) differs from the narrow form"
      }
      if hasOtherID(statement, narrow.ids.id(at: index)) { return "the wide row of rowid \(rowid) has another id" }
      index += 1
    }
    return index == narrow.count ? nil : "there are \(index) wide rows, expected \(narrow.count)"
  }

  /// Whether the ids differ; a number that the narrow form holds as text is not compared.
  private func hasOtherID(_ row: Statement, _ narrow: SourceID) -> Bool {
    switch (row.sourceID(2), narrow) {
    case (.integer, .text), (.text, .integer): false
    case (.text, .text) where row.type(2) != .text: false
    case (let wide, let narrow): info.layout.id != .none && wide != narrow
    }
  }

  /// The registry's smallest and largest id steer look-ups.
  private func idRangeFinding(_ connection: Connection) throws -> String? {
    guard let id = info.column(role: "id").map(SQLText.identifier) else { return nil }
    let statement = try connection.prepare("SELECT (SELECT min(\(id)) FROM source), (SELECT max(\(id)) FROM source)")
    guard try statement.step(), statement.sourceID(0) == shard.smallestID, statement.sourceID(1) == shard.largestID
    else {
      return "the registry holds another smallest or largest id"
    }
    return nil
  }
}
