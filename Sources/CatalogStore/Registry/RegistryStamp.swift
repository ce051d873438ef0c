internal import Glibc

/// Tells whether a registry has changed, in a few microseconds and without a lock.
///
/// The file change counter at byte 24 of an SQLite file grows with every transaction that is committed in rollback-journal
/// mode, as the registry's are (sqlite.org/fileformat2.html, §1.3.7). It is written while readers are locked out, so
/// whoever reads the registry after having seen a new counter reads the new state.
public struct RegistryStamp: Sendable, Hashable {
  private let device: UInt64
  private let inode: UInt64
  private let modified: Int64
  private let changes: UInt32

  /// The stamp of a database's registry; nil when there is none.
  public init?(of database: SkyDatabase) {
    let descriptor = open(database.registryPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var file = stat()
    var counter: UInt32 = 0
    guard fstat(descriptor, &file) == 0, pread(descriptor, &counter, 4, 24) == 4 else { return nil }
    device = UInt64(file.st_dev)
    inode = UInt64(file.st_ino)
    modified = Int64(file.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(file.st_mtim.tv_nsec)
    changes = UInt32(bigEndian: counter)
  }
}
