internal import Glibc

/// The right to change a database: one process at a time.
///
/// In both modes the kernel is asked for a lock, which it lets go of when the process ends, however it ends; with
/// `LockMode.file` it may refuse for want of locks, and an owner file stands for it. A writer of either mode respects the other.
public final class WriterLock: Sendable {
  private let descriptor: Int32
  private let owner: OwnerFile?

  /// Takes the lock of the database folder.
  /// - Throws: `StoreError.busy` when another process holds it, `.system` when the folder cannot be written or its file
  ///   system has no locks.
  public init(folder: String, locks: LockMode = .system) throws {
    let path = folder + "/writer.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileSystem.failure("cannot be opened for writing", path) }
    do {
      try Self.lock(descriptor, folder, locks)
      if locks == .system { try OwnerFile.requireNoOther(in: folder) }
      owner = locks == .file ? try OwnerFile(claiming: folder) : nil
      self.descriptor = descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit {
    // A child process of the host has a copy of the descriptor until it becomes another program: closing it is not enough.
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func lock(_ descriptor: Int32, _ folder: String, _ locks: LockMode) throws {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
    if errno == EWOULDBLOCK {
      throw StoreError(
        .busy, folder, "another xmdb process is writing to this database; wait for it to end, or stop it")
    }
    if locks == .system {
      throw StoreError(
        .system, folder,
        "its file system has no locks (\(String(cString: strerror(errno)))); use --locks file (or XMDB_LOCKS=file) with"
          + " every command on this database")
    }
  }
}
