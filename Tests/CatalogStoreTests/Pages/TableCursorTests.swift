import CSQLiteBoot
import Foundation
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// Rows read from pages here, beside those that SQLite reads from the same file.
@Suite struct TableCursorTests {
  private let workdir: Workdir

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
  }

  private static let columns = ["n", "k", "r", "i", "s", "b"]

  @Test(arguments: [512, 4096, 65536])
  func valuesAndPlacesAreThoseOfSQLite(pageBytes: Int) throws {
    try forEverySeed { rng in
      for count in [0, 1, 2, 60, 4000] {
        let path = try file(&rng, pageBytes: pageBytes, rows: count)
        let connection = try Connection(path: path, mode: .immutable)
        let cursor = try TableCursor(SealedFile(found: path), "t", Self.columns, of: connection)
        let expected = try rows(of: connection)
        var found: [(Int64, String)] = []
        var isThere = try cursor.seek(.min)
        while isThere {
          found.append((cursor.rowid, Self.line(cursor)))
          isThere = try cursor.next()
        }
        #expect(
          found.map(\.0) == expected.map(\.0) && found.map(\.1) == expected.map(\.1), "seed \(rng.seed), \(count)")
        #expect(try !cursor.next(), "seed \(rng.seed)")
        try expectPlaces(cursor, expected, &rng)
      }
    }
  }

  private func expectPlaces(_ cursor: TableCursor, _ rows: [(Int64, String)], _ rng: inout SplitMix64) throws {
    let (low, high) = (rows.first?.0 ?? 0, rows.last?.0 ?? 0)
    var wanted = low - 2
    for step in 0..<300 {
      // Forward by little and by much, and back now and then.
      wanted = step % 40 == 0 ? low - 2 : wanted + Int64(rng.below(step % 3 == 0 ? 200 : 4))
      if wanted > high + 3 { wanted = low }
      let expected = rows.first { $0.0 == wanted }
      #expect(try cursor.stand(at: wanted) == (expected != nil), "seed \(rng.seed), row \(wanted)")
      if let expected { #expect(Self.line(cursor) == expected.1, "seed \(rng.seed), row \(wanted)") }
    }
    for wanted in [Int64.min, .max, low - 1, high + 1] { #expect(try !cursor.stand(at: wanted), "seed \(rng.seed)") }
  }

  @Test func whatIsNotThereIsRefused() throws {
    var rng = SplitMix64(seed: 1)
    let path = try file(&rng, pageBytes: 4096, rows: 3)
    let connection = try Connection(path: path, mode: .immutable)
    #expect(throws: StoreError.self) { try TableCursor(SealedFile(found: path), "t", ["x"], of: connection) }
    #expect(throws: StoreError.self) { try TableCursor(SealedFile(found: path), "u", [], of: connection) }
    let cursor = try TableCursor(SealedFile(found: path), "t", [], of: connection)
    #expect(try cursor.seek(.min))
  }

  /// Pages that hold something else under a right checksum: an error, or other rows, and an end.
  @Test(arguments: [512, 4096]) func damagedPagesEndInAnError(pageBytes: Int) throws {
    var rng = SplitMix64(seed: 5)
    let path = try file(&rng, pageBytes: pageBytes, rows: 400)
    let connection = try Connection(path: path, mode: .immutable)
    let columns = try connection.storedColumns(of: "t", Self.columns)
    let root = try #require(try connection.rootPages()["t"])
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let pagesBytes = Int(try SealedFile(found: path).pages().count) * pageBytes
    let copy = workdir.path("damaged.sqlite")
    var refused = 0
    for _ in 0..<600 {
      var bytes = whole.prefix(pagesBytes)
      for _ in 0..<1 + rng.below(4) {
        // Mostly in the headers of pages, where it matters.
        let place = pageBytes + rng.below(pagesBytes - pageBytes)
        bytes[rng.below(2) == 0 ? place : place / pageBytes * pageBytes + rng.below(16)] = UInt8(rng.below(256))
      }
      try bytes.write(to: URL(fileURLWithPath: copy))
      let cursor = try TableCursor(SealedFile.seal(copy).pages(), root: root, columns)
      do {
        var isThere = try cursor.seek(Int64(rng.below(400)))
        while isThere {
          _ = Self.line(cursor)
          isThere = try cursor.next()
        }
      } catch let error as StoreError {
        #expect(error.code == .damaged)
        refused += 1
      }
    }
    #expect(refused > 50)
  }

  @Test func aChangedPageIsFound() throws {
    var rng = SplitMix64(seed: 2)
    let path = try file(&rng, pageBytes: 512, rows: 400)
    let connection = try Connection(path: path, mode: .immutable)
    let cursor = try TableCursor(SealedFile(found: path), "t", Self.columns, of: connection)
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try handle.seek(toOffset: 20 * 512 + 100)
    try handle.write(contentsOf: Data([1, 2, 3, 4, 5, 6, 7]))
    try handle.close()
    let error = #expect(throws: StoreError.self) {
      var isThere = try cursor.seek(.min)
      while isThere { isThere = try cursor.next() }
    }
    #expect(error?.code == .damaged && error?.description.contains("has changed") == true)
  }

  // MARK: Files

  /// A sealed file that SQLite has written: rows with gaps between their numbers, some removed, some long.
  private func file(_ rng: inout SplitMix64, pageBytes: Int, rows: Int) throws -> String {
    let path = workdir.path("\(rng.seed)-\(rows)-\(pageBytes).sqlite")
    try? FileManager.default.removeItem(atPath: path)
    let connection = try Connection(path: path, mode: .create)
    try connection.execute(
      """
      PRAGMA journal_mode=DELETE; PRAGMA page_size=\(pageBytes); VACUUM;
      CREATE TABLE t (n INTEGER PRIMARY KEY, k, r REAL, i INTEGER, s TEXT, b BLOB); BEGIN
      """)
    let insert = try connection.prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)")
    var rowid = Int64(rng.below(100)) - 50
    for _ in 0..<rows {
      rowid += Int64(rng.below(10) == 0 ? 1 + rng.below(1000) : 1)
      try bind(insert, rowid, &rng, pageBytes)
      try insert.run()
    }
    try connection.execute("DELETE FROM t WHERE n % 17 = 3; COMMIT; PRAGMA journal_mode=DELETE")
    return try sealed(path)
  }

  private func sealed(_ path: String) throws -> String {
    _ = try SealedFile.seal(path)
    return path
  }

  private func bind(_ insert: Statement, _ rowid: Int64, _ rng: inout SplitMix64, _ pageBytes: Int) throws {
    insert.bind(1, rowid)
    switch rng.below(5) {
    case 0: insert.bindNull(2)
    case 1: insert.bind(2, Int64(bitPattern: rng.next()) >> Int64(rng.below(64)))
    case 2: insert.bind(2, rng.uniform() - 0.5)
    case 3: insert.bind(2, "Gaia DR3 \(rng.below(30))")
    default: insert.bindBlob(2, copying: [UInt8(rng.below(256))])
    }
    let numbers = [0, -0.0, 1, 7, -300, 1e15, -1e18, .infinity, .nan, rng.uniform(), 2.5]
    insert.bind(3, numbers[rng.below(numbers.count)])
    insert.bind(4, rng.below(3) == 0 ? nil : Int64(bitPattern: rng.next()) >> Int64(rng.below(64)))
    let longest = rng.below(20) == 0 ? 4 * pageBytes : 60
    insert.bind(5, String(repeating: "ä,", count: rng.below(longest) / 3))
    insert.bindBlob(6, copying: (0..<rng.below(rng.below(30) == 0 ? 3 * pageBytes : 9)).map { UInt8($0 & 255) })
  }

  private func rows(of connection: Connection) throws -> [(Int64, String)] {
    let names = Self.columns.joined(separator: ", ")
    let statement = try connection.prepare("SELECT \(names), rowid FROM t ORDER BY rowid")
    var rows: [(Int64, String)] = []
    while try statement.step() {
      let values = Self.columns.indices.map { Self.text(statement.value($0)) }
      rows.append((statement.int64(Self.columns.count), values.joined(separator: "|")))
    }
    return rows
  }

  private static func line(_ cursor: TableCursor) -> String {
    columns.indices.map { text(cursor.value($0)) }.joined(separator: "|")
  }

  private static func text(_ value: RowValue) -> String {
    switch value {
    case .null: "null"
    case .integer(let number): "\(number)"
    case .real(let number): "r\(number.bitPattern)"
    case .text(let bytes): "t" + String(decoding: bytes, as: UTF8.self)
    case .blob(let bytes): "b\(Array(bytes))"
    }
  }
}
