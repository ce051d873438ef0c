/// The registry of one database, through one connection.
public final class Registry {
  let connection: Connection
  let database: SkyDatabase
  private var checked: Set<String> = []

  init(_ connection: Connection, database: SkyDatabase) {
    self.connection = connection
    self.database = database
  }

  func isChecked(_ owner: RegistrySeals.Owner, _ id: Int64, _ table: String) -> Bool {
    checked.contains("\(table) \(id)")
  }

  func noteChecked(_ owner: RegistrySeals.Owner, _ id: Int64, _ table: String) { checked.insert("\(table) \(id)") }

  /// Names of the catalogues, sorted.
  /// - Throws: `StoreError.damaged` when the list is not the one that was written.
  public func catalogueNames() throws -> [String] {
    try connection.reading {
      try requireSoundList()
      return try listedNames()
    }
  }

  /// The names that the registry lists, whether or not it can be believed.
  public func listedNames() throws -> [String] { try strings("SELECT name FROM catalogue ORDER BY name") }

  /// Every catalogue must be listed, with its own generation.
  private func requireSoundList() throws {
    for generation in try numbers("SELECT generation FROM catalogue") {
      try requireSound(.generation, generation, ["generation", "catalogue"])
    }
    let unlisted = "SELECT id FROM generation WHERE NOT retired AND id NOT IN (SELECT generation FROM catalogue)"
    for generation in try numbers(unlisted) { try requireSound(.generation, generation, ["generation", "catalogue"]) }
  }

  /// What tells the current generation of every catalogue and its corrections from all others, by name of the catalogue.
  /// - Throws: `StoreError.damaged` when the list is not the one that was written.
  public func currentGenerations() throws -> [String: String] {
    try connection.reading {
      try requireSoundList()
      return try readCurrentGenerations()
    }
  }

  private func readCurrentGenerations() throws -> [String: String] {
    let statement = try connection.prepare(
      """
      SELECT c.name, g.id || ' ' || g.number || ' ' || g.created || ' ' || g.inputs_fingerprint || ' '
        || coalesce((SELECT max(r.id) FROM run r
          WHERE r.kind = 'corrections' AND r.generation_a = g.id AND r.finished IS NOT NULL), '')
      FROM catalogue c JOIN generation g ON g.id = c.generation
      """)
    var generations: [String: String] = [:]
    while try statement.step() { generations[statement.text(0)] = statement.text(1) }
    return generations
  }

  func strings(_ sql: String) throws -> [String] {
    let statement = try connection.prepare(sql)
    var values: [String] = []
    while try statement.step() { values.append(statement.text(0)) }
    return values
  }

  /// The current generation of a catalogue.
  /// - Throws: `StoreError.usage` that lists the catalogues there are.
  public func catalogue(_ name: String) throws -> CatalogueInfo {
    if let info = try findCatalogue(name) { return info }
    let names = try catalogueNames()
    let known = names.isEmpty ? "none yet; `xmdb ingest FILE` adds one" : names.joined(separator: ", ")
    throw StoreError(.usage, name, "there is no catalogue of this name in \(database.path); there are: \(known)")
  }

  /// The current generation of a catalogue, nil when there is none of that name.
  public func findCatalogue(_ name: String) throws -> CatalogueInfo? {
    // One transaction: a generation that is replaced meanwhile must not be seen without its parts.
    try connection.reading { try readCatalogue(name) }
  }

  private func readCatalogue(_ name: String) throws -> CatalogueInfo? {
    guard let generation = try currentGeneration(of: name) else { return nil }
    // The coverage map is checked when it is read.
    try requireSound(
      .generation, generation, RegistrySeals.Owner.generation.tables.map(\.name).filter { $0 != "coverage" })
    let statement = try connection.prepare(
      """
      SELECT id, number, created, program, inputs_fingerprint, options, input_rows, rows, problem_rows, duplicate_ids,
        null_ids, frame, epoch_yr, earliest_epoch_yr, latest_epoch_yr, largest_sigma_arcsec, largest_pm_mas_yr,
        largest_sigma_pm_mas_yr, known_motions, layout, problems_bytes, problems_fingerprint, folder
      FROM generation WHERE id = ?
      """)
    statement.bind(1, generation)
    guard try statement.step() else { return nil }
    guard let layout = NarrowLayout(text: statement.text(19)) else {
      throw StoreError(.damaged, name, "the registry describes an unknown narrow form '\(statement.text(19))'")
    }
    var info = CatalogueInfo(name: name, inputsFingerprint: statement.text(4), layout: layout)
    info.generation = statement.int64(0)
    info.number = statement.int(1)
    info.created = statement.text(2)
    info.program = statement.text(3)
    info.options = statement.text(5)
    info.inputRows = try count(statement, 6, name)
    info.rows = try count(statement, 7, name)
    info.problemRows = try count(statement, 8, name)
    info.duplicateIDs = try count(statement, 9, name)
    info.nullIDs = try count(statement, 10, name)
    info.frame = statement.text(11)
    info.epochYears = try finite(statement, 12, name)
    if let first = try finite(statement, 13, name), let last = try finite(statement, 14, name) {
      guard first <= last else {
        throw StoreError(.damaged, name, "has its earliest epoch after its latest in the registry")
      }
      info.epochRange = first...last
    }
    info.largestSigmaArcsec = try finite(statement, 15, name) ?? 0
    info.largestMotionMasPerYear = try finite(statement, 16, name) ?? 0
    info.largestSigmaMotionMasPerYear = try finite(statement, 17, name) ?? 0
    info.knownMotions = try count(statement, 18, name)
    if let fingerprint = statement.optionalText(21) {
      info.problemFile = (try count(statement, 20, name), fingerprint)
    }
    info.folder = statement.optionalText(22) ?? SkyDatabase.generationPath(catalogue: name, number: info.number)
    try readParts(of: &info)
    return info
  }

  /// - Throws: `StoreError.damaged` for a catalogue whose entry is gone although its generation is there.
  private func currentGeneration(of name: String) throws -> Int64? {
    let entry = try connection.prepare("SELECT generation FROM catalogue WHERE name = ?")
    entry.bind(1, name)
    if try entry.step() { return entry.int64(0) }
    let generation = try connection.prepare("SELECT id FROM generation WHERE catalogue = ? AND NOT retired")
    generation.bind(1, name)
    if try generation.step() {
      throw StoreError(
        .damaged, name, "is no longer listed in the registry, though its files are; ingest it again with --replace")
    }
    return nil
  }

  // MARK: Numbers

  /// More than any count of rows or bytes is.
  private static let largestCount: Int64 = 1 << 52

  /// A number of rows or bytes.
  /// - Throws: `StoreError.damaged` for a number that is none.
  func count(_ row: Statement, _ column: Int, _ subject: String) throws -> Int64 {
    let value = row.int64(column)
    guard (0...Self.largestCount).contains(value) else {
      throw StoreError(.damaged, subject, "has an impossible number \(value) in the registry; run `xmdb verify`")
    }
    return value
  }

  /// A finite number, or NULL.
  /// - Throws: `StoreError.damaged` for an infinite one.
  func finite(_ row: Statement, _ column: Int, _ subject: String) throws -> Double? {
    guard let value = row.optionalDouble(column) else { return nil }
    guard value.isFinite else {
      throw StoreError(.damaged, subject, "has an infinite number in the registry; run `xmdb verify`")
    }
    return value
  }
}
