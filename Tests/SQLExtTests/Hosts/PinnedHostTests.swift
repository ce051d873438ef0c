import CatalogStore
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import SQLExt

/// A host whose visitors write SQL of their own.
@Suite struct PinnedHostTests {
  private func environment(_ path: String?) -> (String) -> String? {
    { name in name == "XMDB_PINNED" ? path : name == "XMDB_DB" ? "/elsewhere" : nil }
  }

  @Test func theEnvironmentPinsTheDatabase() {
    #expect(XMDBContext(environment: environment("/data/sky")).databasePath == "/data/sky")
    #expect(XMDBContext(environment: environment("/data/sky")).isPinned)
    for unset in [nil, ""] {
      let context = XMDBContext(environment: environment(unset))
      #expect(context.databasePath == "/elsewhere" && !context.isPinned)
    }
  }

  @Test func aConnectionIsPinnedToWhatItReads() throws {
    var rng = SplitMix64(seed: 4)
    let (own, other) = (try TestSky(), try TestSky())
    for (sky, name) in [(own, "one"), (other, "two")] {
      try sky.add(TestCatalogue(name, Sky.cap(9, raDegrees: 5, decDegrees: 5, radiusDegrees: 1, using: &rng)))
    }
    let host = try SQLHost(context: XMDBContext(databasePath: other.path))
    #expect(try host.rows("SELECT count(*) FROM two") == ["9"])
    #expect(try host.rows("SELECT xm_pin('\(own.path)')") == ["pinned"])
    #expect(try host.rows("SELECT xm_database(), (SELECT count(*) FROM one)") == ["pinned|9"])
    #expect(host.message("SELECT * FROM two") == "no such table: two")
    for path in [own.path, other.path] {
      for name in ["xm_open", "xm_pin"] {
        let refusal = "\(name): this host has pinned its sky database; no other can be opened"
        #expect(host.message("SELECT \(name)('\(path)')") == refusal)
      }
    }
  }

  @Test func aConnectionPinnedToNoDatabaseReadsNone() throws {
    var rng = SplitMix64(seed: 5)
    let own = try TestSky()
    try own.add(TestCatalogue("one", Sky.cap(9, raDegrees: 5, decDegrees: 5, radiusDegrees: 1, using: &rng)))
    let host = try SQLHost(context: XMDBContext(databasePath: own.path))
    #expect(try host.rows("SELECT count(*) FROM one") == ["9"])
    #expect(try host.rows("SELECT xm_pin('/dev/null')") == ["pinned"])
    #expect(host.message("SELECT * FROM one") == "no such table: one")
    let refusal = "xm_catalogues: the database: there is no xmdb database here;"
    #expect(host.message("SELECT * FROM xm_catalogues").hasPrefix(refusal))
    #expect(try host.rows("SELECT xm_separation(0, 0, 0, 1)") == ["3600.0"])
  }

  @Test func nothingThatAVisitorSaysSwitchesTheDatabaseOrNamesItsPath() throws {
    var rng = SplitMix64(seed: 3)
    let (pinned, other) = (try TestSky(), try TestSky())
    let info = try pinned.add(
      TestCatalogue("one", Sky.cap(30, raDegrees: 5, decDegrees: 5, radiusDegrees: 1, using: &rng)))
    try other.add(TestCatalogue("two", Sky.cap(10, raDegrees: 5, decDegrees: 5, radiusDegrees: 1, using: &rng)))
    let host = try SQLHost(context: XMDBContext(environment: environment(pinned.path)))
    let refusal = "xm_open: this host has pinned its sky database; no other can be opened"
    for path in [other.path, pinned.path, "/no/such"] {
      #expect(host.message("SELECT xm_open('\(path)')") == refusal)
    }
    #expect(try host.rows("SELECT xm_database(), (SELECT count(*) FROM one)") == ["pinned|30"])
    #expect(host.message("SELECT * FROM two") == "no such table: two")
    try FileManager.default.removeItem(atPath: pinned.path + "/" + info.shards[0].path)
    var answers = [String]()
    for table in SQLInventory.tables {
      let names = ["'one'", "'../\(other.path)'", "5", "5", "1", "2", "3", "4"].prefix(max(2, table.parameters.count))
      for arguments in [names[...], ["'one'", "'one'", "'one'", "7"][...], ["'one'", "'x'"][...]] {
        let given = arguments.prefix(table.parameters.count).joined(separator: ", ")
        let call = table.parameters.isEmpty ? table.name : "\(table.name)(\(given))"
        answers.append(host.message("SELECT * FROM \(call)"))
        answers += (try? host.rows("SELECT * FROM \(call)")) ?? []
      }
    }
    let fresh = try SQLHost(context: XMDBContext(environment: environment(pinned.path)))
    answers.append(fresh.message("SELECT * FROM one"))
    #expect(answers.contains { $0.contains("the database/catalogues/one/1/") }, "a message that would have told it")
    #expect(answers.allSatisfy { !$0.contains(pinned.path) }, "\(answers.filter { $0.contains(pinned.path) })")
  }
}
