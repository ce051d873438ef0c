import CSQLite
import CatalogStore

/// Refuses to make in the main database of a session, which is in memory, what would vanish with it unnoticed.
final class VanishingTables {
  /// What was refused last, in the words of SQL.
  private(set) var refused: String?

  /// Watches a connection, which must not outlive this.
  init(_ connection: OpaquePointer) {
    let own = Unmanaged.passUnretained(self).toOpaque()
    _ = xsql_set_authorizer(
      connection,
      { data, action, name, _, schema, _ in
        guard let data, let schema, String(cString: schema) == "main", let kind = VanishingTables.kinds[action] else {
          return SQLITE_OK
        }
        let watch = Unmanaged<VanishingTables>.fromOpaque(data).takeUnretainedValue()
        watch.refused = kind + " " + (name.map { String(cString: $0) } ?? "")
        return SQLITE_DENY
      }, own)
  }

  private static let kinds: [CInt: String] = [
    SQLITE_CREATE_TABLE: "TABLE", SQLITE_CREATE_VIEW: "VIEW", SQLITE_CREATE_VTABLE: "VIRTUAL TABLE",
  ]

  /// Forgets what was refused.
  func reset() { refused = nil }

  /// The error that says what to do instead; nil when nothing was refused.
  var error: SQLError? {
    refused.map {
      SQLError(
        description: "CREATE \($0): it would vanish when xmdb ends; CREATE TEMP … says that this is meant, and "
          + "ATTACH 'FILE.sqlite' AS kept; CREATE … kept.NAME keeps it in a file", code: SQLITE_AUTH)
    }
  }
}
