import CatalogStore

/// Help for an id that no source has: what ids look like in each catalogue, and which are nearest.
struct UnknownID {
  /// What to tell the user.
  let error: StoreError

  /// Beyond so many sources only the shape of the ids is told, since the nearest ones take a look at all of them.
  private static let manySources = 5_000_000

  init(_ id: String, in catalogues: [CatalogueFiles], _ context: XMDBContext) throws {
    let help = try catalogues.map { try Self.help(id, $0, context) }.joined(separator: "; ")
    let names = catalogues.map(\.info.name).joined(separator: " or ")
    error = StoreError(.usage, id, "no source of \(names) has this id; \(help)")
  }

  private static func help(_ id: String, _ files: CatalogueFiles, _ context: XMDBContext) throws -> String {
    let info = files.info
    switch info.layout.id {
    case .none: return "\(info.name) has no ids: give a rowid, 0 to \(info.rows - 1)"
    case .integer where Int64(id) == nil: return "ids of \(info.name) are integers" + example(info)
    case .integer, .text:
      let near = try info.rows > manySources ? [] : nearest(id, files, context)
      if near.isEmpty { return "\(info.name)" + example(info) }
      return "nearest in \(info.name): " + near.map { Verdict.name($0, 0) }.joined(separator: ", ")
    }
  }

  private static func example(_ info: CatalogueInfo) -> String {
    switch info.shards.first?.smallestID {
    case .integer(let id): " such as \(id)"
    case .text(let id): " such as \(id)"
    default: ""
    }
  }

  /// The next smaller and the next larger id.
  private static func nearest(_ id: String, _ files: CatalogueFiles, _ context: XMDBContext) throws -> [SQLValue] {
    guard let key = files.asStored(.text(id)), let column = files.column(role: "id") else { return [] }
    return try [ConstraintOperator.less, .greater].compactMap { side in
      let beyond = FilterConstraint(column: column, operator: side, value: key)
      let cursor = try CatalogueCursor(CatalogueScan(files, constraints: [beyond], columns: [column]), context)
      var best: SQLValue?
      while !cursor.isAtEnd {
        let value = cursor.value(column)
        if best.map({ precedes($0, value) == (side == .less) }) ?? true { best = value }
        try cursor.next()
      }
      return best
    }
  }

  private static func precedes(_ left: SQLValue, _ right: SQLValue) -> Bool {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): left < right
    case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    default: false
    }
  }
}
