import ArgumentParser
import CatalogStore

/// The word of the command line that names a command. The parser would call a mistyped one an unexpected argument.
enum CommandName {
  /// The global options that take a value of their own, and that of the parser itself.
  private static let optionsWithValue: Set<String> = ["--db", "--locks", "--generate-completion-script"]

  /// All that may be given.
  static let all = XMDB.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]

  /// - Throws: `StoreError.usage`, with the command that may have been meant, when the first word is none.
  static func check(_ arguments: [String]) throws {
    guard let word = firstWord(arguments), !all.contains(word) else { return }
    if let nearest = Spelling.nearest(to: word, among: all) {
      throw StoreError(.usage, word, "is no command; did you mean `xmdb \(nearest)`? `xmdb --help` lists all")
    }
    throw StoreError(.usage, word, "is no command; allowed: \(all.joined(separator: ", "))")
  }

  /// The first argument that is neither an option nor the value of one; nil where there is none before `--`.
  static func firstWord(_ arguments: [String]) -> String? {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" { return nil }
      if optionsWithValue.contains(argument) {
        _ = rest.popFirst()
      } else if !argument.hasPrefix("-") {
        return argument
      }
    }
    return nil
  }
}
