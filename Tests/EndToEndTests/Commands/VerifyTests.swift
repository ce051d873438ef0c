import CSQLiteBoot
import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@Suite struct VerifyTests {
  init() { precondition(xsql_bootstrap() == 0) }

  /// The files below a folder whose name ends in ".sqlite".
  private func files(_ folder: Workdir, _ below: String) -> [String] {
    FolderContents(folder.path("sky.xmdb/" + below)).names.filter { $0.hasSuffix(".sqlite") }
      .map { folder.path("sky.xmdb/\(below)/\($0)") }
  }

  private func expectDamage(
    _ folder: Workdir, _ subject: String, _ messages: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for arguments in [["verify"], ["verify", subject]] {
      let result = try folder.start(arguments).wait()
      #expect(result.status == 3, "\(result)", sourceLocation: sourceLocation)
      for message in messages { #expect(result.output.contains(message), "\(result)", sourceLocation: sourceLocation) }
    }
  }

  private func change(_ path: String, _ body: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    body(&data)
    try data.write(to: URL(fileURLWithPath: path))
  }

  @Test func aSoundDatabaseIsSound() throws {
    let folder = try Hyades.matched()
    let result = try folder.xmdb("verify", "--json")
    #expect(result.status == 0, "\(result)")
    let reports = try #require(try result.json() as? [[String: Any]])
    #expect(reports.map { $0["subject"] as? String } == ["registry", "catalogue gaia", "catalogue hip", "run 1"])
    #expect(reports.allSatisfy { $0["ok"] as? Bool == true })
  }

  @Test func aFileThatIsNotTheOneWrittenIsFound() throws {
    let folder = try Hyades.matched()
    let shard = try #require(files(folder, "catalogues/gaia").first)
    let sound = try Data(contentsOf: URL(fileURLWithPath: shard))
    func restore() throws { try sound.write(to: URL(fileURLWithPath: shard)) }

    try change(shard) { $0.removeLast(4096) }
    try expectDamage(folder, "gaia", "were written; ingest it again: xmdb ingest ", "--replace")
    try restore()
    try change(shard) { $0[$0.count / 2] ^= 1 }
    try expectDamage(folder, "gaia", "has changed since it was written")
    try FileManager.default.removeItem(atPath: shard)
    try expectDamage(folder, "gaia", "is missing")
    try restore()
    #expect(try folder.xmdb("verify").status == 0)

    let chunk = try #require(files(folder, "runs/1").first)
    try change(chunk) { $0[$0.count / 2] ^= 1 }
    try expectDamage(folder, "1", "has changed since it was written", "xmdb match gaia hip --redo")
  }

  @Test func aDamagedRegistryIsFound() throws {
    let folder = try Hyades.database()
    try change(folder.path("sky.xmdb/registry.sqlite")) { $0.removeLast($0.count / 2) }
    #expect(try folder.xmdb("verify").status == 3)
    try folder.write(Data("this is no database, and never was one".utf8), to: "sky.xmdb/registry.sqlite")
    for command in ["info", "verify", "runs"] {
      let result = try folder.xmdb(command)
      #expect(result.status == 3 && result.error.contains("registry.sqlite: is damaged"), "\(result)")
    }
  }

  /// Contents that disagree although the file is, by its fingerprint, the one written: what a defect of the writer would
  /// leave behind.
  @Test(arguments: [
    ("UPDATE source SET xm_healpix29 = xm_healpix29 + 1 WHERE xm_rowid = 7", "the wide row of rowid 7 differs"),
    ("DELETE FROM source WHERE xm_rowid = 9", "differs from the narrow form"),
    ("UPDATE source SET source_id = source_id + 1 WHERE xm_rowid = 3", "the wide row of rowid 3 has another id"),
    ("DELETE FROM block WHERE first_rowid = (SELECT max(first_rowid) FROM block)", "the narrow form has 0 sources"),
    ("UPDATE block SET dec_deg = ra_deg", "has the index of another position"),
    (
      "UPDATE block SET density_per_deg2 = zeroblob(length(density_per_deg2))",
      "of rowid 0 has the density of another place"
    ),
    (
      "UPDATE block SET healpix29 = substr(healpix29, 9) || substr(healpix29, 1, 8)",
      "has the wrong index; ingest it again"
    ),
  ])
  func contentsThatDisagreeAreFound(_ sql: String, _ message: String) throws {
    let folder = try Hyades.database()
    let shard = try #require(files(folder, "catalogues/gaia").first)
    try tamper(folder, shard, sql, table: "shard")
    try expectDamage(folder, "gaia", message)
  }

  @Test(arguments: [
    ("DELETE FROM nonmatches WHERE rowid = 1", "non-matches of"),
    ("UPDATE pairs SET matched = 0", "matched pairs, expected"),
    (
      "UPDATE matches SET a_rowid = (SELECT min(a_rowid) FROM matches)",
      "result rows name a source that another row has"
    ),
  ])
  func resultsThatDisagreeAreFound(_ sql: String, _ message: String) throws {
    let folder = try Hyades.matched()
    let chunk = try #require(files(folder, "runs/1").first)
    try tamper(folder, chunk, sql, table: "run_chunk")
    try expectDamage(folder, "1", message)
  }

  /// Changes a file and makes the registry believe that it was written so.
  private func tamper(_ folder: Workdir, _ path: String, _ sql: String, table: String) throws {
    try SealedFile.unseal(path)
    do { try Connection(path: path, mode: .readWrite).execute(sql) }
    let file = try SealedFile.seal(path)
    let registry = try Connection(path: folder.path("sky.xmdb/registry.sqlite"), mode: .readWrite)
    let statement = try registry.prepare("UPDATE \(table) SET bytes = ?, fingerprint = ? WHERE path = ?")
    statement.bind(1, file.bytes)
    statement.bind(2, file.fingerprint)
    statement.bind(3, String(path.dropFirst(folder.path("sky.xmdb").utf8.count + 1)))
    try statement.run()
    try sealAgain(folder)
  }

  /// Makes the registry believe that its rows were written as they are.
  private func sealAgain(_ folder: Workdir) throws {
    try SkyDatabase.open(at: folder.path("sky.xmdb")).writableRegistry().sealAgain()
  }

  @Test func numbersThatDoNotAddUpAreFound() throws {
    let folder = try Hyades.matched()
    let registry = try Connection(path: folder.path("sky.xmdb/registry.sqlite"), mode: .readWrite)
    try registry.execute("UPDATE generation SET input_rows = input_rows + 1 WHERE catalogue = 'gaia'")
    try sealAgain(folder)
    try expectDamage(folder, "gaia", "the ledger does not close")
    try registry.execute("UPDATE generation SET input_rows = input_rows - 1 WHERE catalogue = 'gaia'")
    try registry.execute("DELETE FROM run_chunk WHERE position = 0")
    try sealAgain(folder)
    try expectDamage(folder, "1", "a chunk is missing", "sources of gaia are in no result row")
  }
}
