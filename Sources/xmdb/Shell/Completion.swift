import CatalogStore

/// What Tab does: finds the word before the cursor, and the names that begin with it.
struct Completion {
  /// The answer to Tab.
  enum Answer: Equatable {
    /// No name begins so.
    case none
    /// So many characters before the cursor become this text.
    case replace(characters: Int, with: String)
    /// There are several names, which have nothing more in common.
    case choose([String])
  }

  /// The names that there are.
  struct Names {
    /// Tables, and operators that are used as such; those with arguments are called.
    var tables: [String] = []
    var calledTables: Set<String> = []
    var catalogues: [String] = []
    var functions: [String] = []
    var keywords: [String] = []
    /// The columns of a table, by its name in lower case.
    var columns: (String) -> [String] = { _ in [] }
    /// Files that begin with a path.
    var files: (String) -> [String] = { _ in [] }
  }

  let names: Names
  /// Commands, and the words that each may be followed by.
  let commands: [(name: String, argument: DotArgument)]

  /// Answers Tab.
  /// - Parameters:
  ///   - pending: The lines of the statement before this one.
  ///   - before: This line up to the cursor.
  ///   - line: All of it.
  func answer(pending: String, before: String, line: String) -> Answer {
    if pending.isEmpty && before.hasPrefix(".") { return answerCommand(before) }
    if !before.contains(where: { !$0.isWhitespace }) { return .replace(characters: 0, with: "  ") }
    return answerStatement(pending + before, whole: pending + line)
  }

  // MARK: Commands

  private func answerCommand(_ before: String) -> Answer {
    guard let blank = before.firstIndex(where: \.isWhitespace) else {
      return choice(typed: before, among: commands.map { "." + $0.name })
    }
    let name = before[before.index(after: before.startIndex)..<blank]
    let typed = String(before.split(separator: " ", omittingEmptySubsequences: false).last ?? "")
    guard let command = commands.first(where: { $0.name == name }) else { return .none }
    switch command.argument {
    case .none, .text: return .none
    case .table: return choice(typed: typed, among: names.tables)
    case .file: return choice(typed: typed, among: names.files(typed))
    case .words(let words): return choice(typed: typed, among: words)
    }
  }

  // MARK: Statements

  private func answerStatement(_ before: String, whole: String) -> Answer {
    let words = SQLWords(before)
    switch words.end {
    case .comment: return .none
    case .text(let typed): return choice(typed: typed, among: names.catalogues)
    case .quotedName(let typed):
      let candidates = candidates(after: words.words, whole: whole, isQuoted: true)
      return choice(typed: "\"" + typed, among: candidates.map(SQLText.identifier))
    case .open:
      let typed = Self.lastName(before)
      let earlier = typed.isEmpty ? words.words : words.words.dropLast()
      let isAfterDot = earlier.last == .sign(".")
      // Without a letter there would be hundreds.
      if typed.isEmpty && !isAfterDot && !Self.expectsTable(earlier) { return .none }
      return choice(typed: typed, among: candidates(after: Array(earlier), whole: whole, isQuoted: false, typed: typed))
    }
  }

  private static func lastName(_ text: String) -> String {
    let end = text.unicodeScalars.reversed().prefix(while: SQLWords.isPartOfName)
    var view = String.UnicodeScalarView()
    view.append(contentsOf: end.reversed())
    return String(view)
  }

  private static func expectsTable(_ words: some BidirectionalCollection<SQLWords.Word>) -> Bool {
    guard case .name(let name) = words.last else { return false }
    return ["from", "join", "update", "into", "table"].contains(name.lowercased())
  }

  private func candidates(
    after words: [SQLWords.Word], whole: String, isQuoted: Bool, typed: String = ""
  ) -> [String] {
    let known = Set(names.tables.map { $0.lowercased() })
    let used = SQLWords(whole).tables(among: known)
    if words.last == .sign("."), case .name(let owner) = words.dropLast().last {
      let table = used.first { $0.name == owner.lowercased() }?.table ?? owner.lowercased()
      return isQuoted ? names.columns(table) : names.columns(table).map(Self.plain)
    }
    if isQuoted { return names.catalogues + columns(used) }
    let tables = names.tables.map { names.calledTables.contains($0) ? $0 + "(" : Self.plain($0) }
    if Self.expectsTable(words) { return tables }
    let functions = names.functions.filter { $0.utf8.first.map { SQLWords.isPartOfName(Unicode.Scalar($0)) } ?? false }
    return columns(used).map(Self.plain) + tables + functions.map { $0 + "(" } + keywords(like: typed)
  }

  private func columns(_ used: [(name: String, table: String)]) -> [String] {
    Set(used.map(\.table)).sorted().flatMap(names.columns)
  }

  /// Keywords as they are typed: in capitals, or not.
  private func keywords(like typed: String) -> [String] {
    typed.contains(where: \.isUppercase) ? names.keywords : names.keywords.map { $0.lowercased() }
  }

  private static func plain(_ name: String) -> String { SQLText.isPlain(name) ? name : SQLText.identifier(name) }

  // MARK: Choosing

  /// The names that begin as was typed, in upper or lower case: the rest of one, or what all have in common, or all of them.
  private func choice(typed: String, among candidates: [String]) -> Answer {
    let start = typed.lowercased()
    var seen: Set<String> = []
    let fitting = candidates.filter { candidate in
      let name = candidate.lowercased()
      // A name that needs quotation marks may be typed without the first.
      return (name.hasPrefix(start) || name.hasPrefix("\"" + start)) && seen.insert(name).inserted
    }
    guard let first = fitting.first else { return .none }
    let common = fitting.dropFirst().reduce(first) { Self.commonBeginning($0, $1) }
    if fitting.count == 1 || common.unicodeScalars.count > typed.unicodeScalars.count {
      return .replace(characters: typed.unicodeScalars.count, with: common)
    }
    return .choose(fitting.sorted { ($0.lowercased(), $0) < ($1.lowercased(), $1) })
  }

  private static func commonBeginning(_ a: String, _ b: String) -> String {
    var result = String.UnicodeScalarView()
    for (x, y) in zip(a.unicodeScalars, b.unicodeScalars) {
      guard x == y || x.properties.lowercaseMapping == y.properties.lowercaseMapping else { break }
      result.append(x)
    }
    return String(result)
  }

  // MARK: Lists

  /// Names that are shown at a time.
  private static let mostShown = 120

  /// Names in columns, downwards.
  /// - Parameter columns: Characters in a line of the terminal.
  static func list(_ names: [String], columns: Int) -> String {
    let shown = names.prefix(mostShown).map(TextTable.printable)
    let width = (shown.map(TextTable.width).max() ?? 0) + 2
    let across = max(1, columns / width)
    let down = (shown.count + across - 1) / across
    var lines = (0..<down).map { row in
      let cells = stride(from: row, to: shown.count, by: max(1, down)).map { shown[$0] }
      let padded = cells.dropLast().map { $0 + String(repeating: " ", count: width - TextTable.width($0)) }
      return (padded + cells.suffix(1)).joined()
    }
    if names.count > mostShown { lines.append("… and \(names.count - mostShown) more") }
    return lines.joined(separator: "\n")
  }
}
