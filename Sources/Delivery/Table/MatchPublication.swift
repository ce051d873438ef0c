public import CatalogStore
internal import Formats

/// A finished match as one ordinary SQLite file, for people and programs that do not know xmdb.
public struct MatchPublication: Sendable {
  /// One of its tables.
  public struct Table: Sendable {
    /// Its name.
    public let name: String
    /// Rows.
    public let rows: Int64
    /// Columns.
    public let columns: Int
  }

  private struct Part: Sendable {
    let name: String
    let description: String
    let export: TableExport
    let indexed: [String]
  }

  private let parts: [Part]

  /// Prepares the publication of a finished run.
  /// - Parameters:
  ///   - number: The run.
  ///   - columns: Columns of the catalogues beside those of the match: `a.NAME`, `b.NAME`, `a.*`, `b.*`.
  /// - Throws: `StoreError.usage` when there is no such run, or no such column.
  public init(database: SkyDatabase, run number: Int64, columns: [String]) throws {
    let finished = try database.registry().allRuns().filter { $0.kind == .match && $0.finished != nil }
    guard let run = finished.first(where: { $0.id == number }) else {
      let known = finished.isEmpty ? "none" : finished.map { "\($0.id)" }.joined(separator: ", ")
      throw StoreError(.usage, "publish", "run \(number) is no finished match; finished ones: \(known)")
    }
    if let odd = columns.first(where: { !$0.hasPrefix("a.") && !$0.hasPrefix("b.") }) {
      throw StoreError(
        .usage, "--columns", "names '\(odd)'; the columns of the match are there anyway, others are a.NAME and b.NAME")
    }
    let (a, b) = (run.catalogueA, run.catalogueB)
    let part = { (name: String, description: String, join: TableChoice.Join, sides: [String]) in
      Part(
        name: name, description: description,
        export: try TableExport(
          database: database, a: a, b: b, run: number, choice: TableChoice(join: join),
          columns: ["*"] + columns.filter { column in sides.contains { column.hasPrefix($0) } }),
        indexed: sides.map { $0.prefix(1) + "_id" })
    }
    parts = [
      try part("matches", "Counterparts of \(a) (a) and \(b) (b)", .both, ["a.", "b."]),
      try part("nonmatches_\(a)", "Sources of \(a) without counterpart", .onlyFirst, ["a."]),
      try part("nonmatches_\(b)", "Sources of \(b) without counterpart", .onlySecond, ["b."]),
    ]
  }

  /// Writes the file aside; it gets its name when it is complete.
  /// - Parameter progress: Called with the table, the pieces written and their total, from any thread.
  /// - Throws: `StoreError`: `.interrupted`, `.system`, `.damaged`.
  public func write(
    to path: String, threads: Int = 1, cancellation: Cancellation = Cancellation(),
    progress: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }
  ) throws -> [Table] {
    let file = try SQLiteFileWriter(path: path, facts: parts[0].export.facts)
    var tables: [Table] = []
    for part in parts {
      let number = try file.addTable(part.name, description: part.description, columns: part.export.columns)
      try part.export.forEachBatch(threads: threads, cancellation) { batch, done, all in
        try file.append(batch, to: number)
        progress(part.name, done, all)
      }
      for column in part.indexed { try file.index(part.name, column) }
      tables.append(Table(name: part.name, rows: file.rows(of: number), columns: part.export.columns.count))
    }
    try file.publish()
    return tables
  }
}
