internal import Glibc

/// A folder that is held open. What is done through it is done in this very folder, whatever becomes of its path; the folders
/// below are entered without following symbolic links.
public final class OpenFolder {
  /// What an entry of a folder is, itself: a link is a link, whatever it points to.
  enum Kind { case file, folder, link, other }

  let descriptor: Int32
  /// For messages.
  public let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Opens a folder that somebody has named; links on the way to it are theirs and are followed.
  /// - Throws: `StoreError.system` when there is none, or it may not be read.
  public convenience init(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileSystem.failure("cannot be opened", path) }
    self.init(descriptor: descriptor, path: path)
  }

  /// A folder below this one.
  /// - Parameter followingLink: Whether the name may be a link to a folder elsewhere.
  /// - Returns: Nil when there is no folder of this name.
  func folder(_ name: String, followingLink: Bool = false) throws -> OpenFolder? {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followingLink ? 0 : O_NOFOLLOW)
    let child = openat(descriptor, name, flags)
    if child < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) { return nil }
    guard child >= 0 else { throw FileSystem.failure("cannot be opened", place(name)) }
    return OpenFolder(descriptor: child, path: place(name))
  }

  /// A folder below this one, made when absent.
  /// - Throws: `StoreError.usage` when something else has the name, a link for instance.
  public func folderOrNew(_ name: String, followingLink: Bool = false) throws -> OpenFolder {
    if mkdirat(descriptor, name, 0o777) != 0 && errno != EEXIST {
      throw FileSystem.failure("cannot create the folder", place(name))
    }
    if let folder = try folder(name, followingLink: followingLink) { return folder }
    throw StoreError(.usage, place(name), "is a symbolic link or a file; xmdb needs a folder here: move it away")
  }

  /// What an entry is; nil when there is none.
  func kind(of name: String) -> Kind? {
    var info = stat()
    guard fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    switch info.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case S_IFLNK: return .link
    default: return .other
    }
  }

  /// The size of a file, bytes; nil when the name is none of a file.
  func size(of name: String) -> Int64? {
    var info = stat()
    guard fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0, info.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int64(info.st_size)
  }

  /// The names in it, sorted. A name that is not UTF-8 is not among them: nothing of xmdb has one.
  /// - Throws: `StoreError.system` when they cannot be read.
  func names() throws -> [String] {
    // A copy of the descriptor with a position of its own, which closedir closes.
    let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0 else { throw FileSystem.failure("cannot be read", path) }
    guard let directory = fdopendir(own) else {
      let error = FileSystem.failure("cannot be read", path)
      close(own)
      throw error
    }
    defer { closedir(directory) }
    return FileSystem.entries(directory)
  }

  func place(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }
}
