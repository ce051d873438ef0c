extension Connection {
  /// The root page of every table and index, by name.
  func rootPages() throws -> [String: UInt32] {
    var roots: [String: UInt32] = [:]
    let schema = try prepare("SELECT name, rootpage FROM sqlite_schema")
    while try schema.step() { roots[schema.text(0)] = UInt32(truncatingIfNeeded: schema.int64(1)) }
    return roots
  }
}
