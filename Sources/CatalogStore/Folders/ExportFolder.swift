internal import Glibc

/// A file of an export that is complete and has not got its name yet.
public struct StagedFile: Sendable {
  /// Where it shall be.
  public let file: ExportedFile
  /// Where it is.
  public let path: String
  /// Keeps it there.
  private let draft: any Sendable

  /// - Parameter draft: Its draft, or the folder of drafts that it lies in.
  public init(_ file: ExportedFile, path: String, draft: any Sendable) {
    (self.file, self.path, self.draft) = (file, path, draft)
  }
}

/// A folder that holds one export, and maybe files of other people.
///
/// The files of an export are those that its `manifest.json` lists. A new export takes their place when all of it is complete;
/// before it touches anything it lists old and new files in a journal, so that those of a killed export are known, too.
public final class ExportFolder {
  private let folder: OpenFolder
  /// Files of earlier exports here.
  private let own: Set<ExportedFile>
  private let hasOwnManifest: Bool
  private let replacesOthers: Bool

  static let manifest = "manifest.json"
  static let journal = FolderForm.exportJournal

  /// Opens the folder of an export, made when absent.
  /// - Parameter replacesOthers: Whether files of the same names that no export wrote may be replaced.
  /// - Throws: `StoreError.busy` while another export writes here.
  public init(_ path: String, replacesOthers: Bool) throws {
    try FileSystem.createDirectories(path)
    folder = try OpenFolder(path)
    if flock(folder.descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      throw StoreError(.busy, path, "another export is being written here; wait for it to end, or take another folder")
    }
    self.replacesOthers = replacesOthers
    let listed = Self.listed(path + "/" + Self.manifest)
    hasOwnManifest = listed != nil
    own = Set((listed ?? []) + (Self.listed(path + "/" + Self.journal) ?? []))
    Draft.removeLeftovers(in: path)
  }

  /// What a manifest or a journal of an export lists; nil when the file is none of them.
  private static func listed(_ path: String) -> [ExportedFile]? {
    guard let size = FileSystem.size(path), size < 1_000_000_000, let bytes = try? FileSystem.contents(of: path),
      let connection = try? Connection(path: ":memory:", mode: .create),
      let statement = try? connection.prepare(
        """
        SELECT json_extract(value, '$.name'), json_extract(value, '$.bytes') FROM json_each(?1, '$.files')
        WHERE json_extract(?1, '$.program') LIKE 'xmdb %'
        """)
    else { return nil }
    statement.bind(1, String(decoding: bytes, as: UTF8.self))
    var files: [ExportedFile] = []
    var isAny = false
    do {
      while try statement.step() {
        isAny = true
        if let file = ExportedFile(name: statement.text(0), bytes: statement.int64(1)) { files.append(file) }
      }
    } catch { return nil }
    return isAny ? files : nil
  }

  // MARK: Other people's files

  /// Refuses to replace what no export wrote.
  /// - Parameters:
  ///   - files: Names of files that will be written.
  ///   - tables: Names of folders that will be written into.
  /// - Throws: `StoreError.usage` that names the first such file.
  public func requireFree(files: [String], tables: [String]) throws {
    let names = Set(own.map(\.name))
    for name in files { try requireFile(name, isOwn: names.contains(name)) }
    try requireFile(Self.manifest, isOwn: hasOwnManifest)
    for table in tables {
      switch folder.kind(of: table) {
      case nil: continue
      case .folder: try requireTable(table, names)
      case .file, .link, .other: throw inTheWay(table)
      }
    }
  }

  private func requireFile(_ name: String, isOwn: Bool) throws {
    switch folder.kind(of: name) {
    case nil: return
    case .file where isOwn || replacesOthers: return
    case .link where replacesOthers: return
    case .folder, .other: throw inTheWay(name)
    case .file, .link: throw refusal(name)
    }
  }

  private func requireTable(_ table: String, _ own: Set<String>) throws {
    if replacesOthers { return }
    guard let place = try folder.folder(table) else { return }
    try requireOwn(place, table, own)
  }

  /// Folders of an export hold files that it has listed, and folders of orders and of pixels.
  private func requireOwn(_ place: OpenFolder, _ path: String, _ own: Set<String>) throws {
    for name in try place.names() where !own.contains("\(path)/\(name)") {
      let isPart =
        OwnName.isOrder(name) || OwnName.is(name, "Dir=", OwnName.isNumber)
        || (name == ExportedFile.dataset && ExportedFile.hatsFolders.contains(path))
      guard isPart, let below = try place.folder(name) else { throw refusal("\(path)/\(name)") }
      try requireOwn(below, "\(path)/\(name)", own)
    }
  }

  private func inTheWay(_ name: String) -> StoreError {
    StoreError(.usage, folder.place(name), "is in the way of the export; move it away, or export to another folder")
  }

  private func refusal(_ name: String) -> StoreError {
    StoreError(
      .usage, folder.place(name),
      "is there already, and no export of xmdb has written it (manifest.json here does not list it); move it away, "
        + "export to another folder, or give --force to replace files of the same names")
  }

  // MARK: A new export

  /// Gives all files their names, and removes those of earlier exports that have got no successor.
  /// - Parameters:
  ///   - manifest: Complete; gets its name last.
  ///   - journal: What the manifest would say if it listed old and new files, given as a list of both.
  public func publish(
    _ staged: [StagedFile], manifest: FileWriter, journal: ([ExportedFile]) throws -> String
  ) throws {
    let new = Set(staged.map(\.file.name))
    let old = own.filter { !new.contains($0.name) }
    let text = try journal(staged.map(\.file) + Array(own))
    let list = try FileWriter(path: folder.place(Self.journal))
    try list.write(text)
    _ = try list.publish()
    try FileSystem.sync(folder.path)
    try putInPlace(staged)
    for file in old.sorted(by: { $0.name < $1.name }) { try Removal.exported(file, in: folder) }
    _ = try manifest.publish()
    try FileSystem.sync(folder.path)
    try Removal.file(Self.journal, of: .export, in: folder)
  }

  private func putInPlace(_ staged: [StagedFile]) throws {
    var last: (names: ArraySlice<String>, place: OpenFolder)?
    for one in staged {
      let names = one.file.parts.dropLast()
      if last?.names != names {
        if let last { try FileSystem.sync(last.place.path) }
        var place = folder
        for name in names { place = try place.folderOrNew(name) }
        last = (names, place)
      }
      try FileSystem.rename(one.path, to: folder.place(one.file.name))
    }
    if let last { try FileSystem.sync(last.place.path) }
  }
}
