internal import Glibc

/// Finding the Parquet files behind the paths that a user gives: files, directories, and HATS catalogues.
///
/// - A directory stands for every `*.parquet`, `*.parq` and `*.pq` below it. Names that begin with `.` or `_` (such as
///   `_metadata` and `_common_metadata`) are passed over.
/// - A HATS catalogue (a directory with `properties` or `hats.properties` and `dataset/`) stands for its `dataset/`.
/// - A HATS collection (a directory with `collection.properties`) stands for its primary table, without its margins.
///
/// Files of one directory come in the order of their paths, byte by byte.
enum ParquetFiles {
  /// Deeper trees are taken for a loop of links.
  private static let maximumDepth = 32

  /// The files, each once, in a stable order.
  static func find(_ paths: [String]) throws(IngestError) -> [String] {
    guard !paths.isEmpty else {
      throw IngestError(.usage, subject: "ingest", "no file given; name a Parquet file or directory")
    }
    var found: [String] = []
    for path in paths {
      guard let kind = Kind(path) else {
        throw IngestError(.notReadable, subject: path, "cannot be opened: \(String(cString: strerror(errno)))")
      }
      if kind == .directory {
        found += try inDirectory(path)
      } else {
        found.append(path)
      }
    }
    try refuseDuplicates(found)
    return found
  }

  private enum Kind {
    case file, directory

    init?(_ path: String) {
      var facts = stat()
      guard stat(path, &facts) == 0 else { return nil }
      self = facts.st_mode & S_IFMT == S_IFDIR ? .directory : .file
    }
  }

  private static func inDirectory(_ path: String) throws(IngestError) -> [String] {
    let root = try hatsDataset(trimmed(path))
    var files: [String] = []
    try collect(root, depth: 0, into: &files)
    guard !files.isEmpty else {
      throw IngestError(.empty, subject: path, "the directory holds no Parquet file (*.parquet, *.parq, *.pq)")
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private static func collect(_ directory: String, depth: Int, into files: inout [String]) throws(IngestError) {
    guard depth <= maximumDepth else {
      throw IngestError(.notReadable, subject: directory, "directories are nested too deeply (a loop of links?)")
    }
    for name in try entries(directory) where !name.hasPrefix(".") && !name.hasPrefix("_") {
      let path = directory + "/" + name
      switch Kind(path) {
      case .directory?: try collect(path, depth: depth + 1, into: &files)
      case .file? where isParquetName(name): files.append(path)
      default: continue
      }
    }
  }

  private static func isParquetName(_ name: String) -> Bool {
    [".parquet", ".parq", ".pq"].contains { name.hasSuffix($0) }
  }

  private static func entries(_ directory: String) throws(IngestError) -> [String] {
    guard let stream = opendir(directory) else {
      throw IngestError(.notReadable, subject: directory, "cannot be listed: \(String(cString: strerror(errno)))")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }

  /// The directory that holds the rows: `directory` itself unless it is a HATS collection or catalogue.
  private static func hatsDataset(_ directory: String) throws(IngestError) -> String {
    var catalogue = directory
    if let collection = read(directory + "/collection.properties") {
      guard let primary = property("hats_primary_table_url", in: collection) else {
        throw IngestError(
          .damaged, subject: directory + "/collection.properties",
          "has no hats_primary_table_url; name the catalogue's own directory instead")
      }
      catalogue = primary.hasPrefix("/") ? primary : directory + "/" + primary
    }
    let isHats = ["/properties", "/hats.properties"].contains { Kind(catalogue + $0) == .file }
    return isHats && Kind(catalogue + "/dataset") == .directory ? catalogue + "/dataset" : catalogue
  }

  /// The value of `key` in a Java properties file.
  private static func property(_ key: String, in text: String) -> String? {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, trimSpaces(parts[0]) == key else { continue }
      return trimSpaces(parts[1])
    }
    return nil
  }

  private static func trimSpaces(_ text: Substring) -> String {
    String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  private static func refuseDuplicates(_ paths: [String]) throws(IngestError) {
    var seen: [[UInt64]: String] = [:]
    for path in paths {
      var facts = stat()
      guard stat(path, &facts) == 0 else { continue }
      if let first = seen.updateValue(path, forKey: [UInt64(facts.st_dev), UInt64(facts.st_ino)]) {
        throw IngestError(
          .usage, subject: path, "the file is given twice (also as \(first)); its rows would be doubled")
      }
    }
  }
}
