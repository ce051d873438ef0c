/// A name in a query.
struct Name {
  let text: String
  /// Whether it stood in quotes.
  let isQuoted: Bool
  let offset: Int

  /// Whether it means the same as another name. Case does not matter, in quotes either: SQLite does not tell it apart.
  func means(_ other: String) -> Bool { text.lowercased() == other.lowercased() }
}
