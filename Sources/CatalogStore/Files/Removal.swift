internal import Glibc

/// The only code of xmdb that removes files and folders.
///
/// It takes no path. What it removes has a name that xmdb alone gives (`FolderForm`, a `Draft`, a file that an export has
/// listed), lies in a folder that is held open, and is a file or folder itself: no symbolic link is followed or removed.
/// Folders go when nothing is left in them.
enum Removal {
  /// Removes what xmdb has put into a folder, then the folder itself unless something else is in it; absent is fine.
  /// - Parameters:
  ///   - path: The name of the folder below `parent`, and of those between.
  ///   - form: What `parent` is.
  static func clear(_ path: ArraySlice<String>, of form: FolderForm, in parent: OpenFolder) throws {
    guard let name = path.first, let below = form.folder(name), let folder = try parent.folder(name) else { return }
    if path.count > 1 { try clear(path.dropFirst(), of: below, in: folder) } else { try clear(below, folder) }
    try removeIfEmpty(name, in: parent)
  }

  private static func clear(_ form: FolderForm, _ folder: OpenFolder) throws {
    for name in try folder.names() {
      switch folder.kind(of: name) {
      case .file: try file(name, of: form, in: folder)
      case .folder: try clear([name], of: form, in: folder)
      case .link, .other, nil: continue
      }
    }
  }

  /// Removes a file that xmdb makes in a folder of this form; one of another name stays, absent is fine.
  static func file(_ name: String, of form: FolderForm, in folder: OpenFolder) throws {
    if form.isFile(name) { try remove(name, in: folder) }
  }

  /// Removes the name of a draft, if it is still that of the file that was made.
  static func draft(_ name: String, in folder: String, descriptor: Int32) {
    guard OwnName.isDraft(name), let parent = try? OpenFolder(folder), isSame(descriptor, name, in: parent) else {
      return
    }
    try? remove(name, in: parent)
  }

  /// Removes a file that an export has listed, and the folders that are empty then. A file that has another size has been
  /// changed since and is somebody else's.
  static func exported(_ file: ExportedFile, in folder: OpenFolder) throws {
    try exported(file.parts[...], file.bytes, in: folder)
  }

  private static func exported(_ parts: ArraySlice<String>, _ bytes: Int64, in folder: OpenFolder) throws {
    guard let name = parts.first else { return }
    if parts.count == 1 {
      if folder.size(of: name) == bytes { try remove(name, in: folder) }
    } else if let below = try folder.folder(name) {
      try exported(parts.dropFirst(), bytes, in: below)
      try removeIfEmpty(name, in: folder)
    }
  }

  // MARK: The system

  private static func isSame(_ descriptor: Int32, _ name: String, in folder: OpenFolder) -> Bool {
    var (open, named) = (stat(), stat())
    return fstat(descriptor, &open) == 0 && fstatat(folder.descriptor, name, &named, AT_SYMLINK_NOFOLLOW) == 0
      && open.st_ino == named.st_ino && open.st_dev == named.st_dev
  }

  private static func remove(_ name: String, in folder: OpenFolder) throws {
    guard folder.kind(of: name) == .file else { return }
    if unlinkat(folder.descriptor, name, 0) != 0 && errno != ENOENT {
      throw FileSystem.failure("cannot remove", folder.place(name))
    }
  }

  private static func removeIfEmpty(_ name: String, in folder: OpenFolder) throws {
    if unlinkat(folder.descriptor, name, AT_REMOVEDIR) == 0 { return }
    if errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR { return }
    throw FileSystem.failure("cannot remove", folder.place(name))
  }
}
