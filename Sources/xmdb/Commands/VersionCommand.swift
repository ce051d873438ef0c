import ArgumentParser
import CSQLite
import CatalogStore

/// `xmdb version`.
struct VersionCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "version",
    abstract: "Print the versions of the program and of SQLite.",
    discussion: """
      EXAMPLES
        xmdb version
        xmdb version --json
      """)

  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let sqlite = String(cString: xsql_libversion())
    if facts.json {
      try process.output.line(JSONValue.object([("xmdb", .text(Program.version)), ("sqlite", .text(sqlite))]).pretty)
    } else {
      try process.output.line("xmdb \(Program.version)")
      try process.output.line("SQLite \(sqlite)")
    }
  }
}
