import CatalogStore

/// Commands that choose how rows are written.
enum FormCommands {
  static let all = [mode, headers, nullValue, separator, timer, show]

  private static let mode = DotCommand.doing(
    "mode", "[MODE]", count: 0...1, first: .words(RowFormat.allCases.map(\.rawValue)),
    "how rows are written: \(RowFormat.listed)"
  ) { state, words in
    guard let word = words.first else { return try state.output.line("mode: \(state.style.format.rawValue)") }
    // sqlite3 knows these by other names.
    let name = ["column": "table", "lines": "line", "tsv": "tabs"][word] ?? word
    guard let format = RowFormat(rawValue: name) else {
      throw StoreError(.usage, ".mode", "'\(TextTable.printable(word))' is not known; allowed: \(RowFormat.listed)")
    }
    try state.style.choose(format)
  }

  private static let headers = DotCommand.doing(
    "headers", "on|off", count: 1...1, first: .words(["on", "off"]), "whether the names of columns come first"
  ) { state, words in state.style.hasHeader = try isOn(".headers", words[0]) }

  private static let nullValue = DotCommand.doing(
    "nullvalue", "TEXT", count: 1...1, first: .text, "what stands for NULL; \"\" for nothing"
  ) { state, words in try state.style.choose(null: words[0]) }

  private static let separator = DotCommand.doing(
    "separator", "TEXT", count: 1...1, first: .text, "what stands between values of csv, tabs and list"
  ) { state, words in try state.style.choose(separator: written(words[0])) }

  private static let timer = DotCommand.doing(
    "timer", "on|off", count: 1...1, first: .words(["on", "off"]), "whether the time of each statement is told"
  ) { state, words in state.isTimed = try isOn(".timer", words[0]) }

  private static let show = DotCommand.doing("show", "", "what has been chosen") { state, _ in
    let style = state.style
    for (name, value) in [
      ("mode", style.format.rawValue), ("headers", style.hasHeader ? "on" : "off"),
      ("nullvalue", "\"\(TextTable.printable(style.nullText))\""),
      ("separator", style.format.separator == nil ? "none" : "\"\(TextTable.printable(style.separatorText))\""),
      ("timer", state.isTimed ? "on" : "off"), ("output", state.file?.path ?? "stdout"),
      ("database", state.session.context.databasePath),
    ] { try state.output.line(String(repeating: " ", count: 9 - name.utf8.count) + "\(name): \(value)") }
  }

  /// `\t` without quotation marks is a tab, as in sqlite3.
  private static func written(_ word: String) -> String { word == "\\t" ? "\t" : word }

  private static func isOn(_ command: String, _ word: String) throws -> Bool {
    switch word {
    case "on", "yes", "1": return true
    case "off", "no", "0": return false
    default: throw StoreError(.usage, command, "is '\(TextTable.printable(word))'; allowed: on, off")
    }
  }
}
