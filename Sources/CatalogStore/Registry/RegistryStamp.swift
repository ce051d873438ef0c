internal import Glibc

/// Tells whether a registry has changed, in a few microseconds and without a lock.
///
/// The file change counter at byte 24 of an SQLite file grows with every transaction that is committed in rollback-journal
/// mode, as the registry's are (sqlite.org/fileformat2.html, §1.3.7). It is written while readers are locked out, so
/// whoever reads the registry after having seen a new counter reads the new state.
public struct RegistryStamp: Sendable, Hashable {
  private let device: UInt64
  private let inode: UInt64
  private let changes: UInt32

  /// The stamp of the file that a connection has open. The counter is read through the connection: to open and close the
  /// file beside it would cancel its locks. Nil when the file is gone.
  init?(of connection: Connection) {
    var file = stat()
    guard stat(connection.path, &file) == 0, let counter = connection.changeCounter() else { return nil }
    self.init(file, counter)
  }

  /// The stamp of a file that nobody locks, since its file system has no locks. Nil when there is none.
  init?(ofUnlockedFile path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var file = stat()
    var counter: UInt32 = 0
    guard fstat(descriptor, &file) == 0, pread(descriptor, &counter, 4, 24) == 4 else { return nil }
    self.init(file, UInt32(bigEndian: counter))
  }

  private init(_ file: stat, _ counter: UInt32) {
    device = UInt64(file.st_dev)
    inode = UInt64(file.st_ino)
    changes = counter
  }
}

extension Registry {
  /// The stamp of the registry now; nil when it is gone.
  public func stamp() -> RegistryStamp? {
    // Without locks the connection holds a copy in memory, which does not change.
    database.locks == .file
      ? RegistryStamp(ofUnlockedFile: database.registryPath) : RegistryStamp(of: connection)
  }

  /// Holds the files of the state that this registry has read, if it is still the present one.
  /// - Returns: Nil when it is not: read the registry anew. No lease where there are no locks.
  public func lease(on stamp: RegistryStamp?) -> (lease: ReadLease?, isPresent: Bool) {
    let lease = SkyDatabase.lease(on: self)
    return (lease, self.stamp() == stamp)
  }
}
