internal import CatalogStore
public import Indexing

/// The database of a Qserv that an export shall be loaded into.
public struct QservDatabase: Sendable {
  /// A table that is there already and that rows of others belong to.
  public struct Director: Sendable, Equatable {
    /// Its database; nil for the one of the export.
    public let database: String?
    /// Its name.
    public let table: String

    /// - Parameter text: `TABLE` or `DATABASE.TABLE`.
    /// - Throws: `StoreError.usage` for what is none.
    public init(_ text: String) throws {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard (1...2).contains(parts.count), parts.allSatisfy(QservName.isPlain), let table = parts.last else {
        throw StoreError(
          .usage, text,
          "is no table of Qserv; give TABLE or DATABASE.TABLE of letters, digits and _, such as gaia_dr3.source")
      }
      database = parts.count == 2 ? parts[0] : nil
      self.table = table
    }

    /// As a description names it.
    var name: String { database.map { "\($0).\(table)" } ?? table }
  }

  /// Its name.
  public let name: String
  /// How all its tables are divided.
  public let partition: StripePartition
  /// The table of the first catalogue; nil when Qserv does not hold it.
  public let directorA: Director?
  /// The table of the second catalogue.
  public let directorB: Director?

  /// The version of Qserv's REST interface that the descriptions are for.
  static let version = 55
  /// Characters of the names of a database and a table together: MySQL has 64, of which Qserv needs some itself.
  static let longestNames = 56

  /// - Throws: `StoreError.usage` for a name that Qserv does not take.
  public init(
    name: String, partition: StripePartition, directorA: Director? = nil, directorB: Director? = nil
  ) throws {
    guard QservName.isPlain(name) else {
      throw StoreError(
        .usage, name, "is no name of a database of Qserv; allowed: letters, digits and _, not qserv at the beginning")
    }
    (self.name, self.partition) = (name, partition)
    (self.directorA, self.directorB) = (directorA, directorB)
  }

  /// The name that a database has when none is given.
  public static func usualName(_ a: String, _ b: String) -> String { QservName.plain("\(a)_\(b)") }
}
