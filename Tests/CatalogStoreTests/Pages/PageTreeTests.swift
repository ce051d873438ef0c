import CSQLiteBoot
import Foundation
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// Trees of pages laid here, read by SQLite, beside the same rows inserted by SQLite.
@Suite struct PageTreeTests {
  private enum Value {
    case null
    case integer(Int64)
    case real(Double)
    case text([UInt8])

    func put(into sink: inout some RowSink & ~Copyable) {
      switch self {
      case .null: sink.putNull()
      case .integer(let value): sink.put(value)
      case .real(let value): sink.put(value)
      case .text(let value): value.withUnsafeBytes { sink.put(utf8: $0) }
      }
    }
  }

  private let workdir: Workdir

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
  }

  @Test(arguments: [512, 4096, 8192, 65536])
  func sqliteReadsWhatItWouldHaveWritten(pageBytes: Int) throws {
    try forEverySeed { rng in
      for count in [0, 1, 2, 3, 40, 3000] {
        let rows = (0..<count).map { _ in [key(&rng, pageBytes), number(&rng), text(&rng, pageBytes)] }
        let path = workdir.path("\(rng.seed)-\(count).sqlite")
        let twin = try inserted(rows)
        try write(rows, pageBytes: pageBytes, order: integers(twin, "SELECT rowid FROM t ORDER BY k, rowid"), path)
        let ours = try Connection(path: path, mode: .immutable)
        #expect(try lines(ours, "PRAGMA integrity_check") == ["ok"], "seed \(rng.seed), \(count) rows")
        for query in ["SELECT rowid, quote(k), r, quote(s) FROM t", "SELECT rowid FROM t INDEXED BY t_k WHERE k > 5"] {
          #expect(try lines(ours, query) == lines(twin, query), "seed \(rng.seed), \(count) rows: \(query)")
        }
      }
    }
  }

  @Test func aTableOfManyLevelsIsWhole() throws {
    let path = workdir.path("deep.sqlite")
    let rows = (0..<60_000).map { [Value.integer(Int64($0)), .real(Double($0)), .null] }
    try write(rows, pageBytes: 512, order: Array(1...60_000), path)
    let ours = try Connection(path: path, mode: .immutable)
    #expect(try lines(ours, "PRAGMA integrity_check") == ["ok"])
    #expect(try lines(ours, "SELECT count(*), sum(k), sum(r) FROM t") == ["60000|1799970000|1799970000.0"])
  }

  @Test func thePageOfTheLockByteStaysUnused() throws {
    let path = workdir.path("lock.sqlite")
    try create(path, pageBytes: 65536)
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try handle.seek(toOffset: 28)
    try handle.write(contentsOf: withUnsafeBytes(of: UInt32(16383).bigEndian) { Data($0) })
    try handle.close()
    let file = try PageFile(path: path)
    let page = [UInt8](repeating: 7, count: 65536)
    let numbers = try (0..<3).map { _ in try page.withUnsafeBytes { try file.append($0) } }
    #expect(numbers == [16384, 16386, 16387])
  }

  // MARK: Rows

  private func key(_ rng: inout SplitMix64, _ pageBytes: Int) -> Value {
    switch rng.below(8) {
    case 0: .null
    case 1: .integer(Int64(bitPattern: rng.next()) >> Int64(rng.below(64)))
    case 2: .text([])
    case 3: text(&rng, pageBytes)
    case 4: .text(Array("Gaia DR3 \(rng.below(30))".utf8))
    default: .integer(Int64(rng.below(100)) - 50)
    }
  }

  private func number(_ rng: inout SplitMix64) -> Value {
    [.real(0), .real(-0.0), .real(1), .real(.nan), .real(.infinity), .real(rng.uniform() - 0.5)][rng.below(6)]
  }

  private func text(_ rng: inout SplitMix64, _ pageBytes: Int) -> Value {
    let longest = rng.below(20) == 0 ? 3 * pageBytes : 80
    return .text((0..<rng.below(longest)).map { _ in UInt8(97 + rng.below(3)) })
  }

  // MARK: Files

  private func create(_ path: String, pageBytes: Int) throws {
    let connection = try Connection(path: path, mode: .create)
    try connection.execute("PRAGMA page_size=\(pageBytes); \(Self.schema)")
  }

  private static let schema = "CREATE TABLE t (k, r REAL, s TEXT); CREATE INDEX t_k ON t (k)"

  private func write(_ rows: [[Value]], pageBytes: Int, order: [Int], _ path: String) throws {
    try create(path, pageBytes: pageBytes)
    let file = try PageFile(path: path)
    var record = RecordBuffer()
    var table = TableTree(file, root: 2)
    for row in rows {
      record.reset()
      for value in row { value.put(into: &record) }
      try table.append(record)
    }
    try table.finish()
    var index = IndexTree(file, root: 3)
    for row in order {
      record.reset()
      rows[row - 1][0].put(into: &record)
      record.put(Int64(row))
      try index.append(record)
    }
    try index.finish()
    try file.finish()
  }

  private func inserted(_ rows: [[Value]]) throws -> Connection {
    let connection = try Connection(path: ":memory:", mode: .create)
    try connection.execute(Self.schema)
    let statement = try connection.prepare("INSERT INTO t VALUES (?, ?, ?)")
    for row in rows {
      // Borrowed texts must live until the row is inserted: bound as copies here.
      for (column, value) in row.enumerated() {
        switch value {
        case .null: statement.bindNull(column + 1)
        case .integer(let value): statement.bind(column + 1, value)
        case .real(let value): statement.bind(column + 1, value)
        case .text(let value): statement.bind(column + 1, String(decoding: value, as: UTF8.self))
        }
      }
      try statement.run()
    }
    return connection
  }

  private func lines(_ connection: Connection, _ sql: String) throws -> [String] {
    let statement = try connection.prepare(sql)
    var lines: [String] = []
    while try statement.step() {
      lines.append((0..<statement.columnCount).map { statement.text($0) }.joined(separator: "|"))
    }
    return lines
  }

  private func integers(_ connection: Connection, _ sql: String) throws -> [Int] {
    try lines(connection, sql).map { Int($0)! }
  }
}
