/// Copies the results of a unit to another generation of the catalogues, whose sources are the same but for their ranks.
public enum ResultRebase {
  /// Writes a copy aside in which every rank and island number has moved, and syncs it.
  /// - Throws: `StoreError.damaged` when the source is not what was written.
  /// - Parameters:
  ///   - shiftA: The shift of a rank of a, as SQL, given the rank as SQL.
  ///   - shiftB: Likewise of b.
  /// - Returns: Its size and fingerprint.
  public static func write(
    _ source: SealedFile, to draft: Draft, shiftA: (String) -> String, shiftB: (String) -> String
  ) throws -> (bytes: Int64, fingerprint: String) {
    try source.copyPages(to: draft)
    // An island has twice the rank of its first member, and one more if that is of b.
    let island = """
      island = island + 2 * (CASE WHEN island % 2 = 0 THEN \(shiftA("(island / 2)")) ELSE \(shiftB("(island / 2)")) END)
      """
    let pairs = "a_rank = a_rank + \(shiftA("a_rank")), b_rank = b_rank + \(shiftB("b_rank")), \(island)"
    try update(draft.path) { connection in
      try connection.execute("UPDATE matches SET \(pairs)")
      try connection.execute("UPDATE pairs SET \(pairs)")
      try connection.execute(
        """
        UPDATE nonmatches SET \(island),
          rank = rank + (CASE side WHEN 'a' THEN \(shiftA("rank")) ELSE \(shiftB("rank")) END)
        """)
    }
    let sealed = try SealedFile.seal(draft.path)
    return (sealed.bytes, sealed.fingerprint)
  }

  private static func update(_ draft: String, _ body: (Connection) throws -> Void) throws {
    let connection = try Connection(path: draft, mode: .bulk)
    try connection.transaction { try body(connection) }
  }
}
