@testable import CatalogStore

extension SkyDatabase {
  /// Changes the registry and seals it anew, as a program would have written it that let such values through.
  func rewriteRegistry(_ sql: String) throws {
    let registry = try writableRegistry()
    try registry.connection.execute(sql)
    for owner in RegistrySeals.Owner.allCases {
      for id in try registry.seals.ids(owner) { try registry.seals.seal(owner, id) }
    }
  }
}
