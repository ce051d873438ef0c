internal import Glibc

/// A file or folder being made, beside its final place or in a folder for such: under a name that no other process has or will
/// have, created by nobody else, reached by no link. It gets its own name when it is complete; until then it vanishes with its owner.
///
/// A draft is locked while it is made. A killed process leaves its drafts behind, unlocked: `removeLeftovers` finds them by
/// their name and their lock.
public final class Draft: Sendable {
  /// Where it is.
  public let path: String
  private let folder: String
  private let name: String
  let descriptor: Int32

  /// How often a new name is tried: another process may take a new draft for a leftover before it is locked.
  private static let attempts = 20
  /// A draft of another machine, or of this one before it was started anew, is a leftover after so long, seconds.
  private static let longestWork = 86_400

  private init(_ folder: String, _ name: String, _ descriptor: Int32) {
    (self.folder, self.name, self.descriptor) = (folder, name, descriptor)
    path = Self.place(folder, name)
  }

  deinit {
    Removal.draft(name, in: folder, descriptor: descriptor)
    close(descriptor)
  }

  /// Makes an empty file.
  /// - Parameter isLocked: False for a file that SQLite locks itself, in a folder that only one process writes to.
  public convenience init(in folder: String, isLocked: Bool = true) throws {
    let (name, descriptor) = try Self.make(in: folder, isLocked: isLocked)
    self.init(folder, name, descriptor)
  }

  private static func make(in folder: String, isLocked: Bool) throws -> (name: String, descriptor: Int32) {
    for _ in 0..<attempts {
      let name = newName()
      let place = place(folder, name)
      let descriptor = open(place, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileSystem.failure("cannot be created", place) }
      if !isLocked || takeLock(descriptor) { return (name, descriptor) }
      close(descriptor)
    }
    throw StoreError(.system, folder, "no draft can be kept in it; is another program removing hidden files?")
  }

  /// Makes another name of a finished file that never changes: the same file where the file system can, else a copy.
  public static func linking(_ source: String, in folder: String) throws -> Draft {
    let name = newName()
    let place = place(folder, name)
    guard link(source, place) == 0 else {
      let draft = try Draft(in: folder)
      _ = try draft.copy(from: source)
      return draft
    }
    let descriptor = open(place, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileSystem.failure("cannot be opened", place) }
    return Draft(folder, name, descriptor)
  }

  /// Fills it with the contents of another file, synced.
  /// - Returns: The fingerprint of what was written.
  public func copy(from source: String) throws -> Fingerprint {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw FileSystem.failure("cannot be opened", source) }
    defer { close(input) }
    var hasher = Fingerprint.Hasher()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(input, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileSystem.failure("cannot be read", source) }
      if count == 0 { break }
      try buffer.withUnsafeBytes { bytes in
        let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        hasher.update(part)
        try write(part)
      }
    }
    try sync()
    return hasher.finish()
  }

  /// Adds bytes at its end.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileSystem.failure("cannot be written", path) }
      done += count
    }
  }

  /// Forces its contents to the disk, whoever wrote them.
  public func sync() throws {
    if fsync(descriptor) != 0 { throw FileSystem.failure("cannot be synced", path) }
  }

  /// Gives it its name, in one step; an existing file of that name is replaced. The contents are synced before.
  public func publish(as target: String) throws {
    try sync()
    try FileSystem.rename(path, to: target)
  }
}

// MARK: Leftovers

extension Draft {
  /// Removes the drafts of processes that are gone from a folder that several may use.
  ///
  /// A draft that can be locked belongs to nobody. Where locks do not hold, as on some shared file systems, and for drafts of
  /// another machine, it must not have changed for a day.
  public static func removeLeftovers(in folder: String) {
    guard let place = try? OpenFolder(folder), let names = try? place.names() else { return }
    for name in names where OwnName.isDraft(name) {
      guard let leftover = Leftover(name, in: place), leftover.isAbandoned else { continue }
      try? leftover.remove()
    }
  }

  /// What a killed process may have left behind, held open.
  private final class Leftover {
    private let name: String
    private let place: OpenFolder
    private let descriptor: Int32
    private var info = stat()

    init?(_ name: String, in place: OpenFolder) {
      (self.name, self.place) = (name, place)
      descriptor = openat(place.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      if descriptor < 0 { return nil }
      if fstat(descriptor, &info) != 0 { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var isAbandoned: Bool {
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
      return name.hasPrefix(Draft.prefix) || time(nil) - info.st_mtim.tv_sec > Draft.longestWork
    }

    func remove() throws {
      if info.st_mode & S_IFMT == S_IFDIR {
        try Removal.clear([name], of: .drafts, in: place)
      } else {
        Removal.draft(name, in: place.path, descriptor: descriptor)
      }
    }
  }

  /// Whether this process has the draft to itself now. On a file system without locks nobody can have it.
  fileprivate static func takeLock(_ descriptor: Int32) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { return errno != EWOULDBLOCK }
    var info = stat()
    return fstat(descriptor, &info) == 0 && info.st_nlink > 0
  }

  private static let prefix = ".xmdb-\(hex(UInt64(Owner.thisMachine), digits: 8))-"

  static func newName() -> String {
    prefix + hex(UInt64.random(in: .min ... .max), digits: 16) + ".draft"
  }

  private static func hex(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }

  fileprivate static func place(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}
