import CatalogStore
import Indexing
import MatchRun

/// The contents of a sky database as one connection saw them when it last looked.
final class SkyContents {
  let database: SkyDatabase
  /// Of the registry then; nil if it vanished in between.
  let stamp: RegistryStamp?
  let registry: Registry
  /// The catalogues, each with what tells its current generation from all others.
  let names: [String: String]
  private var catalogues: [String: CatalogueFiles] = [:]
  private var matches: [CataloguePair: LiveMatch] = [:]
  /// By the number of their run.
  private var blends: [Int64: MatchBlends] = [:]
  private var liveBlends: [CataloguePair: MatchBlends] = [:]
  private var uncertainties: [String: CatalogueUncertainties] = [:]

  private var chunks: [Int64: [RunChunk]] = [:]
  private var runMeasurements: [Int64: RunMeasurement] = [:]
  private var measurements: [CataloguePair: RunMeasurement] = [:]

  private struct CataloguePair: Hashable {
    let a: String
    let b: String
  }

  /// Reads what there is. Open files of catalogues that have not changed since `old` are kept.
  init(database: SkyDatabase, replacing old: SkyContents?) throws {
    self.database = database
    // The stamp first: a change in between is then seen as one the next time.
    registry = try database.registry()
    stamp = registry.stamp()
    names = try registry.currentGenerations()
    if let old, old.database.path == database.path {
      catalogues = old.catalogues.filter { names[$0.key] == old.names[$0.key] }
      matches = old.matches.filter { catalogues[$0.key.a] != nil && catalogues[$0.key.b] != nil }
      liveBlends = old.liveBlends.filter { matches[$0.key] != nil }
    }
  }

  /// The name of the catalogue that is meant: as the name of a table, in any case.
  func name(_ given: String) -> String? {
    if names[given] != nil { return given }
    let key = given.lowercased()
    return names.keys.first { $0.lowercased() == key }
  }

  /// The files of a catalogue.
  /// - Throws: `StoreError.usage` that lists the catalogues there are.
  func catalogue(_ name: String) throws -> CatalogueFiles {
    if let files = catalogues[name] { return files }
    let files = CatalogueFiles(database: database, info: try registry.catalogue(name))
    catalogues[name] = files
    return files
  }

  /// The match of two catalogues with the default configuration.
  func match(_ a: String, _ b: String) throws -> LiveMatch {
    let pair = CataloguePair(a: a, b: b)
    if let match = matches[pair] { return match }
    let match = LiveMatch(try MatchPlan(database: database, a: a, b: b))
    matches[pair] = match
    return match
  }

  /// The blends of a run; without one, of a match with the default configuration.
  func blends(_ a: String, _ b: String, run: RunInfo?) throws -> MatchBlends {
    if let run {
      if let known = blends[run.id] { return known }
      let found = try MatchBlends(database: database, run: run.id)
      blends[run.id] = found
      return found
    }
    let pair = CataloguePair(a: a, b: b)
    if let known = liveBlends[pair] { return known }
    let found = MatchBlends(try match(a, b))
    liveBlends[pair] = found
    return found
  }

  /// What the positions of a catalogue are worth.
  func uncertainties(_ name: String, stop: StopCheck) throws -> CatalogueUncertainties {
    if let known = uncertainties[name] { return known }
    var stop = stop
    let found = try CatalogueUncertainties(database: database, catalogue: name, stop: &stop)
    uncertainties[name] = found
    return found
  }

  /// What a run measured; nil for one by a version that did not.
  func measurement(of run: RunInfo) throws -> RunMeasurement? {
    if let known = runMeasurements[run.id] { return known }
    let found = try registry.measurement(of: run.id)
    runMeasurements[run.id] = found
    return found
  }

  /// What the newest finished run of two catalogues measured, or what one with the default configuration would.
  func measurement(_ a: String, _ b: String, check: () throws -> Void) throws -> RunMeasurement {
    let pair = CataloguePair(a: a, b: b)
    if let known = measurements[pair] { return known }
    let stored = try registry.finishedRun(a, b).flatMap(measurement(of:))
    let found = try stored ?? match(a, b).measurement(check: check)
    measurements[pair] = found
    return found
  }

  /// The chunks of a finished run.
  func runChunks(_ run: Int64) throws -> [RunChunk] {
    if let known = chunks[run] { return known }
    let found = try registry.chunks(of: run)
    chunks[run] = found
    return found
  }
}

extension FilterRequest {
  /// The catalogue that an argument names.
  func catalogue(_ index: Int, in contents: SkyContents) throws -> CatalogueFiles {
    guard case .text(let given)? = arguments[index], let name = contents.name(given) else {
      let names = contents.names.keys.sorted().joined(separator: ", ")
      let known = names.isEmpty ? "there is none yet; `xmdb ingest FILE` adds one" : "there are: \(names)"
      throw SQLFunctionError("\(refusal(index).message) in \(contents.database.path); \(known)")
    }
    return try contents.catalogue(name)
  }
}
