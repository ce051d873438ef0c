/// What is known of a column of a result table, for files, SQL, documents and exports.
public struct ResultColumn: Sendable, Equatable {
  /// The type that the column is declared with in SQL.
  public enum Kind: String, Sendable {
    /// An identifier: of the type that its catalogue has.
    case identifier = ""
    case real = "REAL"
    case integer = "INTEGER"
    case text = "TEXT"
  }

  /// Where an export has the column, with the name that the report gives it (D3.11.4, tables 1 and 2).
  public enum Export: Sendable, Equatable {
    /// Among the quantities of the match, after the catalogues' identifiers, positions and magnitudes.
    case quantity(String)
    /// Among the errors that were used, after the columns that the user asks for.
    case error(String)
  }

  /// Its name in SQL.
  public let name: String
  /// Its type in SQL.
  public let kind: Kind
  /// Unit, in VOUnit spelling; nil for numbers without one.
  public let unit: String?
  /// What it is in the words of UCD1+.
  public let ucd: String?
  /// Its place and name in an export; nil when it is not exported.
  public let export: Export?
  /// Whether the files have an index on it, for questions about one source.
  public let isIndexed: Bool
  /// What it says.
  public let description: String
  /// The name that it had in an earlier version.
  public let formerName: String?
}
