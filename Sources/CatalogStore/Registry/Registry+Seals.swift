/// Believing only rows that are what was written.
extension Registry {
  /// Seals of the rows.
  var seals: RegistrySeals { RegistrySeals(connection: connection) }

  /// Runs `body`, which reads rows of an owner, after their seals have been checked, in one transaction.
  ///
  /// Rows are checked once for each `Registry`.
  /// - Throws: `StoreError.damaged` for rows that have changed.
  func sound<Result>(
    _ owner: RegistrySeals.Owner, _ id: Int64, _ tables: [String], _ body: () throws -> Result
  ) throws -> Result {
    try connection.reading {
      try requireSound(owner, id, tables)
      return try body()
    }
  }

  /// - Throws: `StoreError.damaged` for rows that have changed.
  func requireSound(_ owner: RegistrySeals.Owner, _ id: Int64, _ tables: [String]) throws {
    let unchecked = tables.filter { !isChecked(owner, id, $0) }
    if unchecked.isEmpty { return }
    if let finding = try seals.finding(owner, id, unchecked) { throw try damage(owner, id, finding) }
    for table in unchecked { noteChecked(owner, id, table) }
  }

  /// The error for rows of an owner that cannot be believed.
  private func damage(_ owner: RegistrySeals.Owner, _ id: Int64, _ finding: String) throws -> StoreError {
    switch owner {
    case .generation:
      StoreError(
        .damaged, try name(ofGeneration: id),
        finding + "; run `xmdb verify`, then ingest the catalogue again with --replace")
    case .run: StoreError(.damaged, "run \(id)", finding + "; run `xmdb verify`, then match again with --redo")
    }
  }

  private func name(ofGeneration id: Int64) throws -> String {
    let statement = try connection.prepare(
      """
      SELECT coalesce((SELECT name FROM catalogue WHERE generation = ?1), (SELECT catalogue FROM generation WHERE id = ?1))
      """)
    statement.bind(1, id)
    return try statement.step() ? statement.optionalText(0) ?? "generation \(id)" : "generation \(id)"
  }

  /// Everything in the registry that is not what was written: the owner, and the finding.
  func unsoundOwners() throws -> [(owner: RegistrySeals.Owner, id: Int64, error: StoreError)] {
    try connection.reading {
      var found: [(owner: RegistrySeals.Owner, id: Int64, error: StoreError)] = []
      for owner in RegistrySeals.Owner.allCases {
        for id in try seals.ids(owner) {
          if let finding = try seals.finding(owner, id, owner.tables.map(\.name)) {
            found.append((owner, id, try damage(owner, id, finding)))
          }
        }
      }
      return found
    }
  }

  /// Removes what an owner of the same number has left, whose own row is gone: inside the transaction that makes the new one.
  func clearLeftovers(_ owner: RegistrySeals.Owner, _ id: Int64) throws {
    for (table, key) in owner.tables.dropFirst() {
      try run("DELETE FROM \(SQLText.identifier(table)) WHERE \(key) = ?") { $0.bind(1, id) }
    }
    try seals.forget(owner, [id])
  }

  /// Whether the rows that name folders are what was written: if not, nothing may be cleared away.
  func namesFoldersSoundly() throws -> Bool {
    try connection.reading {
      for owner in RegistrySeals.Owner.allCases {
        for id in try seals.ids(owner) where try seals.finding(owner, id, [owner.rawValue]) != nil { return false }
      }
      return true
    }
  }

  /// Takes the rows of an owner for what was written, as they are: for tests of what a defect of a writer would leave behind.
  package func sealAgain() throws {
    try connection.transaction {
      for owner in RegistrySeals.Owner.allCases {
        for id in try seals.ids(owner) { try seals.seal(owner, id) }
      }
    }
  }
}
