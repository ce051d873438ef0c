internal import CatalogStore

/// Names of catalogues: they are table names in SQL and folder names on disk.
enum CatalogueName {
  private static let longest = 48

  /// The name that a path suggests: its last part without ending, in lower case, other characters as underscores.
  static func suggested(by path: String) -> String {
    let last = FileSystem.name(path)
    let stem = last.split(separator: ".").first.map(String.init) ?? last
    var name = ""
    for scalar in stem.lowercased().unicodeScalars {
      let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
      name.unicodeScalars.append(isPlain ? scalar : "_")
    }
    if let first = name.unicodeScalars.first, !("a"..."z").contains(first) { name = "t_" + name }
    return String(name.prefix(longest))
  }

  /// Refuses a name that could not be a table or a folder.
  static func validate(_ name: String) throws {
    let scalars = Array(name.unicodeScalars)
    let isPlain = scalars.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }
    guard let first = scalars.first, ("a"..."z").contains(first), isPlain, scalars.count <= longest else {
      throw StoreError(
        .usage, "catalogue name '\(name)'",
        "is not allowed; a name has 1 to \(longest) lower-case letters, digits and underscores and begins with a letter (--as NAME)"
      )
    }
    if name.hasPrefix("sqlite_") || name.hasPrefix("xm_") || ["xmatch", "source", "block"].contains(name) {
      throw StoreError(.usage, "catalogue name '\(name)'", "is reserved; choose another with --as NAME")
    }
  }
}
