internal import CatalogStore
internal import Yams

/// One of the YAML files by which macauff is told what to do. It has no defaults: a key that is needed must be there.
///
/// Source: macauff (github.com/macauff/macauff, `src/macauff/*.py`), head of October 2025.
struct MacauffParameters {
  let path: String
  private let root: Node.Mapping

  /// - Throws: `StoreError.usage` for a file that is no YAML with keys.
  init(_ path: String) throws {
    self.path = path
    guard let root = try YAMLDocument.root(ofFile: path, use: "a file of macauff's parameters is expected")?.mapping
    else { throw StoreError(.usage, path, "has no keys; a file of macauff's parameters is expected") }
    self.root = root
  }

  /// Whether a file has a name of YAML.
  static func isNamed(_ path: String) -> Bool { path.hasSuffix(".yaml") || path.hasSuffix(".yml") }

  func has(_ key: String) -> Bool { root[Node(key)] != nil }

  /// The text under a key; nil if there is none, or it is `None`.
  func optionalText(_ key: String) -> String? {
    guard let text = root[Node(key)]?.scalar?.string, text != "None" else { return nil }
    return text
  }

  func text(_ key: String) throws -> String {
    guard let text = optionalText(key) else { throw missing(key, "a text") }
    return text
  }

  /// Whether a key says yes; no where it is not there.
  func flag(_ key: String) -> Bool { ["true", "True", "1", "yes", "Yes"].contains(optionalText(key) ?? "") }

  /// The texts of a list; nil if there is none, or it is `None`.
  func optionalTexts(_ key: String) throws -> [String]? {
    guard let node = root[Node(key)], node.scalar?.string != "None" else { return nil }
    guard let list = node.sequence else { throw missing(key, "a list") }
    return try list.map { item in
      guard let text = item.scalar?.string else { throw missing(key, "a list of single values") }
      return text
    }
  }

  func texts(_ key: String) throws -> [String] {
    guard let list = try optionalTexts(key) else { throw missing(key, "a list") }
    return list
  }

  /// Numbers of columns, which count from 0.
  func columns(_ key: String) throws -> [Int] { try texts(key).map { try column($0, key) } }

  /// The number of a column; nil if there is none, or it is `None`.
  func optionalColumn(_ key: String) throws -> Int? { try optionalText(key).map { try column($0, key) } }

  private func column(_ text: String, _ key: String) throws -> Int {
    guard let number = Int(text) ?? Double(text).flatMap({ Int(exactly: $0) }), (0..<10_000).contains(number) else {
      throw StoreError(.usage, "\(path), \(key)", "is '\(text)'; expected the number of a column, from 0")
    }
    return number
  }

  private func missing(_ key: String, _ what: String) -> StoreError {
    StoreError(.usage, path, "needs the key \(key) with \(what)")
  }

  /// A path with the name of a chunk in the place of `_{}`; a relative one is looked for here, then beside the file of parameters.
  func file(_ template: String, chunk: String) -> String {
    let path = template.replacing("_{}", with: "_\(chunk)")
    if path.hasPrefix("/") || FileSystem.isThere(path) { return path }
    let beside = FileSystem.parent(self.path) + "/" + path
    return FileSystem.isThere(beside) ? beside : path
  }
}
