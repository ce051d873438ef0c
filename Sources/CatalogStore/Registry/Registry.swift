/// The registry of one database, through one connection.
public final class Registry {
  let connection: Connection
  let database: SkyDatabase

  init(_ connection: Connection, database: SkyDatabase) {
    self.connection = connection
    self.database = database
  }

  /// Names of the catalogues, sorted.
  public func catalogueNames() throws -> [String] {
    try strings("SELECT name FROM catalogue ORDER BY name")
  }

  /// What tells the current generation of every catalogue from all others, by name of the catalogue.
  public func currentGenerations() throws -> [String: String] {
    let statement = try connection.prepare(
      """
      SELECT c.name, g.id || ' ' || g.number || ' ' || g.created || ' ' || g.inputs_fingerprint
      FROM catalogue c JOIN generation g ON g.id = c.generation
      """)
    var generations: [String: String] = [:]
    while try statement.step() { generations[statement.text(0)] = statement.text(1) }
    return generations
  }

  private func strings(_ sql: String) throws -> [String] {
    let statement = try connection.prepare(sql)
    var values: [String] = []
    while try statement.step() { values.append(statement.text(0)) }
    return values
  }

  /// Folders below the database that the registry names.
  func knownFolders() throws -> Set<String> {
    let generations = try strings(
      "SELECT 'catalogues/' || catalogue || '/' || number FROM generation WHERE NOT retired")
    let runs = try strings("SELECT 'runs/' || id FROM run")
    return Set(generations + runs)
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
    let statement = try connection.prepare(
      """
      SELECT id, number, created, program, inputs_fingerprint, options, input_rows, rows, problem_rows, duplicate_ids,
        null_ids, frame, epoch_yr, earliest_epoch_yr, latest_epoch_yr, largest_sigma_arcsec, largest_pm_mas_yr,
        largest_sigma_pm_mas_yr, known_motions, layout
      FROM generation WHERE id = (SELECT generation FROM catalogue WHERE name = ?)
      """)
    statement.bind(1, name)
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
    info.inputRows = statement.int64(6)
    info.rows = statement.int64(7)
    info.problemRows = statement.int64(8)
    info.duplicateIDs = statement.int64(9)
    info.nullIDs = statement.int64(10)
    info.frame = statement.text(11)
    info.epochYears = statement.optionalDouble(12)
    if let first = statement.optionalDouble(13), let last = statement.optionalDouble(14) {
      guard first <= last else {
        throw StoreError(.damaged, name, "has its earliest epoch after its latest in the registry")
      }
      info.epochRange = first...last
    }
    info.largestSigmaArcsec = statement.double(15)
    info.largestMotionMasPerYear = statement.double(16)
    info.largestSigmaMotionMasPerYear = statement.double(17)
    info.knownMotions = statement.int64(18)
    try readParts(of: &info)
    return info
  }
}
