import ArgumentParser
import CatalogStore
import Ingest

/// `xmdb rename`.
struct RenameCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Give a catalogue another name.",
    discussion: """
      The runs of the catalogue stay, under the new name; nothing is read or written again. The change is one transaction \
      of the registry. The catalogue's folder keeps the name that it was made with. Runs have numbers and no names.

      EXAMPLES
        xmdb rename gaia gaia_dr2
        xmdb rename t_2mass_psc twomass --dry-run
      """)

  @Argument(help: "The catalogue.") var old: String
  @Argument(help: "Its new name.") var new: String
  @Flag(help: "Check names and show which runs are affected, and do nothing.") var dryRun = false
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let database = try global.database()
    let runs = try check(database.registry())
    if !dryRun {
      let lock = try database.lockForWriting()
      try database.writableRegistry().rename(old, to: new)
      withExtendedLifetime(lock) {}
    }
    if facts.json {
      let facts: [(String, JSONValue)] = [
        ("old", .text(old)), ("new", .text(new)), ("renamed", .bool(!dryRun)),
        ("runs", .list(runs.map { .integer($0) })),
      ]
      try process.output.line(JSONValue.object(facts).pretty)
    } else if !global.quiet {
      let affected =
        runs.isEmpty
        ? "" : ", also in run\(runs.count == 1 ? "" : "s") \(runs.map(String.init).joined(separator: ", "))"
      try process.output.line("\(dryRun ? "Would rename" : "Renamed") \(old) to \(new)\(affected).")
    }
  }

  /// - Returns: The runs of the catalogue.
  private func check(_ registry: Registry) throws -> [Int64] {
    if Int64(old) != nil, try registry.findCatalogue(old) == nil {
      throw StoreError(.usage, "run \(old)", "has a number and no name; only catalogues can be renamed")
    }
    _ = try registry.catalogue(old)
    try CatalogueName.validate(new)
    if new != old, try registry.findCatalogue(new) != nil {
      throw StoreError(.usage, new, "is the name of a catalogue already; choose another, or `xmdb drop \(new)` first")
    }
    return try registry.runs(of: old).reversed()
  }
}
