internal import Glibc

/// The right to write where there are no locks: the file `writer.owner`, which only one process can create.
///
/// A process that is killed leaves it behind. On the same machine its successor sees that the process is gone, and takes
/// over; from another machine nobody can see that, and a person has to say so (`SkyDatabase.breakLock`).
final class OwnerFile: Sendable {
  private let folder: String
  private let text: String

  private static let name = "writer.owner"

  private static func read(_ path: String) -> String? {
    (try? FileSystem.contents(of: path)).map { String(decoding: $0, as: UTF8.self) }
  }
  private static func path(in folder: String) -> String { folder + "/" + name }

  /// Makes this process the owner.
  /// - Throws: `StoreError.busy` that says who is.
  init(claiming folder: String) throws {
    let text = Owner.thisProcess().text
    if try !Self.create(Self.name, text, in: folder) {
      try Self.removeDead(in: folder)
      if try !Self.create(Self.name, text, in: folder) { throw Self.busy(folder) }
    }
    // Set last: an object that is not complete is not torn down, and leaves the file of another alone.
    (self.folder, self.text) = (folder, text)
  }

  /// Unless somebody broke the lock and took it.
  deinit { if Self.read(Self.path(in: folder)) == text { try? Self.remove(Self.name, in: folder) } }

  /// Creates a small file that no other process may have created before, synced.
  /// - Returns: False when there is one already.
  private static func create(_ name: String, _ text: String, in folder: String) throws -> Bool {
    let path = folder + "/" + name
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    if descriptor < 0 && errno == EEXIST { return false }
    guard descriptor >= 0 else { throw FileSystem.failure("cannot be created", path) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    if write(descriptor, bytes, bytes.count) != bytes.count || fsync(descriptor) != 0 {
      let error = FileSystem.failure("cannot be written", path)
      try? remove(name, in: folder)
      throw error
    }
    return true
  }

  private static func remove(_ name: String, in folder: String) throws {
    try Removal.file(name, of: .database, in: OpenFolder(folder))
  }

  /// Whether there is an owner that may be at work: alive, or on another machine, or not to be recognised.
  /// - Throws: `StoreError.busy` when it is not this process.
  static func requireNoOther(in folder: String) throws {
    guard exists(in: folder) else { return }
    switch Owner(text: read(path(in: folder)) ?? "")?.state {
    case .mine, .dead: return
    case .alive, .elsewhere, nil: throw busy(folder)
    }
  }

  /// Whether there is a file of an owner, at work or dead.
  static func exists(in folder: String) -> Bool { FileSystem.exists(path(in: folder)) }

  /// Whether this process is the owner.
  static func isMine(in folder: String) -> Bool {
    read(path(in: folder)).flatMap(Owner.init(text:))?.state == .mine
  }

  /// Removes the file of a process that is known to be gone; does nothing if there is no file any more.
  private static func removeDead(in folder: String) throws {
    let path = path(in: folder)
    guard let found = Self.read(path) else { return }
    guard Owner(text: found)?.state == .dead else { throw busy(folder) }
    // Of several that see the same file, one may remove it; the others could remove their successor's.
    let token = "\(name).\(Fingerprint(of: found))"
    guard try create(token, "", in: folder) else { throw busy(folder) }
    defer { try? remove(token, in: folder) }
    if Self.read(path) == found { try remove(name, in: folder) }
  }

  /// Removes the file of an owner that may be on another machine.
  /// - Returns: Who it was; nil if there was none.
  /// - Throws: `StoreError.busy` when it lives on this one.
  static func breakLock(in folder: String) throws -> String? {
    guard let text = read(path(in: folder)) else { return nil }
    if Owner(text: text)?.state == .alive { throw busy(folder) }
    let who = describe(text)
    for file in FileSystem.list(folder) where file == name || file.hasPrefix(name + ".") {
      try remove(file, in: folder)
    }
    return who
  }

  private static func describe(_ text: String) -> String {
    guard let owner = Owner(text: text) else { return "a process that has not said its name" }
    return "process \(owner.pid) on \(owner.host) since \(owner.since) (\(owner.command))"
  }

  private static func busy(_ folder: String) -> StoreError {
    let text = read(path(in: folder)) ?? ""
    let isNear = Owner(text: text)?.state == .alive
    return StoreError(
      .busy, folder,
      "is being written by \(describe(text)); wait for it to end, or stop it"
        + (isNear ? "" : ". If it is gone for certain, add --break-lock, or remove \(path(in: folder))"))
  }
}
