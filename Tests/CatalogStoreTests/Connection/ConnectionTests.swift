import CSQLiteBoot
import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@Suite struct ConnectionTests {
  init() { _ = xsql_bootstrap() }

  @Test(arguments: [
    "plain.db", "with space.db", "100%.db", "%41.db", "what?.db", "a#b.db", "a&immutable=1.db", "ünïcode ☆.db",
    "a'b\"c.db",
    "file:x.db",
  ])
  func anyFileNameNamesThatFile(name: String) throws {
    let workdir = try Workdir()
    let path = workdir.path + "/" + name
    try Connection(path: path, mode: .create).execute("CREATE TABLE t (x); INSERT INTO t VALUES (7)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: workdir.path) == [name])
    for mode in [Connection.Mode.readOnly, .immutable, .readWrite] {
      let statement = try Connection(path: path, mode: mode).prepare("SELECT x FROM t")
      #expect(try statement.step() && statement.int64(0) == 7)
    }
  }

  @Test func aPathMayBeginWithTwoSlashes() throws {
    let workdir = try Workdir()
    try Connection(path: "/" + workdir.path("x.db"), mode: .create).execute("CREATE TABLE t (x)")
    #expect(FileSystem.exists(workdir.path("x.db")))
  }

  @Test(arguments: [Connection.Mode.readOnly, .immutable])
  func aConnectionForReadingCannotWrite(mode: Connection.Mode) throws {
    let workdir = try Workdir()
    let path = workdir.path("x.db")
    try Connection(path: path, mode: .create).execute("CREATE TABLE t (x)")
    let connection = try Connection(path: path, mode: mode)
    let error = try #require(throws: StoreError.self) { try connection.execute("INSERT INTO t VALUES (1)") }
    #expect(error.code == .system)
    #expect(error.subject == path)
    #expect(error.description.hasPrefix(path + ": cannot be read or written"))
  }

  @Test(arguments: [Connection.Mode.readOnly, .immutable, .readWrite])
  func aMissingFileIsNotCreated(mode: Connection.Mode) throws {
    let workdir = try Workdir()
    let path = workdir.path("absent.db")
    let error = try #require(throws: StoreError.self) { try Connection(path: path, mode: mode) }
    #expect(error.code == .system)
    #expect(error.description.contains("cannot be opened"))
    #expect(!FileSystem.exists(path))
  }

  @Test func aFileThatIsNoDatabaseIsDamaged() throws {
    let workdir = try Workdir()
    let path = try workdir.write(Data(repeating: 0x41, count: 4096), to: "text.db")
    let connection = try Connection(path: path, mode: .readOnly)
    let error = try #require(throws: StoreError.self) { try connection.prepare("SELECT * FROM sqlite_schema").step() }
    #expect(error.code == .damaged)
    #expect(error.description.contains("is damaged"))
  }

  @Test func aFolderIsNoDatabase() throws {
    let workdir = try Workdir()
    #expect(throws: StoreError.self) { try Connection(path: workdir.path, mode: .readOnly) }
  }

  @Test func aTransactionHappensWhollyOrNotAtAll() throws {
    let workdir = try Workdir()
    let connection = try Connection(path: workdir.path("x.db"), mode: .create)
    try connection.execute("CREATE TABLE t (x)")
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try connection.transaction {
        try connection.execute("INSERT INTO t VALUES (1)")
        throw Stop()
      }
    }
    #expect(try connection.transaction { try count(connection) } == 0)
    try connection.transaction { try connection.execute("INSERT INTO t VALUES (1)") }
    #expect(try count(connection) == 1)
  }

  @Test func aReadTransactionSeesOneState() throws {
    let workdir = try Workdir()
    let path = workdir.path("x.db")
    let writer = try Connection(path: path, mode: .create)
    try writer.execute("PRAGMA journal_mode=WAL; CREATE TABLE t (x)")
    let reader = try Connection(path: path, mode: .readWrite)
    try reader.reading {
      #expect(try count(reader) == 0)
      try writer.execute("INSERT INTO t VALUES (1)")
      #expect(try count(reader) == 0)
    }
    #expect(try count(reader) == 1)
  }

  @Test func errorsInSQLTellTheStatement() throws {
    let workdir = try Workdir()
    let connection = try Connection(path: workdir.path("x.db"), mode: .create)
    let error = try #require(throws: StoreError.self) { try connection.execute("SELEC 1") }
    #expect(error.description.contains("SELEC 1"))
  }

  @Test func theExtendedCodeOfSQLiteIsKept() throws {
    let workdir = try Workdir()
    let connection = try Connection(path: workdir.path("x.db"), mode: .create)
    try connection.execute("CREATE TABLE t (x UNIQUE); INSERT INTO t VALUES (1)")
    let error = try #require(throws: StoreError.self) { try connection.execute("INSERT INTO t VALUES (1)") }
    // SQLITE_CONSTRAINT_UNIQUE
    #expect(error.sqliteCode == 2067)
  }

  @Test func aLockedDatabaseIsBusy() throws {
    let workdir = try Workdir()
    let path = workdir.path("x.db")
    let first = try Connection(path: path, mode: .create)
    try first.execute("CREATE TABLE t (x)")
    let second = try Connection(path: path, mode: .readWrite)
    try second.execute("PRAGMA busy_timeout=20")
    try first.execute("BEGIN EXCLUSIVE")
    let error = try #require(throws: StoreError.self) { try second.execute("INSERT INTO t VALUES (1)") }
    #expect(error.code == .busy)
  }

  private func count(_ connection: Connection) throws -> Int {
    let statement = try connection.prepare("SELECT count(*) FROM t")
    return try statement.step() ? statement.int(0) : -1
  }
}
