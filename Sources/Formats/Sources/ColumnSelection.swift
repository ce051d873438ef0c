/// Which columns of the files are taken.
public struct ColumnSelection: Sendable, Hashable {
  /// Names and patterns of columns to take; empty for all.
  public var only: [String] = []
  /// Names and patterns of columns to leave out, of those.
  public var excluding: [String] = []
  /// Whether columns of lists and structures are left out with a note, and not refused.
  public var leavesOutNested = false

  /// All columns.
  public init() {}

  /// All but some.
  public init(excluding: [String]) { self.excluding = excluding }

  /// The positions of the names that are taken, in order.
  /// - Parameters:
  ///   - known: Names that may be given although they are no columns that could be taken, such as masks.
  ///   - path: A file that has them, for messages.
  func kept(of names: [String], known: [String], path: String) throws(FormatError) -> [Int] {
    let all = names + known
    var taken = only.isEmpty ? Set(names.indices) : []
    for text in only { taken.formUnion(try Self.matches(text, "--only", all, path)) }
    for text in excluding { taken.subtract(try Self.matches(text, "--exclude", all, path)) }
    return names.indices.filter(taken.contains)
  }

  private static func matches(
    _ text: String, _ option: String, _ names: [String], _ path: String
  ) throws(FormatError) -> [Int] {
    let found = NamePattern(text: text).matches(names)
    guard found.isEmpty else { return found }
    let alike = names.first { ColumnNames.folded($0) == ColumnNames.folded(text) }
    let hint = alike.map { "did you mean '\($0)'?" } ?? "it has \(TableSource.listed(names))"
    throw FormatError(.usage, subject: "\(option) \(text)", "no such column in \(path); \(hint)")
  }
}
