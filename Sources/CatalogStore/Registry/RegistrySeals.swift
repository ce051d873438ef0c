internal import CXXHash

/// Digests of the registry's rows, kept in the registry itself: they tell that what it says is what was written.
///
/// Each table's rows of one generation or one run have a seal. Whoever changes such rows does so inside `changing`, or seals
/// the owner anew with `seal`, in the same transaction; whoever believes them calls `finding` first. A seal is the number of
/// rows and the sum of their hashes, so that it does not depend on their order and follows a change without reading all of
/// them. A row's hash covers the names of all columns that the table has, and their values with their types.
struct RegistrySeals {
  /// What rows belong to.
  enum Owner: String, CaseIterable, Sendable {
    case generation, run

    /// The tables with rows of such an owner, and the column that names it.
    var tables: [(name: String, key: String)] {
      switch self {
      case .generation:
        [("generation", "id")]
          + ["catalogue", "column", "role", "input_file", "shard", "problem", "coverage", "magnitude_count"].map {
            ($0, "generation")
          }
      case .run:
        [("run", "id")]
          + [
            "run_plan_chunk", "run_chunk", "run_problem", "run_class", "run_region", "run_photometry", "run_band_pair",
            "run_product", "run_pair_model",
          ].map { ($0, "run") }
      }
    }

    func key(_ table: String) -> String { tables.first { $0.name == table }?.key ?? rawValue }
  }

  /// Rows, and the sum of their hashes.
  private struct Sum: Equatable {
    var rows: Int64 = 0
    var hash: UInt128 = 0

    static func += (sum: inout Sum, part: Sum) {
      sum.rows &+= part.rows
      sum.hash &+= part.hash
    }

    static func -= (sum: inout Sum, part: Sum) {
      sum.rows &-= part.rows
      sum.hash &-= part.hash
    }

    var digest: String {
      let digits = String(hash, radix: 16)
      return String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }
  }

  let connection: Connection

  /// Whether the registry has seals: it does from schema 9 on.
  static func areThere(_ connection: Connection) throws -> Bool {
    try connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'seal'").step()
  }

  // MARK: Checking

  /// What is wrong with some tables' rows of an owner; nil when they are what was written.
  /// - Complexity: O(rows).
  func finding(_ owner: Owner, _ id: Int64, _ tables: [String]) throws -> String? {
    for table in tables {
      guard let stored = try stored(owner, id, table) else {
        return "has no seal on the rows of '\(table)': an older xmdb wrote it, or it is damaged"
      }
      if try sum(owner, id, table) != stored {
        return "the rows of '\(table)' in the registry have changed since they were written"
      }
    }
    return nil
  }

  /// The owners that have rows, or a seal.
  func ids(_ owner: Owner) throws -> [Int64] {
    let statement = try connection.prepare(
      "SELECT id FROM \(owner.rawValue) UNION SELECT id FROM seal WHERE owner = ? ORDER BY 1")
    statement.bind(1, owner.rawValue)
    var ids: [Int64] = []
    while try statement.step() { ids.append(statement.int64(0)) }
    return ids
  }

  private func stored(_ owner: Owner, _ id: Int64, _ table: String) throws -> Sum? {
    let statement = try connection.prepare("SELECT rows, digest FROM seal WHERE owner = ? AND id = ? AND \"table\" = ?")
    statement.bind(1, owner.rawValue)
    statement.bind(2, id)
    statement.bind(3, table)
    guard try statement.step(), let hash = UInt128(statement.text(1), radix: 16) else { return nil }
    return Sum(rows: statement.int64(0), hash: hash)
  }

  // MARK: Sealing

  /// Seals all rows of an owner as they are now.
  func seal(_ owner: Owner, _ id: Int64) throws {
    for table in try tables(owner) { try store(sum(owner, id, table), owner, id, table) }
  }

  /// The tables that the schema has: while it is brought up to date, some are still to come.
  func tables(_ owner: Owner) throws -> [String] {
    let statement = try connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?")
    return try owner.tables.map(\.name).filter { name in
      defer { statement.reset() }
      statement.bind(1, name)
      return try statement.step()
    }
  }

  /// Forgets the seals of owners that are gone.
  func forget(_ owner: Owner, _ ids: [Int64]) throws {
    let statement = try connection.prepare("DELETE FROM seal WHERE owner = ? AND id = ?")
    for id in ids {
      statement.bind(1, owner.rawValue)
      statement.bind(2, id)
      try statement.run()
    }
  }

  /// Runs `body`, which changes rows of a table, and lets the seal follow: rows that were not what the seal said before stay
  /// so.
  /// - Parameters:
  ///   - condition: SQL of the rows that `body` may change or add, besides their owner; `?2`, `?3`, … are a key's numbers.
  ///   - keys: The keys of these rows, each at most once.
  func changing(
    _ table: String, of owner: Owner, _ id: Int64, where condition: String = "1", keys: [[Int64]] = [[]],
    _ body: () throws -> Void
  ) throws {
    var seal = try stored(owner, id, table) ?? Sum()
    seal -= try sum(owner, id, table, condition, keys)
    try body()
    seal += try sum(owner, id, table, condition, keys)
    try store(seal, owner, id, table)
  }

  private func store(_ sum: Sum, _ owner: Owner, _ id: Int64, _ table: String) throws {
    let statement = try connection.prepare("INSERT OR REPLACE INTO seal VALUES (?, ?, ?, ?, ?)")
    statement.bind(1, owner.rawValue)
    statement.bind(2, id)
    statement.bind(3, table)
    statement.bind(4, sum.rows)
    statement.bind(5, sum.digest)
    try statement.run()
  }

  // MARK: Rows

  private func sum(
    _ owner: Owner, _ id: Int64, _ table: String, _ condition: String = "1", _ keys: [[Int64]] = [[]]
  ) throws -> Sum {
    let statement = try connection.prepare(
      "SELECT * FROM \(SQLText.identifier(table)) WHERE \(owner.key(table)) = ?1 AND \(condition)")
    var hasher = RowHasher(statement)
    var sum = Sum()
    for key in keys {
      statement.bind(1, id)
      for (position, number) in key.enumerated() { statement.bind(position + 2, number) }
      while try statement.step() {
        sum.rows &+= 1
        sum.hash &+= hasher.hash(statement)
      }
      statement.reset()
    }
    return sum
  }
}

/// Hashes rows of one statement.
private struct RowHasher {
  private let names: UInt64
  private let columns: Int
  private var bytes: [UInt8] = []

  init(_ statement: Statement) {
    columns = statement.columnCount
    let text = (0..<columns).map { statement.columnName($0) }.joined(separator: "\n")
    names = Array(text.utf8).withUnsafeBytes { Fingerprint.hash64($0) }
  }

  mutating func hash(_ row: Statement) -> UInt128 {
    bytes.removeAll(keepingCapacity: true)
    add(names)
    for column in 0..<columns {
      let type = row.type(column)
      bytes.append(UInt8(type.rawValue))
      switch type {
      case .null: break
      case .integer: add(UInt64(bitPattern: row.int64(column)))
      case .real: add(row.double(column).bitPattern)
      case .text, .blob:
        row.withBytes(column) {
          add(UInt64($0.count))
          bytes.append(contentsOf: $0)
        }
      }
    }
    return bytes.withUnsafeBytes {
      let digest = xxh_once($0.baseAddress, $0.count)
      return UInt128(digest.high) << 64 | UInt128(digest.low)
    }
  }

  private mutating func add(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
