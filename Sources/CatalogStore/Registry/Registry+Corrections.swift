/// What a run is.
public enum RunKind: String, Sendable, CaseIterable {
  /// The match of two catalogues.
  case match
  /// The corrections of the errors of the first catalogue by the second.
  case corrections
}

extension Registry {
  /// The finished corrections of a catalogue as it is now; nil if there are none.
  /// - Throws: `StoreError.damaged` when they are not what was written; other runs do not matter.
  public func corrections(of catalogue: String) throws -> RunInfo? {
    let newest = """
      SELECT id FROM run WHERE kind = 'corrections' AND catalogue_a = ? AND finished IS NOT NULL AND \(Self.isCurrent)
      ORDER BY id DESC LIMIT 1
      """
    guard let id = try numbers(newest, bind: { $0.bind(1, catalogue) }).first else { return nil }
    return try sound(.run, id, ["run"]) { try describedRuns("WHERE id = ?") { $0.bind(1, id) } }.first
  }

  /// Makes corrections known, in place of all others of the same catalogue.
  public func finishCorrections(_ id: Int64, now: String) throws {
    try connection.transaction {
      try seals.changing("run", of: .run, id) {
        try run("UPDATE run SET finished = ?1 WHERE id = ?2") {
          $0.bind(1, now)
          $0.bind(2, id)
        }
      }
      try forgetRuns(
        "id <> ?1 AND kind = 'corrections' AND catalogue_a = (SELECT catalogue_a FROM run WHERE id = ?1)"
      ) { $0.bind(1, id) }
      try forgetUnusedGenerations()
    }
  }

  /// Forgets all corrections of a catalogue, unfinished ones too.
  /// - Returns: How many there were.
  public func forgetCorrections(of catalogue: String) throws -> Int {
    try connection.transaction {
      let condition = "kind = 'corrections' AND catalogue_a = ?1"
      let known = try numbers("SELECT id FROM run WHERE \(condition)") { $0.bind(1, catalogue) }
      try forgetRuns(condition) { $0.bind(1, catalogue) }
      try forgetUnusedGenerations()
      return known.count
    }
  }
}
