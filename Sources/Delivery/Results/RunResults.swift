internal import CatalogStore

/// Reads the result of a finished run of the database.
struct RunResults {
  private let database: SkyDatabase
  private let run: RunInfo
  private let cancellation: Cancellation

  init(_ number: Int64, _ database: SkyDatabase, _ cancellation: Cancellation) throws {
    let runs = try database.registry().allRuns().filter { $0.kind == .match && $0.finished != nil }
    guard let run = runs.first(where: { $0.id == number }) else {
      let known = runs.isEmpty ? "none" : runs.map { "\($0.id)" }.joined(separator: ", ")
      throw StoreError(.usage, "run \(number)", "is no finished match; finished ones: \(known)")
    }
    (self.database, self.run, self.cancellation) = (database, run, cancellation)
  }

  func read(into sink: ResultSink) throws {
    let match = ResultTable.matches
    let pairs = ["a_id", "b_id", "match_p", "pair_p", "flags", "a_rowid", "b_rowid"].map(match.place)
    let alone = ["side", "id", "xm_rowid"].map(ResultTable.nonmatches.place)
    for chunk in try database.registry().chunks(of: run.id) {
      try cancellation.check("import-results")
      let reader = try ResultReader(database: database, chunk: chunk)
      let rows = try reader.rows(match, columns: pairs)
      while try rows.step() {
        let a = ResultIdentifier(rows.value(0)) ?? .integer(rows.int64(5))
        let b = ResultIdentifier(rows.value(1)) ?? .integer(rows.int64(6))
        try sink.add(a, b, .init(matchP: real(rows, 2), pairP: real(rows, 3), flags: rows.int64(4)))
      }
      let sources = try reader.rows(.nonmatches, columns: alone)
      while try sources.step() {
        try sink.add(
          alone: ResultIdentifier(sources.value(1)) ?? .integer(sources.int64(2)), isA: sources.text(0) == "a")
      }
    }
  }

  private func real(_ row: Statement, _ column: Int) -> Double? {
    if case .real(let number) = row.value(column) { number } else { nil }
  }
}
