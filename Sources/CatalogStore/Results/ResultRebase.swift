/// Copies the results of a chunk to another generation of the catalogues, whose sources are the same but for their rowids.
public enum ResultRebase {
  /// Writes a copy aside in which every rowid and island number has moved, and syncs it.
  /// - Throws: `StoreError.damaged` when the source is not what was written.
  /// - Parameters:
  ///   - shiftA: The shift of a rowid of a, as SQL, given the rowid as SQL.
  ///   - shiftB: The shift of a rowid of b, in the same way.
  /// - Returns: Its size and fingerprint, and the sums of `RowidDigest` over its sources of a and of b.
  public static func write(
    _ source: SealedFile, to draft: Draft, shiftA: (String) -> String, shiftB: (String) -> String
  ) throws -> (bytes: Int64, fingerprint: String, rowids: (Int64, Int64)) {
    try source.copyPages(to: draft)
    // An island has twice the rowid of its first member, and one more if that is of b.
    let island = """
      island = island + 2 * (CASE WHEN island % 2 = 0 THEN \(shiftA("(island / 2)")) ELSE \(shiftB("(island / 2)")) END)
      """
    let pairs = "a_rowid = a_rowid + \(shiftA("a_rowid")), b_rowid = b_rowid + \(shiftB("b_rowid")), \(island)"
    let rowids = try update(draft.path) { connection in
      try connection.execute("UPDATE matches SET \(pairs)")
      try connection.execute("UPDATE pairs SET \(pairs)")
      try connection.execute(
        """
        UPDATE nonmatches SET \(island),
          xm_rowid = xm_rowid + (CASE side WHEN 'a' THEN \(shiftA("xm_rowid")) ELSE \(shiftB("xm_rowid")) END)
        """)
      return try digests(connection)
    }
    let sealed = try SealedFile.seal(draft.path)
    return (sealed.bytes, sealed.fingerprint, rowids)
  }

  private static func update<Result>(_ draft: String, _ body: (Connection) throws -> Result) throws -> Result {
    let connection = try Connection(path: draft, mode: .bulk)
    return try connection.transaction { try body(connection) }
  }

  private static func digests(_ connection: Connection) throws -> (Int64, Int64) {
    var sums: (a: Int64, b: Int64) = (0, 0)
    let matches = try connection.prepare("SELECT a_rowid, b_rowid FROM matches")
    while try matches.step() {
      sums.a += RowidDigest.of(matches.int64(0))
      sums.b += RowidDigest.of(matches.int64(1))
    }
    let nonmatches = try connection.prepare("SELECT side = 'a', xm_rowid FROM nonmatches")
    while try nonmatches.step() {
      let digest = RowidDigest.of(nonmatches.int64(1))
      if nonmatches.int(0) != 0 { sums.a += digest } else { sums.b += digest }
    }
    return sums
  }
}
