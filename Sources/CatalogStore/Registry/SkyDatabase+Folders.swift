/// The folders of a database, which other people's files may share: what may be made in them, and what is removed.
extension SkyDatabase {
  /// Refuses to make a database in a folder that holds anything but what a killed creation leaves, and what a person prepares:
  /// `project.yaml`, and `catalogues` and `runs` as links to empty folders elsewhere.
  func requireNewOrEmpty() throws {
    guard FileSystem.isThere(path) else { return }
    let strangers = try OpenFolder(path).names().filter { !isPrepared($0) }
    guard let first = strangers.first else { return }
    let others = strangers.count > 1 ? " and \(strangers.count - 1) more" : ""
    throw StoreError(
      .usage, path,
      "is no database of xmdb and is not empty (it holds \(first)\(others)); give a database, or a new folder, for example --db sky.xmdb"
    )
  }

  /// Refuses a folder in which the longest names of a database would be too long for SQLite.
  func requireRoom() throws {
    let longest =
      "/catalogues/" + String(repeating: "n", count: 48) + "/1000000/Norder=29/Npix=3458764513820540927.sqlite"
    let length = FileSystem.absolute(path).utf8.count
    let allowed = Connection.longestPath - longest.utf8.count
    if length <= allowed { return }
    throw StoreError(
      .usage, path,
      "has a path of \(length) bytes from the root; allowed: \(allowed), since SQLite limits the paths of files")
  }

  private func isPrepared(_ name: String) -> Bool {
    switch name {
    case "writer.lock", "readers.lock": FileSystem.size(path + "/" + name) == 0
    case "catalogues", "runs": FileSystem.isDirectory(path + "/" + name) && FileSystem.list(path + "/" + name).isEmpty
    case "project.yaml", "lost+found": true
    default: FolderForm.database.isFile(name)
    }
  }

  /// `catalogues` or `runs` to write to, made when absent. As a link to another disk it is the administrator's.
  /// - Throws: `StoreError.usage` when the folder behind a link holds what this database does not know.
  public func writableFolder(_ name: String) throws -> OpenFolder {
    let database = try OpenFolder(path)
    let folder = try database.folderOrNew(name, followingLink: true)
    if database.kind(of: name) == .link { try requireOwn(folder, name) }
    return folder
  }

  private func requireOwn(_ folder: OpenFolder, _ name: String) throws {
    let known = try registry().knownNames(in: name)
    let strangers = try folder.names().filter { !$0.hasPrefix(".") && $0 != "lost+found" && !known.contains($0) }
    guard let first = strangers.first else { return }
    throw StoreError(
      .usage, folder.path,
      "is a link to \(FileSystem.absolute(folder.path)), which holds \(first), and that is not of this database; "
        + "let it point to a new folder, or to the one that \(name) was moved to")
  }

  /// Removes what xmdb has put into the folders that the registry calls leftovers. A file of anybody else stays, with the
  /// folders above it; so does everything behind a link that leads to a folder of others. What somebody may be reading stays
  /// for a later writer.
  func removeLeftovers() throws {
    let reader = try registry()
    let folders = try reader.leftovers()
    // Of a registry that is damaged nobody knows what it should name.
    guard !folders.isEmpty, try reader.namesFoldersSoundly() else { return }
    let writer = try writableRegistry()
    let retired = RetiredFiles(of: self, registry: writer)
    for folder in folders where try retired.mayGo(path + "/" + folder) {
      try remove(leftover: folder)
      try writer.forget(leftover: folder)
    }
  }

  private func remove(leftover: String) throws {
    let parts = leftover.split(separator: "/").map(String.init)
    let forms: [String: FolderForm] = ["catalogues": .catalogues, "runs": .runs]
    guard let top = parts.first, let form = forms[top] else { return }
    let database = try OpenFolder(path)
    guard let folder = try database.folder(top, followingLink: true) else { return }
    if database.kind(of: top) == .link { try requireOwn(folder, top) }
    try Removal.clear(parts[1...], of: form, in: folder)
  }

  /// Removes what lies in the staging folder, and drafts beside the registry. The caller holds the writer lock.
  func clearStaging() throws {
    let folder = try OpenFolder(path)
    try Removal.clear(["staging"], of: .database, in: folder)
    for name in try folder.names() where OwnName.isDraft(name) || OwnName.isDraft(of: "registry.draft", name) {
      try Removal.file(name, of: .database, in: folder)
    }
  }

  /// Makes the staging folder anew and empty.
  /// - Returns: Its path.
  public func makeStaging(holding lock: WriterLock) throws -> String {
    try withExtendedLifetime(lock) {
      _ = try OpenFolder(path).folderOrNew("staging")
      return stagingPath
    }
  }

  /// Removes what lies in the staging folder.
  public func clearStaging(holding lock: WriterLock) throws { try withExtendedLifetime(lock) { try clearStaging() } }

  /// Removes the files of what the registry no longer names, such as the generation before the current one.
  public func removeLeftovers(holding lock: WriterLock) throws {
    try withExtendedLifetime(lock) { try removeLeftovers() }
  }

  /// Makes the folder of a generation, where nothing may be. The registry calls it a leftover until it is published.
  /// - Parameter folder: Below that of the database.
  /// - Returns: Its path.
  public func makeFolder(ofGeneration folder: String, holding lock: WriterLock) throws -> String {
    let parts = folder.split(separator: "/").map(String.init)
    guard let top = parts.first, let last = parts.last, parts.count > 1, parts.allSatisfy(OwnName.isPlain) else {
      throw StoreError(.system, folder, "is no folder of a database")
    }
    var place = try writableFolder(top)
    for name in parts[1..<(parts.count - 1)] { place = try place.folderOrNew(name) }
    if place.kind(of: last) != nil {
      throw StoreError(.usage, place.place(last), "is there already and is not of this database; move it away")
    }
    _ = try place.folderOrNew(last)
    for parent in [FileSystem.parent(path + "/" + folder), path + "/" + top, path] { try FileSystem.sync(parent) }
    withExtendedLifetime(lock) {}
    return path + "/" + folder
  }

  /// Makes the folder of a run, or clears from it what a killed attempt has left half done.
  public func makeFolder(ofRun run: Int64, holding lock: WriterLock) throws {
    _ = try writableFolder("runs").folderOrNew(String(run))
    removeDrafts(ofRun: run)
    withExtendedLifetime(lock) {}
  }
}

extension SkyDatabase {
  /// Removes from the folder of a run what processes that were killed have left half done.
  public func removeDrafts(ofRun run: Int64) {
    let folder = path + "/" + Self.runPath(run)
    for place in [folder, folder + "/counts"] {
      Draft.removeLeftovers(in: place)
      for name in FileSystem.list(place) where OwnName.isOrder(name) { Draft.removeLeftovers(in: place + "/" + name) }
    }
  }

  /// Removes one of the files that a run needs only while it is worked on.
  public func removeFile(_ name: String, ofRun run: Int64) throws {
    guard let runs = try OpenFolder(path).folder("runs", followingLink: true), let folder = try runs.folder(String(run))
    else { return }
    try Removal.file(name, of: .run, in: folder)
  }
}
