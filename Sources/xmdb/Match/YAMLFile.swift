import CatalogStore
import Foundation
import Yams

/// A YAML file of `key: value` lines.
struct YAMLFile {
  /// Its path.
  let path: String
  /// What it says, in order; empty for an empty file.
  let mapping: Node.Mapping

  /// - Parameter use: What the file is for, for the message when it cannot be read.
  /// - Throws: `StoreError.usage`.
  init(_ path: String, _ use: String) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StoreError(.usage, path, "cannot be read; \(use)")
    }
    let node: Node?
    do { node = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) } catch {
      throw StoreError(.usage, path, "is not YAML: " + "\(error)".split(separator: "\n").joined(separator: " "))
    }
    guard let node, node != Node("") else {
      mapping = [:]
      return
    }
    guard let mapping = node.mapping else {
      throw StoreError(.usage, path, "is not a list of `key: value` lines; \(use)")
    }
    self.mapping = mapping
  }
}
