import ArgumentParser
import CSQLite
import CatalogStore
import Formats
import Ingest

/// `xmdb version`.
struct VersionCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "version",
    abstract: "Print the versions of the program, of SQLite and of Arrow.",
    discussion: """
      EXAMPLES
        xmdb version
        xmdb version --json
      """)

  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let versions = [
      ("xmdb", Program.version), ("SQLite", String(cString: xsql_libversion())), ("Arrow", ArrowLibrary.version),
    ]
    if facts.json {
      try process.output.line(JSONValue.object(versions.map { ($0.lowercased(), .text($1)) }).pretty)
    } else {
      for (name, version) in versions { try process.output.line("\(name) \(version)") }
    }
  }
}
