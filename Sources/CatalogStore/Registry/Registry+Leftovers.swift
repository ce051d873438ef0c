/// Folders below the database that hold files of no use: of a generation that has not been made known, or of what has been
/// forgotten. The registry names them before the files are there and until they are gone, so that nothing is ever removed
/// merely because nobody knows it.
extension Registry {
  /// The folders to clear.
  func leftovers() throws -> [String] {
    try strings(
      """
      SELECT folder FROM leftover
      WHERE folder NOT IN (SELECT folder FROM generation WHERE NOT retired AND folder IS NOT NULL)
        AND folder NOT IN (SELECT 'runs/' || id FROM run) ORDER BY folder
      """)
  }

  /// A folder will be filled; it is a leftover until `publish` makes it known.
  public func expect(folder: String) throws {
    try run("INSERT OR IGNORE INTO leftover VALUES (?)") { $0.bind(1, folder) }
  }

  /// There is nothing of xmdb in a folder any more.
  func forget(leftover folder: String) throws {
    try run("DELETE FROM leftover WHERE folder = ?") { $0.bind(1, folder) }
  }

  /// The names directly below `catalogues` or `runs` that this database has given.
  func knownNames(in top: String) throws -> Set<String> {
    let folders = try strings(
      """
      SELECT folder FROM generation WHERE folder IS NOT NULL UNION SELECT 'runs/' || id FROM run
      UNION SELECT folder FROM leftover
      """)
    return Set(
      folders.compactMap { folder in
        let parts = folder.split(separator: "/")
        return parts.count > 1 && parts[0] == top ? String(parts[1]) : nil
      })
  }

  /// The smallest number from 1 that neither the registry nor a folder on disk has above it.
  /// - Parameters:
  ///   - highest: The highest number in the table.
  ///   - folder: Of the numbered folders, below the database.
  func nextNumber(above highest: Int64, in folder: String) throws -> Int64 {
    let prefix = folder + "/"
    let named = try leftoverNames().filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    let path = database.path + "/" + folder
    let present = FileSystem.isThere(path) ? try OpenFolder(path).names() : []
    let numbers = (named + present).filter(OwnName.isNumber).compactMap {
      Int64($0)
    }
    let last = max(highest, numbers.max() ?? 0)
    guard last < Int64(Int32.max) else {
      throw StoreError(.usage, database.path + "/" + folder, "has a folder with the number \(last); move it away")
    }
    return last + 1
  }

  private func leftoverNames() throws -> [String] { try strings("SELECT folder FROM leftover") }
}
