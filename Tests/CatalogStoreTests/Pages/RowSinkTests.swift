import CSQLiteBoot
import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct RowSinkTests {
  private let workdir: Workdir
  private let connection: Connection

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    connection = try Connection(path: workdir.path("x.db"), mode: .create)
  }

  @Test func aRowKeepsTextWhoseMemoryIsGoneWhenItIsInserted() throws {
    try connection.execute("CREATE TABLE t (side TEXT, id TEXT, n INTEGER)")
    let insert = try connection.prepare("INSERT INTO t VALUES (?, ?, ?)")
    for row in 0..<100 {
      var binder = ParameterBinder(insert)
      put(row % 2 == 0 ? "a" : "b", into: &binder)
      put("J\(row) of a name that is too long for a small string", into: &binder)
      binder.put(Int64(row))
      try insert.run()
    }
    let wrong = try connection.prepare(
      """
      SELECT count(*), sum(side <> iif(n % 2, 'b', 'a') OR id <> 'J' || n || ' of a name that is too long for a small string')
      FROM t
      """)
    #expect(try wrong.step() && wrong.int(0) == 100 && wrong.int(1) == 0)
  }

  /// Puts text from memory that is overwritten afterwards.
  private func put(_ text: String, into sink: inout some RowSink & ~Copyable) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 8)
    defer { memory.deallocate() }
    memory.copyBytes(from: text.utf8)
    sink.put(utf8: UnsafeRawBufferPointer(memory))
    for index in memory.indices { memory[index] = 0x7a }
  }
}
