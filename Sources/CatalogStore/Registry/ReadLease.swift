internal import Glibc

/// A reader's hold on the files of the registry's state that it has seen: what is replaced meanwhile stays until it is done.
///
/// The states of a registry are numbered by its change counter. A reader of state V holds a shared lock on byte V of the file
/// `readers.lock`; whoever has committed state W and wants to remove the files that it no longer names first looks for a lock
/// below W. Readers that come later hold W or more, so they delay nobody.
///
/// The locks are those of open files (`fcntl`, OFD): to close another descriptor of the file does not drop them, and they
/// vanish with the process.
public final class ReadLease: Sendable {
  /// What can be known of the readers of earlier states.
  enum Readers {
    case none, some
    /// The file system has no such locks, or there may be readers on other machines that they do not reach.
    case unknown
  }

  private let descriptor: Guarded<Int32>

  /// Holds a state. Nil where there are no locks, or no file for them and no right to make one.
  init?(in folder: String, state: UInt32) {
    let path = Self.path(in: folder)
    var descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { return nil }
    var lock = Self.lock(F_RDLCK, from: Int64(state), count: 1)
    guard fcntl(descriptor, Self.setLock, &lock) == 0 else {
      close(descriptor)
      return nil
    }
    self.descriptor = Guarded(descriptor)
  }

  deinit { release() }

  /// Lets the files go.
  func release() {
    descriptor.withLock {
      if $0 >= 0 { close($0) }
      $0 = -1
    }
  }

  /// Whether anybody holds a state before `state`.
  static func readers(before state: UInt32, in folder: String, _ locks: LockMode) -> Readers {
    let descriptor = Glibc.open(path(in: folder), O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return .unknown }
    defer { close(descriptor) }
    if state == 0 { return .none }
    var lock = Self.lock(F_WRLCK, from: 0, count: Int64(state))
    guard fcntl(descriptor, getLock, &lock) == 0 else { return .unknown }
    if lock.l_type != Int16(F_UNLCK) { return .some }
    return locks == .file ? .unknown : .none
  }

  private static func path(in folder: String) -> String { folder + "/readers.lock" }

  /// `F_OFD_GETLK` and `F_OFD_SETLK`, which the C library shows to GNU sources only.
  private static let (getLock, setLock): (Int32, Int32) = (36, 37)

  private static func lock(_ type: Int32, from start: Int64, count: Int64) -> flock {
    var lock = flock()
    lock.l_type = Int16(type)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = Int(start)
    lock.l_len = Int(count)
    return lock
  }
}

extension SkyDatabase {
  /// Holds the files of the registry's present state for as long as the lease lives.
  static func lease(on registry: Registry) -> ReadLease? {
    // A commit between the look and the lock would not have seen the lock.
    for _ in 0..<100 {
      guard let state = registry.connection.changeCounter() else { return nil }
      guard let lease = ReadLease(in: registry.database.path, state: state) else { return nil }
      if registry.connection.changeCounter() == state { return lease }
    }
    return nil
  }
}

/// Files that the registry no longer names, and readers that may still need them.
struct RetiredFiles {
  private let readers: ReadLease.Readers

  /// Where readers cannot be seen, what was replaced stays for a day, seconds.
  private static let grace = 86_400

  init(of database: SkyDatabase, registry: Registry) {
    readers =
      registry.connection.changeCounter().map { ReadLease.readers(before: $0, in: database.path, database.locks) }
      ?? .unknown
  }

  /// Whether a folder may go now. Otherwise a later writer asks again.
  func mayGo(_ folder: String) throws -> Bool {
    if !FileSystem.isDirectory(folder) { return true }
    switch readers {
    case .none: return true
    case .some: return false
    case .unknown: return try isOld(folder)
    }
  }

  /// The first writer that finds the folder retired leaves a mark in it.
  private func isOld(_ folder: String) throws -> Bool {
    let mark = folder + "/retired"
    if !FileSystem.isThere(mark) {
      try FileSystem.createNew(mark)
      return false
    }
    var file = stat()
    return stat(mark, &file) == 0 && time(nil) - file.st_mtim.tv_sec > Self.grace
  }
}
