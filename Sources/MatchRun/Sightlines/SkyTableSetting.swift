public import CatalogStore

/// What a configuration says of a table of the sky: a file that is still to be read, or its contents.
public enum SkyTableSetting: Sendable, Equatable {
  /// A file or a folder, which the program reads before it plans.
  case file(String)
  /// What was read.
  case read(SkyTable)
  /// What a run has recorded: a table of the database.
  case recorded(digest: String)

  /// What is recorded with a run; nil before a file is read.
  var digest: String? {
    switch self {
    case .file: nil
    case .read(let table): table.digest
    case .recorded(let digest): digest
    }
  }

  /// The file that is still to be read.
  public var path: String? { if case .file(let path) = self { path } else { nil } }

  /// Equal settings give the same answer: how a table was come by does not matter.
  public static func == (left: Self, right: Self) -> Bool { left.path == right.path && left.digest == right.digest }

  /// The table.
  /// - Throws: `StoreError.usage` for a file that was not read, `.damaged` when the database does not have it as it was written.
  func table(_ kind: SkyTable.Kind, in registry: Registry) throws -> SkyTable {
    switch self {
    case .file(let path): throw StoreError(.usage, path, "is to be read by the program before it plans a match")
    case .read(let table): table
    case .recorded(let digest): try registry.skyTable(kind, digest: digest)
    }
  }

  /// Keeps the table in the database, so that a run can name it.
  func keep(in registry: Registry) throws { if case .read(let table) = self { try registry.keep(table) } }

  /// As a configuration is recorded, with the key.
  func line(_ key: String) -> String { "\(key): \(digest ?? path ?? "")\n" }
}
