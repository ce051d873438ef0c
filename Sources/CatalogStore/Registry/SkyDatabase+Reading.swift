internal import Glibc

/// Connections that read the registry: under its locks, or where there are none from a copy in memory.
extension SkyDatabase {
  // MARK: With locks of the system

  func lockedRegistry() throws -> Connection {
    try OwnerFile.requireNoOther(in: path)
    do { return try readRegistry() } catch let error as StoreError where error.sqliteCode == Connection.rollbackNeeded {
      try rollBack()
      return try readRegistry()
    }
  }

  private func readRegistry() throws -> Connection {
    let connection = try Connection(path: registryPath, mode: .readOnly)
    // An older database is brought up to date once, then read.
    let isOlder = try requireRegistry(connection) < Migration.latest
    try migrate(isOlder ? Connection(path: registryPath, mode: .readWrite) : connection)
    return connection
  }

  /// Takes back what a process that was killed in the middle of a commit had begun: any connection that may write does so
  /// when it first reads. Without locks it must be the owner's.
  func rollBack() throws {
    let connection = try Connection(path: registryPath, mode: .readWrite, locks: locks)
    _ = try requireRegistry(connection)
    let version = try Migration.version(of: connection)
    // A journal that was cut off before its first sync holds nothing to take back, and stays until the next change.
    if hasJournal { try connection.transaction { try connection.execute("PRAGMA user_version=\(version)") } }
  }

  // MARK: Without locks

  /// How long a reader waits for a state between two changes of its own process, seconds.
  private static let patience = 10.0

  /// A copy of the registry as it stood at one moment when nobody was writing to it.
  ///
  /// A writer makes its owner file before its first change and removes it after its last; within its own process a
  /// transaction lasts as long as there is a journal, and every commit changes the stamp. So a copy is whole when there was
  /// no other owner and no journal before and after, and the stamp is the same.
  func copiedRegistry() throws -> Connection {
    let end = Program.seconds() + Self.patience
    repeat {
      if let copy = try copyRegistry() { return copy }
      usleep(10_000)
    } while Program.seconds() < end
    throw StoreError(.busy, registryPath, "changes all the time; run the command again later")
  }

  private func copyRegistry() throws -> Connection? {
    try OwnerFile.requireNoOther(in: path)
    if hasJournal {
      if !OwnerFile.isMine(in: path) { try asOwner(rollBack) }
      return nil
    }
    let stamp = RegistryStamp(ofUnlockedFile: registryPath)
    let image = try FileSystem.contents(of: registryPath)
    try OwnerFile.requireNoOther(in: path)
    guard !hasJournal, stamp == RegistryStamp(ofUnlockedFile: registryPath) else { return nil }
    let connection = try Connection(image: image, of: registryPath)
    if try requireRegistry(connection) < Migration.latest {
      try asOwner { _ = try writableRegistry() }
      return nil
    }
    try migrate(connection)
    return connection
  }

  private var hasJournal: Bool { FileSystem.exists(registryPath + "-journal") }

  private func asOwner(_ body: () throws -> Void) throws {
    if OwnerFile.isMine(in: path) { return try body() }
    let lock = try WriterLock(folder: path, locks: .file)
    try withExtendedLifetime(lock, body)
  }

  /// Removes the owner file of a writer that is gone for certain, although that cannot be seen from here.
  /// - Returns: Who it was; nil if there was none.
  /// - Throws: `StoreError.busy` when it lives on this machine, `.usage` for a folder that is no database.
  public static func breakLock(at path: String) throws -> String? {
    let database = SkyDatabase(path: path)
    guard OwnerFile.exists(in: path) else { return nil }
    if FileSystem.exists(database.registryPath) {
      _ = try database.requireRegistry(Connection(path: database.registryPath, mode: .immutable))
    } else {
      // The owner was killed while it made the database.
      try database.requireNewOrEmpty()
    }
    return try OwnerFile.breakLock(in: path)
  }
}
