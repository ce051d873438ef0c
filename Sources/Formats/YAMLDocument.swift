internal import CatalogStore
public import Yams

/// A small YAML file that people write: a configuration, a project, profiles of surveys.
///
/// Whatever it holds, reading it takes little time and memory: it is short, and an alias stands for nothing, since aliases of
/// aliases grow beyond bounds.
public enum YAMLDocument {
  /// Longer files are refused.
  public static let mostBytes = 1 << 18

  /// The root of the file; nil if it holds nothing. Every scalar stays the text that it is.
  /// - Parameters:
  ///   - path: The file, or a pipe.
  ///   - use: What the file is for, for the messages.
  /// - Throws: `StoreError.usage` for a file that cannot be read, is too long or is not YAML.
  public static func root(ofFile path: String, use: String) throws -> Node? {
    guard let bytes = try? FileSystem.beginning(of: path, most: mostBytes + 1) else {
      throw StoreError(.usage, path, "cannot be read; \(use)")
    }
    guard bytes.count <= mostBytes else {
      throw StoreError(.usage, path, "has more than \(mostBytes) bytes; \(use)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StoreError(.usage, path, "is not UTF-8; \(use)")
    }
    if let name = repeatedAnchor(bytes) {
      throw StoreError(
        .usage, path, "has the anchor '&\(name)' and its alias '*\(name)'; write out what is meant instead")
    }
    do {
      let node = try Yams.Parser(yaml: text, resolver: Resolver.basic, encoding: .utf8).singleRoot()
      return node?.scalar?.string == "" ? nil : node
    } catch {
      let words = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
      throw StoreError(.usage, path, "is not YAML: \(words)")
    }
  }

  /// A name that stands both behind `&` and behind `*` where a value may begin.
  static func repeatedAnchor(_ bytes: [UInt8]) -> String? {
    var names: [UInt8: Set<ArraySlice<UInt8>>] = [:]
    let ends = Set(" \t\r\n,[]{}".utf8)
    var mayBegin = true
    for (index, byte) in bytes.enumerated() {
      if mayBegin, byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") {
        let name = bytes[(index + 1)...].prefix { !ends.contains($0) }
        if !name.isEmpty { names[byte, default: []].insert(name) }
      }
      mayBegin = ends.contains(byte)
    }
    let both = names[UInt8(ascii: "&"), default: []].intersection(names[UInt8(ascii: "*"), default: []])
    return both.min { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
  }
}
