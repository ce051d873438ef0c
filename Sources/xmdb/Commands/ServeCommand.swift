import ArgumentParser
import CSQLiteBoot
import CatalogStore
import Logging
import Serve

/// `xmdb serve`.
struct ServeCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the database over HTTP to TOPCAT, pyvo and others.",
    discussion: """
      Catalogues are served by simple cone search, catalogues and finished matches by TAP, with ADQL. Nothing can be changed, \
      and nothing but this database is read. Without --host only programs of this machine reach it.

      The address is printed when requests are answered. Each request is a line on standard error, unless --quiet is given. \
      SIGINT (Ctrl-C) and SIGTERM end it.

      EXAMPLES
        xmdb serve
        xmdb serve --port 8000 --time-limit 10 --max-rows 100000
        stilts tapquery tapurl=http://127.0.0.1:8080/tap adql='SELECT TOP 5 * FROM gaia'
      """)

  @Option(help: ArgumentHelp("The port to listen at; 0 for any that is free.", valueName: "n")) var port = 8080
  @Option(help: ArgumentHelp("The address to listen at; 0.0.0.0 for all of this machine.", valueName: "address"))
  var host = "127.0.0.1"
  @Option(help: ArgumentHelp("Seconds that a query may take.", valueName: "seconds")) var timeLimit = 60.0
  @Option(help: ArgumentHelp("Rows of an answer at most.", valueName: "n")) var maxRows: Int64 = 1_000_000
  @Option(help: ArgumentHelp("Queries at a time (default: one per processor).", valueName: "n")) var queries: Int?
  @Option(help: ArgumentHelp("Queries that may wait beside them.", valueName: "n")) var maxWaiting = 256
  @Option(help: ArgumentHelp("Size of a request, with its uploaded tables, at most.", valueName: "size"))
  var maxUpload = "16MB"
  @Option(help: ArgumentHelp("Memory of SQLite in all.", valueName: "size")) var maxMemory = "2GB"
  @Option(name: .customLong("log"), help: ArgumentHelp("Append a line for each request to a file.", valueName: "file"))
  var logPath: String?
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    func require(_ option: String, _ value: some Comparable, _ isAllowed: Bool, _ allowed: String) throws {
      if !isAllowed { throw ValidationError("\(option) is \(value); allowed: \(allowed).") }
    }
    try require("--port", port, (0...65535).contains(port), "0 to 65535")
    try require("--time-limit", timeLimit, timeLimit > 0 && timeLimit <= 86_400, "more than 0, up to 86400 seconds")
    try require("--max-rows", maxRows, maxRows >= 1, "1 or more")
    if let queries { try require("--queries", queries, (1...256).contains(queries), "1 to 256") }
    try require("--max-waiting", maxWaiting, (0...100_000).contains(maxWaiting), "0 to 100000")
    if host.isEmpty { throw ValidationError("--host is empty; give an address, for example --host 127.0.0.1.") }
  }

  func run(in process: CommandProcess) throws {
    try limitMemory()
    try global.breakLockIfAsked()
    let server = try Server(settings(), logger: logger())
    let output = process.output
    try process.signals.stopping(with: { server.stop() }) {
      try server.run { address in
        try output.line(address)
        try output.flush()
      }
    }
    if let signal = process.signals.received { throw OtherStatus(.stopped(by: signal)) }
  }

  /// Before any connection is open.
  private func limitMemory() throws {
    let bytes = try ByteCount(maxMemory, subject: "--max-memory").bytes
    guard bytes >= Self.leastMemory else {
      throw ValidationError("--max-memory is \(maxMemory); allowed: 64MB or more.")
    }
    let code = xsql_limit_memory(bytes)
    if code != 0 { throw StoreError(.system, "SQLite", "cannot limit its memory (result code \(code))") }
  }

  private static let leastMemory = 64_000_000

  private func settings() throws -> ServeSettings {
    var settings = ServeSettings(
      databasePath: try global.databasePath(), locks: try global.lockMode(), host: host, port: port)
    settings.secondsPerQuery = timeLimit
    settings.mostRows = maxRows
    settings.queriesAtATime = queries ?? WorkerThreads.available
    settings.mostWaiting = maxWaiting
    settings.mostUploadBytes = Int(clamping: try ByteCount(maxUpload, subject: "--max-upload").bytes)
    return settings
  }

  private func logger() throws -> Logger {
    let sink = try LogSink(path: logPath, standardError: !global.quiet)
    return Logger(label: "serve") { _ in LineLogHandler(sink, level: .info) }
  }
}
