import ArgumentParser
import CatalogStore

/// `xmdb sql`.
struct SQLCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Answer SQL; without a query, a shell.",
    discussion: """
      The connection holds every function and table of docs/sql.md, each catalogue as a table, and whatever TEMP tables \
      and views the statements make. Nothing can be changed in the database itself.

      Without QUERY, statements are read from standard input. A person gets a prompt with history and completion, where \
      .help says what there is and an error does not end the shell. A script ends at its first error with status 1.

      EXAMPLES
        xmdb sql "SELECT * FROM xmatch('gaia', 'catwise') LIMIT 10"
        xmdb sql --csv "SELECT * FROM xm_pairs('gaia', 'catwise')" > pairs.csv
        xmdb sql --json < questions.sql
        xmdb sql
      """)

  @Flag var format = RowFormat.table
  @Flag(help: "Neither read nor keep what is typed at the prompt (default: kept in $XMDB_HISTORY).") var noHistory =
    false
  @Argument(help: "One or more statements, separated by semicolons.") var query: String?
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    try global.breakLockIfAsked()
    let session = try SQLSession(databasePath: global.databasePath(), locks: global.lockMode())
    // A signal may come until `stopping` has returned; the session must be alive then.
    try withExtendedLifetime(session) {
      try process.signals.stopping(with: session.interrupter) { try answer(session, process) }
    }
  }

  private func answer(_ session: SQLSession, _ process: CommandProcess) throws {
    guard let query else { return try runShell(session, process) }
    let style = RowStyle(format)
    try session.run(query, cancellation: process.signals.cancellation) { style.writer(to: process.output) }
  }

  private func runShell(_ session: SQLSession, _ process: CommandProcess) throws {
    let history = noHistory ? nil : HistoryFile(environment: environmentVariable)
    let shell = SQLShell(session: session, process: process, format: format, history: history)
    guard LineInput.isTerminal else { return try shell.run(greeting: false) }
    try process.signals.answering(with: {}) { try shell.run(greeting: !global.quiet) }
  }
}
