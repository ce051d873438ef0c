import CatalogStore

/// The sky database as the statements see it that are running on a connection. Like a read transaction of SQLite it begins
/// with the first table that a statement opens and ends when no statement has one open: all of them read the same
/// generations and runs, whose files stay until then.
final class StatementView {
  let contents: SkyContents
  private let lease: ReadLease?

  init(_ contents: SkyContents, _ lease: ReadLease?) {
    self.contents = contents
    self.lease = lease
  }
}
