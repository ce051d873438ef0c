/// Copies the results of a unit to another generation of the catalogues, whose sources are the same but for their rowids.
public enum ResultRebase {
  /// Writes a copy aside in which every rowid and island number has moved, and syncs it.
  /// - Throws: `StoreError.damaged` when the source is not what was written.
  /// - Parameters:
  ///   - shiftA: The shift of a rowid of a, as SQL, given the rowid as SQL.
  ///   - shiftB: Likewise of b.
  /// - Returns: Its size and fingerprint.
  public static func write(
    _ source: SealedFile, to draft: Draft, shiftA: (String) -> String, shiftB: (String) -> String
  ) throws -> (bytes: Int64, fingerprint: String) {
    try source.copyPages(to: draft)
    // An island has twice the rowid of its first member, and one more if that is of b.
    let island = """
      island = island + 2 * (CASE WHEN island % 2 = 0 THEN \(shiftA("(island / 2)")) ELSE \(shiftB("(island / 2)")) END)
      """
    let pairs = "a_rowid = a_rowid + \(shiftA("a_rowid")), b_rowid = b_rowid + \(shiftB("b_rowid")), \(island)"
    try update(draft.path) { connection in
      try connection.execute("UPDATE matches SET \(pairs)")
      try connection.execute("UPDATE pairs SET \(pairs)")
      try connection.execute(
        """
        UPDATE nonmatches SET \(island),
          xm_rowid = xm_rowid + (CASE side WHEN 'a' THEN \(shiftA("xm_rowid")) ELSE \(shiftB("xm_rowid")) END)
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
