import CatalogStore
import MatchRun

/// All rows that a run wrote, in order: as text, to be compared to the last bit, and by column name.
struct RunRows {
  /// One value of a result row.
  enum Value: Hashable, CustomStringConvertible {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    var description: String {
      switch self {
      case .null: "NULL"
      case .integer(let value): "\(value)"
      case .real(let value): "\(value)"
      case .text(let value): value
      }
    }
  }

  /// One row, by column name.
  struct Row {
    let values: [Value]
    let table: ResultTable
    /// The position of the chunk that wrote it.
    let chunk: Int

    subscript(_ name: String) -> Value { values[table.columns.firstIndex { $0.name == name }!] }
    func integer(_ name: String) -> Int64 { if case .integer(let value) = self[name] { value } else { -1 } }
    func double(_ name: String) -> Double { if case .real(let value) = self[name] { value } else { .nan } }
    var flags: MatchFlags { MatchFlags(rawValue: integer("flags")) }
    /// The id of an unmatched source.
    var id: Int64 { integer("id") }
    /// The ids of a pair.
    var ids: Pair { Pair(a: integer("a_id"), b: integer("b_id")) }
    var isA: Bool { self["side"] == .text("a") }
  }

  struct Pair: Hashable {
    let a: Int64
    let b: Int64
  }

  let outcome: MatchDriver.Outcome
  let chunks: [RunChunk]
  let matches: [Row]
  let nonmatches: [Row]
  let pairs: [Row]

  init(database: SkyDatabase, _ outcome: MatchDriver.Outcome) throws {
    self.outcome = outcome
    chunks = try database.registry().chunks(of: outcome.run)
    var rows: [ResultTable: [Row]] = [:]
    for chunk in chunks {
      let reader = try ResultReader(database: database, chunk: chunk)
      for table in ResultTable.allCases {
        rows[table, default: []] += try Self.read(reader, table, chunk: chunk.position)
      }
    }
    matches = rows[.matches] ?? []
    nonmatches = rows[.nonmatches] ?? []
    pairs = rows[.pairs] ?? []
  }

  /// The rows of one table of one chunk.
  static func read(_ reader: ResultReader, _ table: ResultTable, chunk: Int) throws -> [Row] {
    let statement = try reader.rows(table)
    var rows: [Row] = []
    while try statement.step() {
      rows.append(Row(values: table.columns.indices.map { value(statement, $0) }, table: table, chunk: chunk))
    }
    return rows
  }

  private static func value(_ row: Statement, _ column: Int) -> Value {
    switch row.type(column) {
    case .null: .null
    case .integer: .integer(row.int64(column))
    case .real: .real(row.double(column))
    default: .text(row.text(column))
    }
  }

  /// Every row of the three tables as a line; numbers as their shortest exact text.
  var text: [String] {
    [matches, nonmatches, pairs].flatMap { $0.map { $0.values.map(\.description).joined(separator: "|") } }
  }

  var matchedPairs: Set<Pair> { Set(matches.map(\.ids)) }
}
