import CSQLiteBoot
import CatalogStore
import Formats
import Foundation
import Testing
import XMDBTestSupport

@Suite struct SQLiteFileTests {
  init() { _ = xsql_bootstrap() }

  private func make(_ sql: String) throws -> (Workdir, String) {
    let folder = try Workdir()
    try Connection(path: folder.path("x.db"), mode: .create).execute(sql)
    return (folder, folder.path("x.db"))
  }

  @Test(arguments: ["small.sqlite", "small.sqlite[stars]", "small.sqlite[STARS]"])
  func whatPythonWroteIsReadToTheBit(_ name: String) throws {
    let source = try SmallTable.check(name, emptyText: .text(""))
    #expect(source.columns.map(\.type) == [.int64, .float64, .float64, .float64, .int64, .bool, .float64, .text])
  }

  @Test func aTypeIsThatOfTheValuesNotOfTheDeclaration() throws {
    let (folder, path) = try make(
      """
      CREATE TABLE t (i TEXT, d REAL, m, b BLOB, e INTEGER, bad INTEGER);
      INSERT INTO t VALUES ('1', 1, 1, x'00ff', NULL, ''), (NULL, '', 2.5, NULL, '\\N', 7), ('x', 'NaN', NULL, x'', NULL, NULL)
      """)
    let source = try TableSource(paths: [path])
    #expect(source.columns.map(\.type) == [.text, .float64, .float64, .binary, .text, .int64])
    let cells = try source.everything(batchRows: 2)
    #expect(cells[0] == [.text("1"), .missing, .text("x")] && cells[1] == [.double(1), .missing, .missing])
    #expect(cells[2] == [.double(1), .double(2.5), .missing])
    #expect(cells[3] == [.bytes([0, 255]), .missing, .bytes([])])
    #expect(cells[4] == [.missing, .text("\\N"), .missing] || cells[4] == [.missing, .missing, .missing])
    #expect(cells[5] == [.missing, .int(7), .missing])
    withExtendedLifetime(folder) {}
  }

  @Test func integersThatAreNoDoublesAreNotRounded() throws {
    let (folder, path) = try make("CREATE TABLE t (m); INSERT INTO t VALUES (0.5), (9007199254740993)")
    let error = formatError { _ = try TableSource(paths: [path]).everything() }
    #expect(error?.message.contains("row 2 the value '9007199254740993'") == true, "\(String(describing: error))")
    withExtendedLifetime(folder) {}
  }

  @Test func ofSeveralTablesOneIsNamed() throws {
    let (folder, path) = try make(
      "CREATE TABLE a (x); CREATE TABLE \"b c\" (y); INSERT INTO \"b c\" VALUES (1); CREATE VIEW v AS SELECT 1")
    let error = formatError { _ = try TableSource(paths: [path]) }
    #expect(error?.code == .usage && error?.message.contains("a, b c") == true, "\(String(describing: error))")
    #expect(try TableSource(paths: [path + "[b c]"]).everything() == [[.int(1)]])
    #expect(formatError { _ = try TableSource(paths: [path + "[v]"]) }?.message.contains("view") == true)
    #expect(formatError { _ = try TableSource(paths: [path + "[z]"]) }?.message.contains("no such table") == true)
    withExtendedLifetime(folder) {}
  }

  @Test func nothingIsWrittenBesideAFile() throws {
    let (folder, path) = try make("PRAGMA journal_mode=WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)")
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try TableSource(paths: [path]).everything() == [[.int(1)]])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
  }

  @Test func cutsAreFound() throws { try Malformed.truncate("small.sqlite", step: 37) }

  @Test(arguments: [UInt64(1), 2, 3]) func flippedBytesNeverCrash(seed: UInt64) throws {
    try Malformed.flip("small.sqlite", seed: seed, times: 500)
  }
}
