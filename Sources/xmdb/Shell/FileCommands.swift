import CatalogStore

/// Commands that read and write files. What is written is made aside, and gets its name when it is complete.
enum FileCommands {
  static let all = [read, importing, output, once]

  private static let read = DotCommand(
    "read", "FILE", count: 1...1, first: .file, "run the statements and commands of a file, up to the first error"
  ) { _, words in DotCommand.Outcome.read(words[0]) }

  private static let importing = DotCommand.doing(
    "import", "FILE TABLE", count: 2...2, first: .file,
    "make a TEMP table of a file of any format that ingest reads"
  ) { state, words in
    let rows = try TableImport(session: state.session).run(words[0], as: words[1])
    let name = SQLText.isPlain(words[1]) ? words[1] : SQLText.identifier(words[1])
    if state.isInteractive { standardError("\(Format.count(rows, "row")) in temp.\(name)\n") }
  }

  private static let output = DotCommand.doing(
    "output", "[FILE]", count: 0...1, first: .file, "write into a new file from now on; without FILE complete it"
  ) { state, words in try write(state, words.first, isOnce: false) }

  private static let once = DotCommand.doing(
    "once", "FILE", count: 1...1, first: .file, "write what the next statement gives into a new file"
  ) { state, words in try write(state, words.first, isOnce: true) }

  private static func write(_ state: ShellState, _ path: String?, isOnce: Bool) throws {
    guard let path, path != "stdout" else { return try state.finishFile() }
    if path.isEmpty || path.hasPrefix("|") {
      throw StoreError(.usage, isOnce ? ".once" : ".output", "'\(TextTable.printable(path))' is no file; give its path")
    }
    try state.finishFile()
    try state.begin(try FileOutput(path: path), isOnce: isOnce)
  }
}
