/// The columns that a query on a shard selects for the visible columns of a catalogue's table.
struct ScannedColumns {
  /// Names of the inner columns; the first is the rowid.
  let names: [String]
  /// The inner column that each visible column comes from; 0 where it is not wanted, or is the rowid.
  let slots: [Int]

  /// - Parameter used: The visible columns whose values are wanted.
  init(_ files: CatalogueFiles, used: [Int]) {
    var slots = [Int](repeating: 0, count: files.columns.count)
    var names = ["xm_rowid"]
    for index in used where index != files.rowidColumn {
      slots[index] = names.count
      names.append(files.columns[index].name)
    }
    (self.names, self.slots) = (names, slots)
  }
}

extension FilterRequest {
  /// The visible columns whose values are wanted.
  func used(_ files: CatalogueFiles) -> [Int] { files.columns.indices.filter { uses(column: $0) } }
}
