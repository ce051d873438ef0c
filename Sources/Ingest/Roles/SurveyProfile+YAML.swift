internal import Yams

extension SurveyProfile {
  /// The profile as a file of profiles holds it, to be copied and changed.
  public var yaml: String {
    get throws {
      let file = Self.mapping([("profiles", Node([Self.mapping(members)]))])
      return try Yams.serialize(node: file, width: -1, allowUnicode: true)
    }
  }

  private var members: [(String, Node)] {
    var members = [("name", Self.text(name))]
    if !required.isEmpty { members.append(("columns", Self.texts(required))) }
    if !oneOf.isEmpty { members.append(("any_of", Self.texts(oneOf))) }
    if !noneOf.isEmpty { members.append(("none_of", Self.texts(noneOf))) }
    if !entries.isEmpty { members.append(("roles", roles)) }
    if let epoch {
      let unit = epochUnit == .julianYear ? "" : ":\(epochUnit)"
      members += [("epoch", Node("\(epoch)\(unit)")), ("epoch_because", Self.text(epochReason))]
    }
    if let epochQuestion { members.append(("epoch_question", Self.text(epochQuestion))) }
    if let psf { members.append(("psf", Self.text(psf))) }
    if !leftOut.isEmpty { members.append(("not_used", Node(leftOut.map { Self.node($0.columns, $0.reason) }))) }
    if !notes.isEmpty { members.append(("notes", Self.texts(notes))) }
    return members
  }

  /// Roles in the order in which they come first.
  private var roles: Node {
    var order: [String] = []
    var texts: [String: [String]] = [:]
    for entry in entries {
      let role = "\(entry.role)"
      if texts[role] == nil { order.append(role) }
      texts[role, default: []] += entry.texts
    }
    return Self.mapping(
      order.map { role in
        let list = texts[role] ?? []
        return (role, list.count == 1 ? Self.text(list[0]) : Self.texts(list))
      })
  }

  private static func node(_ columns: [String], _ reason: String) -> Node {
    mapping([("columns", texts(columns)), ("because", text(reason))])
  }

  private static func mapping(_ pairs: [(String, Node)]) -> Node { Node(pairs.map { (text($0), $1) }) }

  /// Texts that begin like something else are quoted; that a text looks like a number does no harm.
  private static func text(_ text: String) -> Node { Node(text, Tag(.implicit)) }

  private static func texts(_ list: [String]) -> Node { Node(list.map(text), Tag(.implicit), .flow) }
}

extension SurveyProfile.Entry {
  /// As a file of profiles holds it.
  fileprivate var texts: [String] {
    let suffix = unit.description.isEmpty ? "" : ":\(unit)"
    return constant.map { ["\($0)\(suffix)"] } ?? columns.map { "\($0)\(suffix)" }
  }
}
