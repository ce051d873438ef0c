internal import CatalogStore
internal import Glibc

/// Finding the files of tables behind the paths that a user gives: files, directories, and HATS catalogues.
///
/// - A directory stands for every file below it whose name is that of a `TableFormat`. Names that begin with `.` or `_` (such as
///   `_metadata` and `_common_metadata`) are passed over.
/// - A HATS catalogue or collection stands for what `HatsCatalogue` says.
///
/// Files of one directory come in the order of their paths, byte by byte.
struct TableFiles {
  /// One file.
  struct Found {
    var path: String
    /// The name or number of one of its tables: `file.fits[2]`.
    var table: String?
    /// The names of its columns, where no line of it gives them.
    var names: [String]?
    /// `key=value` in the names of the folders between the path that was given and the file.
    var partitions: [HivePartition] = []
  }

  /// The files, each once, in a stable order.
  private(set) var files: [Found] = []
  /// HATS catalogues among the paths, and which of the files are theirs.
  private(set) var catalogues: [(catalogue: HatsCatalogue, files: Range<Int>)] = []

  private let cancellation: Cancellation
  private var seenDirectories: Set<Folder.Identity> = []

  /// Finds the files behind `paths`.
  init(_ paths: [String], cancellation: Cancellation = Cancellation()) throws {
    self.cancellation = cancellation
    guard !paths.isEmpty else {
      throw FormatError(.usage, subject: "ingest", "no file given; name a file or directory")
    }
    for path in paths {
      switch Folder.Kind(path) {
      case nil:
        let reason = String(cString: strerror(errno))
        guard let found = Self.tableOfFile(path) else { throw Self.notFound(path, reason) }
        files.append(found)
      case .directory?: try addDirectory(path)
      case .file? where MacauffCatalogue.isOne(path):
        let catalogue = try MacauffCatalogue(path)
        files += catalogue.files.map { Found(path: $0, names: catalogue.columnNames) }
      case .file?: files.append(Found(path: path))
      }
    }
    try refuseDuplicates()
  }

  /// `file[table]`, where `file` is one.
  private static func tableOfFile(_ path: String) -> Found? {
    guard path.last == "]", let bracket = path.lastIndex(of: "[") else { return nil }
    let (file, table) = (String(path[..<bracket]), String(path[path.index(after: bracket)...].dropLast()))
    guard Folder.Kind(file) == .file, !table.isEmpty else { return nil }
    return Found(path: file, table: table)
  }

  private static func notFound(_ path: String, _ reason: String) -> FormatError {
    let hint =
      path.unicodeScalars.contains("\u{FFFD}") ? " (a name that is not UTF-8 cannot be given; rename the file)" : ""
    return FormatError(.notReadable, subject: path, "cannot be opened: \(reason)\(hint)")
  }

  private mutating func addDirectory(_ path: String) throws {
    let root = Self.trimmed(path)
    let (first, earlier) = (files.count, catalogues.count)
    try collect(root, root: root)
    guard files.count > first else {
      throw FormatError(.empty, subject: path, "the directory holds no \(TableFormat.listed)")
    }
    let here = catalogues[earlier...]
    guard here.count <= 1, here.first.map({ $0.files.count == files.count - first }) ?? true else {
      let names = here.prefix(5).map(\.catalogue.path).joined(separator: ", ")
      throw FormatError(
        .usage, subject: path, "holds more than one catalogue, among them in the HATS format \(names); name one")
    }
    files[first...].sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private mutating func collect(_ directory: String, root: String) throws {
    try cancellation.check(root)
    if let identity = Folder.Identity(directory), !seenDirectories.insert(identity).inserted {
      throw FormatError(
        .usage, subject: directory, "the directory is there twice (a link to it?); its rows would be doubled")
    }
    if let catalogue = try HatsCatalogue(directory) {
      let first = files.count
      files += try catalogue.files().map { Found(path: $0) }
      catalogues.append((catalogue, first..<files.count))
      return
    }
    for name in try Folder.names(directory) where !name.hasPrefix("_") {
      let path = directory + "/" + name
      switch Folder.Kind(path) {
      case .directory?: try collect(path, root: root)
      case .file? where TableFormat.of(name) != nil:
        files.append(Found(path: path, partitions: HivePartition.of(directory, below: root)))
      case nil where TableFormat.of(name) != nil:
        throw FormatError(.notReadable, subject: path, "cannot be opened (a link to nothing?)")
      default: continue
      }
    }
  }

  private func refuseDuplicates() throws(FormatError) {
    struct Table: Hashable {
      let file: Folder.Identity
      let name: String?
    }
    var seen: [Table: String] = [:]
    for file in files {
      guard let identity = Folder.Identity(file.path) else { continue }
      if let first = seen.updateValue(file.path, forKey: Table(file: identity, name: file.table)) {
        throw FormatError(
          .usage, subject: file.path, "the file is given twice (also as \(first)); its rows would be doubled")
      }
    }
  }
}
