import CSQLite
import CatalogStore

/// Reads statements and commands line by line, from a person or from a file.
struct SQLShell {
  private let state: ShellState
  private let input: any LineSource
  private let editor: LineEditor?
  private let history: HistoryFile?
  private let pending = PendingStatement()

  /// Files that may read one another.
  private static let deepestRead = 8

  /// - Parameter history: Where statements are kept; nil: nowhere.
  init(session: SQLSession, process: CommandProcess, format: RowFormat, history: HistoryFile?) {
    state = ShellState(session: session, process: process, style: RowStyle(format))
    let wake = process.signals.wakeDescriptor
    editor =
      state.isInteractive ? LineEditor(wakeDescriptor: wake, terminal: environmentVariable("TERM")) : nil
    input = editor ?? LineInput(wakeDescriptor: wake)
    self.history = editor == nil ? nil : history
  }

  /// Runs until the input ends, `.quit`, SIGTERM, or, when no person is typing, the first error.
  func run(greeting: Bool) throws {
    if state.isInteractive && greeting { standardError(greetingText) }
    prepareEditor()
    do {
      try consume(input, pending, depth: 0)
      try state.finishFile()
    } catch {
      warnOfDroppedFile()
      throw error
    }
  }

  private var greetingText: String {
    let version = String(cString: xsql_libversion())
    return """
      xmdb \(Program.version) (SQLite \(version)), database \(state.session.context.databasePath)
      Statements end with a semicolon; .help lists what else there is, .quit leaves.

      """
  }

  private func prepareEditor() {
    guard let editor else { return }
    for entry in history?.load() ?? [] { editor.remember(entry) }
    let commands = DotCommand.all.map { (name: $0.name, argument: $0.first) }
    editor.completer = { [state, pending] before, line in
      try? state.session.context.refresh()
      let completion = Completion(names: Completion.Names(state.session), commands: commands)
      return completion.answer(pending: pending.text, before: before, line: line)
    }
  }

  private func keep(_ entry: String) {
    guard let editor, HistoryFile.isKept(entry) else { return }
    if editor.remember(entry) { history?.add(entry) }
  }

  // MARK: Lines

  /// Takes the lines of a source up to its end.
  /// - Returns: False to leave the shell.
  @discardableResult
  private func consume(_ source: any LineSource, _ pending: PendingStatement, depth: Int) throws -> Bool {
    while true {
      switch source.event(prompt: pending.text.isEmpty ? "xmdb> " : "  ..> ") {
      case .end:
        if state.isInteractive && depth == 0 { standardError("\n") }
        try execute(pending.take(), depth)
        return true
      case .signal:
        try hearSignal(depth)
        _ = pending.take()
      case .line(let line): if try !take(line, pending, depth) { return false }
      }
    }
  }

  /// SIGTERM ends the shell; Ctrl-C at the prompt throws the unfinished statement away, and ends the file that is read.
  private func hearSignal(_ depth: Int) throws {
    try forgetSignals()
    if depth > 0 { throw SQLSession.interrupted }
    standardError(editor == nil ? "\n" : "^C\n")
  }

  private func take(_ line: String, _ pending: PendingStatement, _ depth: Int) throws -> Bool {
    if pending.text.isEmpty {
      if line.hasPrefix(".") {
        pending.skipLine()
        if depth == 0 { keep(line) }
        return try command(line, depth)
      }
      if line.allSatisfy(\.isWhitespace) {
        pending.skipLine()
        return true
      }
    }
    pending.add(line)
    if line.contains(";") && SQLSession.isComplete(pending.text) {
      let statement = pending.take()
      if depth == 0 { keep(String(statement.sql.dropLast())) }
      try execute(statement, depth)
    }
    return true
  }

  private func execute(_ statement: (sql: String, firstLine: Int), _ depth: Int) throws {
    try guarded(depth) {
      let isScript = !state.isInteractive || depth > 0
      let timer = StatementTimer()
      try state.session.run(
        statement.sql, firstLine: isScript ? statement.firstLine : nil, cancellation: state.process.signals.cancellation
      ) { state.style.writer(to: state.output) }
      try state.output.flush()
      if state.isOnce { try state.finishFile() }
      if state.isTimed && !statement.sql.isEmpty { standardError(timer.text + "\n") }
    }
  }

  /// A person sees an error and goes on; a script ends at it.
  private func guarded(_ depth: Int, _ body: () throws -> Void) throws {
    do {
      try body()
      try state.process.output.flush()
    } catch let error
      where state.isInteractive && depth == 0 && !(error is BrokenPipe) && state.process.signals.received == nil
    {
      warnOfDroppedFile()
      try state.process.output.flush()
      standardError("Error: \(error)\n")
    }
    if state.isInteractive { try forgetSignals() }
  }

  /// Ctrl-C has been answered; SIGTERM ends the shell, whenever it came.
  private func forgetSignals() throws {
    state.process.signals.drainWake()
    if state.process.signals.received != nil { throw StoreError(.interrupted, "sql", "interrupted") }
  }

  private func warnOfDroppedFile() {
    if let path = state.dropFile() { standardError("\(path) was not written.\n") }
  }

  // MARK: Commands

  private func command(_ line: String, _ depth: Int) throws -> Bool {
    var isLeaving = false
    try guarded(depth) {
      let words = try DotWords.split(line)
      let command = try DotCommand.named(words[0])
      switch try command.run(state, Array(words.dropFirst())) {
      case .goOn: break
      case .quit: isLeaving = true
      case .read(let path): isLeaving = try !read(path, depth)
      }
      try state.output.flush()
    }
    return !isLeaving
  }

  private func read(_ path: String, _ depth: Int) throws -> Bool {
    guard depth < Self.deepestRead else {
      throw StoreError(
        .usage, path, "is read by a file that is read by a file …, \(Self.deepestRead) times; is it itself?")
    }
    let file = try LineInput(path: path, wakeDescriptor: state.process.signals.wakeDescriptor)
    return try consume(file, PendingStatement(), depth: depth + 1)
  }
}
