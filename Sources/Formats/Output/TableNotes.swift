/// What a file says of its table as a whole.
public struct TableNotes: Sendable {
  /// The table's name, of letters, digits and underscores.
  public var name: String
  /// What the table is, in a sentence.
  public var description: String
  /// Where it comes from: names of a word each, and values.
  public var facts: [(name: String, value: String)]
  /// Keywords of FITS that programs look for.
  public var cards: [(keyword: String, value: Card)] = []

  /// The value of a keyword.
  public enum Card: Sendable, Hashable {
    case text(String)
    case integer(Int64)
  }

  /// Notes of a table.
  public init(name: String, description: String = "", facts: [(name: String, value: String)] = []) {
    (self.name, self.description, self.facts) = (name, description, facts)
  }
}
