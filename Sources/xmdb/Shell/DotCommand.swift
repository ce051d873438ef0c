import CatalogStore

/// A command of the shell: a line that begins with a dot. None changes the database.
struct DotCommand: Sendable {
  /// What the shell does next.
  enum Outcome: Equatable {
    case goOn
    case quit
    /// Run the statements of a file.
    case read(String)
  }

  let name: String
  /// As in `.import FILE TABLE`, without the name.
  let arguments: String
  let summary: String
  /// How many arguments there may be.
  let count: ClosedRange<Int>
  /// What the first of them is.
  let first: DotArgument
  private let body: @Sendable (ShellState, [String]) throws -> Outcome

  init(
    _ name: String, _ arguments: String, count: ClosedRange<Int> = 0...0, first: DotArgument = .none,
    _ summary: String, body: @escaping @Sendable (ShellState, [String]) throws -> Outcome
  ) {
    (self.name, self.arguments, self.count, self.first) = (name, arguments, count, first)
    (self.summary, self.body) = (summary, body)
  }

  /// A command that does something and goes on.
  static func doing(
    _ name: String, _ arguments: String, count: ClosedRange<Int> = 0...0, first: DotArgument = .none,
    _ summary: String, body: @escaping @Sendable (ShellState, [String]) throws -> Void
  ) -> DotCommand {
    DotCommand(name, arguments, count: count, first: first, summary) { state, words in
      try body(state, words)
      return .goOn
    }
  }

  /// As it is typed.
  var usage: String { "." + name + (arguments.isEmpty ? "" : " " + arguments) }

  /// Runs it.
  /// - Throws: `StoreError.usage` when there are too many or too few arguments.
  func run(_ state: ShellState, _ words: [String]) throws -> Outcome {
    guard count.contains(words.count) else { throw StoreError(.usage, "." + name, "is used so: \(usage)") }
    return try body(state, words)
  }
}

extension DotCommand {
  /// All commands, as `.help` lists them.
  static let all: [DotCommand] =
    [help] + ListingCommands.all + FormCommands.all + FileCommands.all + leaving

  private static let help = doing("help", "[COMMAND]", count: 0...1, first: .text, "what there is") {
    state, words in
    let chosen = try words.first.map { [try named($0)] } ?? all
    let width = chosen.map(\.usage.utf8.count).max() ?? 0
    for command in chosen {
      let padding = String(repeating: " ", count: width - command.usage.utf8.count)
      try state.output.line("\(command.usage)\(padding)  \(command.summary)")
    }
    if words.isEmpty { try state.output.line("Anything else is SQL; docs/sql.md lists the functions.") }
  }

  private static let leaving = ["quit", "exit"].map { name in
    DotCommand(name, "", "leave, as Ctrl-D does; Ctrl-C stops a statement") { _, _ in Outcome.quit }
  }

  /// The command of a name, or of its beginning where only one begins so.
  /// - Throws: `StoreError.usage` with what there is.
  static func named(_ typed: String) throws -> DotCommand {
    let name = typed.hasPrefix(".") ? String(typed.dropFirst()) : typed
    if let command = all.first(where: { $0.name == name }) { return command }
    let beginning = name.isEmpty ? [] : all.filter { $0.name.hasPrefix(name) }
    if beginning.count == 1 { return beginning[0] }
    let meant = Spelling.nearest(to: name, among: all.map(\.name)).map { "; did you mean .\($0)?" } ?? ""
    let listed = (beginning.isEmpty ? all : beginning).map { "." + $0.name }.joined(separator: ", ")
    throw StoreError(
      .usage, "." + TextTable.printable(String(name.prefix(40))), "is not a command; allowed: \(listed)\(meant)")
  }
}
