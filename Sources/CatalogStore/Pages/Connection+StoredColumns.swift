extension Connection {
  /// Where the columns of a table are in its records.
  /// - Throws: `StoreError.damaged` for a column that it does not have.
  func storedColumns(of table: String, _ names: [String]) throws -> [StoredRecord.Column] {
    let statement = try prepare("SELECT name, type, pk, cid FROM pragma_table_info(?)")
    statement.bind(1, table)
    var columns: [String: StoredRecord.Column] = [:]
    while try statement.step() {
      let type = statement.text(1).uppercased()
      columns[statement.text(0).lowercased()] = StoredRecord.Column(
        position: statement.int(3), isReal: Self.isReal(type), isRowid: statement.int(2) > 0 && type == "INTEGER")
    }
    return try names.map { name in
      guard let column = columns[name.lowercased()] else {
        throw StoreError(.damaged, path, "has no column '\(name)' in its table \(table); run `xmdb verify`")
      }
      return column
    }
  }

  /// Whether a column of a declared type keeps whole numbers in less space and gives them as real ones.
  ///
  /// - Source: https://sqlite.org/datatype3.html §3.1
  private static func isReal(_ type: String) -> Bool {
    let others = ["INT", "CHAR", "CLOB", "TEXT", "BLOB"]
    return !others.contains { type.contains($0) } && ["REAL", "FLOA", "DOUB"].contains { type.contains($0) }
  }
}
