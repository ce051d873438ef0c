internal import CatalogStore
internal import Yams

/// A value in a file of profiles, and where it stands: what it should be is asked of it, and it says what is wrong.
struct ProfileValue {
  private let node: Node
  /// File, profile and key, for messages.
  let subject: String
  /// Its place among the members of what holds it.
  private(set) var place = 0

  init(_ node: Node, _ subject: String) {
    self.node = node
    self.subject = subject
  }

  /// The same, called otherwise in messages.
  func renamed(_ subject: String) -> ProfileValue { ProfileValue(node, subject) }

  /// What to throw when it is not what it should be.
  func wrong(_ given: String, _ allowed: String) -> StoreError {
    let line = node.mark.map { " (line \($0.line))" } ?? ""
    return StoreError(.usage, subject, "\(given)\(line); allowed: \(allowed)")
  }

  /// Its members by their keys.
  /// - Parameter keys: The keys that it may have; nil: any.
  func members(_ keys: [String]?) throws -> [String: ProfileValue] {
    guard let mapping = node.mapping else {
      throw wrong("is no list of `key: value` lines", keys?.joined(separator: ", ") ?? "key: value")
    }
    var members: [String: ProfileValue] = [:]
    for (place, (key, value)) in mapping.enumerated() {
      guard let name = key.scalar?.string, keys?.contains(name) ?? true else {
        throw wrong("has the unknown key '\(key.scalar?.string ?? "…")'", keys?.joined(separator: ", ") ?? "words")
      }
      var member = ProfileValue(value, "\(subject), \(name)")
      member.place = place
      members[name] = member
    }
    return members
  }

  /// Its elements.
  func list(_ allowed: String) throws -> [ProfileValue] {
    guard let list = node.sequence else { throw wrong("is no list", allowed) }
    return list.map { ProfileValue($0, subject) }
  }

  /// Its text.
  func text(_ allowed: String) throws -> String {
    guard let text = node.scalar?.string else { throw wrong("is a list", allowed) }
    return text
  }

  /// Its text, or those of its elements.
  func texts(_ allowed: String) throws -> [String] {
    guard node.sequence != nil else { return [try text(allowed)] }
    return try list(allowed).map { try $0.text(allowed) }
  }
}
