/// Forgetting catalogues and runs, and giving catalogues other names. Each is one transaction; files become leftovers in it, and
/// are removed after it, by this process or by the next that writes.
extension Registry {
  /// Forgets runs and catalogues.
  /// - Parameter withRuns: Forget the runs of the catalogues, too.
  /// - Throws: `StoreError.usage` when a catalogue or run is not there, or a catalogue has runs and they are to stay.
  public func drop(catalogues: [String], runs: [Int64], withRuns: Bool) throws {
    try connection.transaction {
      for run in runs { try dropRun(run) }
      for name in catalogues {
        if try findCatalogueRow(name) == nil { throw try noCatalogue(name) }
        let left = try self.runs(of: name)
        if !left.isEmpty && !withRuns { throw Self.inUse(name, by: left) }
        try dropCatalogue(name)
      }
      try forgetUnusedGenerations()
    }
  }

  /// The runs of a catalogue as it is now, newest first.
  public func runs(of catalogue: String) throws -> [Int64] {
    try allRuns().filter { $0.catalogueA == catalogue || $0.catalogueB == catalogue }.map(\.id)
  }

  /// The refusal of a catalogue that runs use.
  public static func inUse(_ name: String, by runs: [Int64]) -> StoreError {
    let list = runs.reversed().map(String.init).joined(separator: ", ")
    return StoreError(
      .usage, name,
      "is used by run\(runs.count == 1 ? "" : "s") \(list); drop \(runs.count == 1 ? "it" : "them") first, or give --with-runs"
    )
  }

  private func dropRun(_ id: Int64) throws {
    guard try allRuns().contains(where: { $0.id == id }) else {
      let known = try allRuns().reversed().map { String($0.id) }.joined(separator: ", ")
      throw StoreError(.usage, "run \(id)", "is not there; there are: \(known.isEmpty ? "none" : known)")
    }
    try forgetRuns("id = ?") { $0.bind(1, id) }
  }

  /// With the runs of earlier generations, which nobody sees any more.
  private func dropCatalogue(_ name: String) throws {
    try forgetRuns("catalogue_a = ?1 OR catalogue_b = ?1") { $0.bind(1, name) }
    let generations = try numbers("SELECT id FROM generation WHERE catalogue = ?") { $0.bind(1, name) }
    for sql in ["DELETE FROM catalogue WHERE name = ?", "DELETE FROM generation WHERE catalogue = ?"] {
      try run(sql) { $0.bind(1, name) }
    }
    try seals.forget(.generation, generations)
  }

  private func noCatalogue(_ name: String) throws -> StoreError {
    let known = try catalogueNames().joined(separator: ", ")
    return StoreError(
      .usage, name,
      "there is no catalogue of this name in \(database.path); there are: \(known.isEmpty ? "none" : known)")
  }

  private func findCatalogueRow(_ name: String) throws -> Int64? {
    let statement = try connection.prepare("SELECT generation FROM catalogue WHERE name = ?")
    statement.bind(1, name)
    return try statement.step() ? statement.int64(0) : nil
  }
}

extension Registry {
  /// Gives a catalogue another name. Its folder keeps its name. Its runs stay, and the same match finds them again: the
  /// fingerprint of a run holds the contents of its catalogues, not their names.
  /// - Throws: `StoreError.usage` when there is no such catalogue, or one that has the new name.
  public func rename(_ old: String, to new: String) throws {
    try connection.transaction {
      guard try findCatalogueRow(old) != nil else { throw try noCatalogue(old) }
      let taken = try catalogueNames().first { $0.lowercased() == new.lowercased() && $0 != old }
      if let taken {
        throw StoreError(
          .usage, new, "is the name of a catalogue already (\(taken)); choose another, or `xmdb drop \(taken)` first")
      }
      let owners = try soundOwners(of: old)
      for sql in [
        "UPDATE run SET catalogue_a = ?2 WHERE catalogue_a = ?1",
        "UPDATE run SET catalogue_b = ?2 WHERE catalogue_b = ?1",
        "UPDATE generation SET catalogue = ?2 WHERE catalogue = ?1", "UPDATE catalogue SET name = ?2 WHERE name = ?1",
      ] {
        try run(sql) {
          $0.bind(1, old)
          $0.bind(2, new)
        }
      }
      for (owner, id) in owners { try seals.seal(owner, id) }
    }
  }

  /// What names a catalogue, and will be sealed anew.
  /// - Throws: `StoreError.damaged` when it is not what was written: a new seal would hide that.
  private func soundOwners(of catalogue: String) throws -> [(RegistrySeals.Owner, Int64)] {
    let generations = try numbers("SELECT id FROM generation WHERE catalogue = ?") { $0.bind(1, catalogue) }
    let runs = try numbers("SELECT id FROM run WHERE catalogue_a = ?1 OR catalogue_b = ?1") { $0.bind(1, catalogue) }
    let owners =
      generations.map { (RegistrySeals.Owner.generation, $0) } + runs.map { (RegistrySeals.Owner.run, $0) }
    for (owner, id) in owners where try seals.finding(owner, id, seals.tables(owner)) != nil {
      throw StoreError(.damaged, catalogue, "is not described as it was written; run `xmdb verify` and mend that first")
    }
    return owners
  }
}
