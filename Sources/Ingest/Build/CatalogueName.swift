internal import CatalogStore

/// Names of catalogues: they are table names in SQL and folder names on disk.
public enum CatalogueName {
  private static let longest = 48

  /// The name that a path suggests: its last part without ending, in lower case, other characters as underscores.
  static func suggested(by path: String) -> String {
    let last = FileSystem.name(path)
    let stem = last.split(separator: ".").first.map(String.init) ?? last
    var name = ""
    for scalar in stem.lowercased().unicodeScalars {
      let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
      name.unicodeScalars.append(isPlain ? scalar : "_")
    }
    if let first = name.unicodeScalars.first, !("a"..."z").contains(first) { name = "t_" + name }
    return String(name.prefix(longest))
  }

  /// Names for the tables of two files that are to be matched: those that their paths suggest, told apart.
  public static func suggested(by paths: [String]) -> [String] {
    let names = paths.map { path in
      let name = String(suggested(by: path).prefix(longest - 4))
      return reasonAgainst(name) == nil ? name : "table"
    }
    let areDistinct = Set(names).count == names.count
    return areDistinct ? names : names.enumerated().map { "\($0.element)_\($0.offset + 1)" }
  }

  /// Refuses a name that could not be a table or a folder.
  /// - Throws: `StoreError.usage` that says what is allowed.
  public static func validate(_ name: String) throws {
    if let reason = reasonAgainst(name) {
      throw StoreError(.usage, "catalogue name '\(name)'", "\(reason); choose another with --as NAME")
    }
  }

  /// Refuses a name that SQL, which does not tell cases apart, could not tell from another catalogue's.
  static func requireDistinct(_ name: String, from others: [String]) throws {
    guard let other = others.first(where: { $0 != name && $0.lowercased() == name.lowercased() }) else { return }
    throw StoreError(
      .usage, "catalogue name '\(name)'",
      "differs only in case from the catalogue '\(other)', which SQL cannot tell apart; use that name, or another, with --as NAME"
    )
  }

  private static func reasonAgainst(_ name: String) -> String? {
    guard let first = name.unicodeScalars.first, let last = name.unicodeScalars.last else { return "is empty" }
    if let odd = name.unicodeScalars.first(where: { !isAllowed($0) }) {
      return "has the character \(shown(odd)); allowed are letters from A to Z, digits, blanks and _ - . +"
    }
    if name.utf8.count > longest { return "has \(name.utf8.count) characters; allowed: \(longest)" }
    if !isLetterOrDigit(first) && first != "_" {
      return "begins with \(shown(first)); a letter, a digit or _ may come first"
    }
    if last == " " || last == "." { return "ends with \(shown(last))" }
    return reservation(name.lowercased())
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    isLetterOrDigit(scalar) || "_-.+ ".unicodeScalars.contains(scalar)
  }

  private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
  }

  private static func shown(_ scalar: Unicode.Scalar) -> String {
    scalar.value < 32 || scalar.value == 127 ? "number \(scalar.value)" : "'\(scalar)'"
  }

  // MARK: Reserved names

  private static func reservation(_ name: String) -> String? {
    if ["xmatch", "source", "block"].contains(name) || name.hasPrefix("xm_") { return "is a name of xmdb's own" }
    if name.hasPrefix("sqlite_") || name.hasPrefix("pragma_") || modules.contains(name) {
      return "is a table of SQLite itself, which would be read instead of the catalogue"
    }
    return nil
  }

  /// Tables that SQLite has, or can have, on every connection without anybody making them (sqlite.org/vtablist.html).
  private static let modules: Set<String> = [
    "amatch", "approximate_match", "bytecode", "carray", "closure", "completion", "csv", "dbstat", "dbdata", "dbptr",
    "explain", "fsdir", "fts1", "fts2", "fts3", "fts3aux", "fts3tokenize", "fts4", "fts4aux", "fts5", "fts5vocab",
    "fuzzer", "generate_series", "geopoly", "json_each", "json_tree", "jsonb_each", "jsonb_tree", "memstat", "prefixes",
    "qpvtab", "rtree", "rtree_i32", "series", "spellfix1", "sqlar", "stmt", "swarmvtab", "tables_used", "tclvar",
    "templatevtab", "unionvtab", "vtablog", "vtshim", "wholenumber", "zipfile",
  ]
}
