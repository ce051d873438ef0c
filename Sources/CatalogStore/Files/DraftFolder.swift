internal import Glibc

/// A folder of files being made, as `Draft` is for one file: files for each pixel of an export, which get their names together, or
/// a database that is needed for one command. With its owner goes what xmdb has put into it.
public final class DraftFolder: Sendable {
  /// Where it is.
  public let path: String
  private let parent: String
  private let name: String
  private let descriptor: Int32

  /// Makes an empty folder.
  public init(in parent: String) throws {
    let name = Draft.newName()
    let path = parent.hasSuffix("/") ? parent + name : parent + "/" + name
    guard mkdir(path, 0o777) == 0 else { throw FileSystem.failure("cannot create the folder", path) }
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileSystem.failure("cannot be opened", path) }
    // Where folders cannot be locked, what a killed process leaves of it stays for a person to remove.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    (self.path, self.parent, self.name, self.descriptor) = (path, parent, name, descriptor)
  }

  deinit {
    if let place = try? OpenFolder(parent) { try? Removal.clear([name], of: .drafts, in: place) }
    close(descriptor)
  }
}
