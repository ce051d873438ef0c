import CSQLiteBoot
import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@Suite struct StatementTests {
  let workdir: Workdir
  let connection: Connection

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    connection = try Connection(path: workdir.path("x.db"), mode: .create)
  }

  @Test(arguments: [Int64.min, Int64.min + 1, -1, 0, 1, Int64.max])
  func integersAreKeptExactly(value: Int64) throws {
    let row = try echo { $0.bind(1, value) }
    #expect(row.type(0) == .integer && row.int64(0) == value && row.optionalInt64(0) == value)
  }

  @Test(arguments: [
    0.0, -0.0, 0.1, -1e308, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
    -.infinity,
    Double.pi,
  ])
  func realsAreKeptToTheBit(value: Double) throws {
    let row = try echo { $0.bind(1, value) }
    #expect(row.type(0) == .real && row.double(0).bitPattern == value.bitPattern)
  }

  @Test func notANumberBecomesNull() throws {
    #expect(try echo { $0.bind(1, Double.nan) }.isNull(0))
    #expect(try echo { $0.bind(1, -Double.signalingNaN) }.optionalDouble(0) == nil)
  }

  @Test(arguments: [
    "", "a", "a\0b", "\0", "ünïcode ☆ 𝔘", "'; DROP TABLE t; --", String(repeating: "x", count: 100_000),
  ])
  func textsAreKeptExactly(value: String) throws {
    let row = try echo { $0.bind(1, value) }
    #expect(row.type(0) == .text && Array(row.text(0).utf8) == Array(value.utf8))
    let copy = try echo(bytesThatAreGone: Array(value.utf8)) { $0.bindText(1, copying: $1) }
    #expect(copy.type(0) == .text && copy.withBytes(0) { Array($0) } == Array(value.utf8))
  }

  @Test(arguments: [[], [0], [255, 0, 254], [UInt8](repeating: 7, count: 100_000)])
  func blobsAreKeptExactly(value: [UInt8]) throws {
    let copied = try echo { $0.bindBlob(1, copying: value) }
    #expect(copied.type(0) == .blob && copied.withBytes(0) { Array($0) } == value)
    let row = try echo(bytesThatAreGone: value) { $0.bindBlob(1, copying: $1) }
    #expect(row.type(0) == .blob && row.withBytes(0) { Array($0) } == value)
  }

  @Test func nilIsNull() throws {
    #expect(try echo { $0.bind(1, Int64?.none) }.isNull(0))
    #expect(try echo { $0.bind(1, Double?.none) }.isNull(0))
    #expect(try echo { $0.bind(1, String?.none) }.optionalText(0) == nil)
    #expect(try echo { $0.bind(1, SourceID.null) }.sourceID(0) == .null)
  }

  @Test(arguments: [SourceID.integer(.max), .text(""), .text("a\0b"), .null])
  func identifiersAreKeptExactly(id: SourceID) throws { #expect(try echo { $0.bind(1, id) }.sourceID(0) == id) }

  @Test func aValueThatSQLiteRefusesIsAnErrorNotANull() throws {
    let statement = try connection.prepare("SELECT ?")
    statement.bind(2, 1)
    #expect(throws: StoreError.self) { try statement.step() }
    // The refusal is told once; then the statement can be used again.
    statement.bind(1, 5)
    #expect(try statement.step() && statement.int(0) == 5)
  }

  @Test func aStatementRunsAgainAfterAFailure() throws {
    try connection.execute("CREATE TABLE t (x INTEGER PRIMARY KEY)")
    let insert = try connection.prepare("INSERT INTO t VALUES (?)")
    insert.bind(1, 1)
    try insert.run()
    #expect(throws: StoreError.self) { try insert.run() }
    insert.bind(1, 2)
    try insert.run()
    #expect(connection.lastInsertRowID == 2)
  }

  @Test func quotedIdentifiersAreOneName() throws {
    for name in ["a b", "select", "a\"b", "\"", "", "ünï", "a'b", "x];--"] {
      try connection.execute("CREATE TABLE t (x, \(SQLText.identifier(name)) INTEGER)")
      let statement = try connection.prepare("SELECT * FROM t")
      #expect(statement.columnCount == 2 && statement.columnName(1) == name)
      try connection.execute("DROP TABLE t")
    }
  }

  /// A row of one column that holds what was bound.
  private func echo(_ bind: (Statement) -> Void) throws -> Statement {
    let statement = try connection.prepare("SELECT ?1")
    bind(statement)
    #expect(try statement.step())
    return statement
  }

  /// Likewise; the memory that was bound is overwritten before the statement runs.
  private func echo(bytesThatAreGone value: [UInt8], _ bind: (Statement, UnsafeRawBufferPointer) -> Void) throws
    -> Statement
  {
    try echo { statement in
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: value.count, alignment: 8)
      defer { memory.deallocate() }
      memory.copyBytes(from: value)
      bind(statement, UnsafeRawBufferPointer(memory))
      for index in memory.indices { memory[index] = ~value[index] }
    }
  }
}
