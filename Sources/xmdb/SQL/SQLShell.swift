import CSQLite
import CatalogStore
import SQLExt

/// Reads statements line by line, from a person or from a file.
struct SQLShell {
  private let session: SQLSession
  private let process: CommandProcess
  private let input: LineInput
  private let isInteractive = LineInput.isTerminal
  private var format: RowFormat
  private var pending = ""

  init(session: SQLSession, process: CommandProcess, format: RowFormat) {
    self.session = session
    self.process = process
    self.format = format
    input = LineInput(wakeDescriptor: process.signals.wakeDescriptor)
  }

  /// Runs until the input ends, `.quit`, SIGTERM, or, when no person is typing, the first error.
  mutating func run(greeting: Bool) throws {
    if isInteractive && greeting { standardError(greetingText) }
    while true {
      prompt()
      switch input.event() {
      case .end: return try finish()
      case .signal: try hearSignal()
      case .line(let line): if try !take(line) { return }
      }
    }
  }

  private var greetingText: String {
    let version = String(cString: xsql_libversion())
    return """
      xmdb \(Program.version) (SQLite \(version)), database \(session.context.databasePath)
      Statements end with a semicolon; .help lists what else there is, .quit leaves.

      """
  }

  private func prompt() {
    if isInteractive { standardError(pending.isEmpty ? "xmdb> " : "  ..> ") }
  }

  private mutating func finish() throws {
    if isInteractive { standardError("\n") }
    try execute(pending)
  }

  /// SIGTERM ends the shell; Ctrl-C at the prompt throws the unfinished statement away.
  private mutating func hearSignal() throws {
    process.signals.drainWake()
    if process.signals.received != nil { throw StoreError(.interrupted, "sql", "interrupted") }
    pending = ""
    standardError("\n")
  }

  /// - Returns: False to leave.
  private mutating func take(_ line: String) throws -> Bool {
    if pending.isEmpty && line.hasPrefix(".") { return try command(line) }
    if pending.isEmpty && line.allSatisfy(\.isWhitespace) { return true }
    pending += line + "\n"
    if line.contains(";") && SQLSession.isComplete(pending) {
      defer { pending = "" }
      try execute(pending)
    }
    return true
  }

  private func execute(_ sql: String) throws {
    try guarded {
      try session.run(sql, cancellation: process.signals.cancellation) { format.writer(to: process.output) }
    }
  }

  /// A person sees an error and goes on; a script ends at it.
  private func guarded(_ body: () throws -> Void) throws {
    do {
      try body()
      try process.output.flush()
    } catch let error where isInteractive && !(error is BrokenPipe) && process.signals.received == nil {
      try process.output.flush()
      standardError("Error: \(error)\n")
    }
    if isInteractive { process.signals.drainWake() }
  }

  // MARK: Commands

  private static let help = """
    .help                  this text
    .tables                catalogues and table functions
    .mode table|csv|json   how rows are written
    .quit                  leaves (so does Ctrl-D); Ctrl-C stops a statement
    Anything else is SQL; docs/sql.md lists the functions.
    """

  private mutating func command(_ line: String) throws -> Bool {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    switch (words[0], words.count) {
    case (".quit", 1), (".exit", 1): return false
    case (".help", 1): try process.output.line(Self.help)
    case (".tables", 1): try guarded(printTables)
    case (".mode", 2):
      if let format = RowFormat(rawValue: words[1]) { self.format = format } else { try refuse(line) }
    default: try refuse(line)
    }
    try process.output.flush()
    return true
  }

  private func refuse(_ line: String) throws {
    try guarded {
      throw StoreError(.usage, line, "is not a command; allowed: .help, .tables, .mode table|csv|json, .quit")
    }
  }

  private func printTables() throws {
    var table = TextTable([("table", .left), ("sources", .right)])
    let registry = try session.context.database().registry()
    for name in try registry.catalogueNames() {
      table.add([name, Format.count(try registry.catalogue(name).rows)])
    }
    for line in table.lines { try process.output.line(line) }
    for function in SQLInventory.tables { try process.output.line(function.callForm) }
  }
}
