internal import Glibc

/// The right to change a database: one process at a time. The kernel lets go of it when the process ends, however it ends.
public final class WriterLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of the database folder.
  /// - Throws: `StoreError.busy` when another process holds it, `.system` when the folder cannot be written.
  public init(folder: String) throws {
    let path = folder + "/writer.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileSystem.failure("cannot be opened for writing", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw StoreError(
        .busy, folder, "another xmdb process is writing to this database; wait for it to end, or stop it")
    }
  }

  deinit { close(descriptor) }
}
