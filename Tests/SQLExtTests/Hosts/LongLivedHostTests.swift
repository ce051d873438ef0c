import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import SQLExt

/// Hosts that open, query and close all day.
@Suite(.serialized) struct LongLivedHostTests {
  private var descriptors: Int { FileSystem.list("/proc/self/fd").count }

  private func catalogue(_ name: String, _ rng: inout SplitMix64) -> TestCatalogue {
    var catalogue = TestCatalogue(name, Sky.cap(200, raDegrees: 5, decDegrees: 5, radiusDegrees: 1, using: &rng))
    catalogue.sourcesPerShard = 2
    return catalogue
  }

  @Test func manyShardsOfManyCataloguesNeedFewDescriptors() throws {
    var rng = SplitMix64(seed: 1)
    let sky = try TestSky()
    var shards = 0
    for number in 0..<4 { shards += try sky.add(catalogue("c\(number)", &rng)).shards.count }
    #expect(shards > 400)
    let before = descriptors
    let host = try SQLHost(databasePath: sky.path)
    for _ in 0..<2 {
      for number in 0..<4 { #expect(try host.value("SELECT count(*), max(ra) > 0 FROM c\(number)") == "200|1") }
      #expect(try host.value("SELECT count(*) FROM xm_cone('c0', 5, 5, 2)") == "200")
    }
    // Other suites run beside this one, and have files open, too.
    #expect(descriptors - before < 200)
    #expect(try #require(host.context).shards.count <= 16)
  }

  @Test func statementsOfManyShapesAreNotAllKept() throws {
    var rng = SplitMix64(seed: 2)
    let sky = try TestSky()
    try sky.add(TestCatalogue("one", Sky.cap(20, raDegrees: 5, decDegrees: 5, radiusDegrees: 1, using: &rng)))
    let host = try SQLHost(databasePath: sky.path)
    for number in 0..<300 {
      let terms = (0..<number % 60).map { "dec > \($0)" }.joined(separator: " AND ")
      #expect(try host.rows("SELECT ra FROM one WHERE dec > -90" + (terms.isEmpty ? "" : " AND \(terms)")).count <= 20)
    }
    let context = try #require(host.context)
    #expect(context.shards.idleStatements <= 8)
  }

  @Test func connectionsThatCloseLeaveNothing() throws {
    var rng = SplitMix64(seed: 3)
    let sky = try TestSky()
    try sky.add(catalogue("one", &rng))
    try sky.add(catalogue("two", &rng))
    func use() throws {
      let host = try SQLHost(databasePath: sky.path)
      #expect(try host.value("SELECT count(*) FROM one WHERE ra > 0") == "200")
      #expect(try host.value("SELECT count(*) > 0 FROM xm_pairs('one', 'two') WHERE a_rowid < 5") != "no row")
    }
    for _ in 0..<10 { try use() }
    let (memory, open) = (residentBytes(), descriptors)
    for _ in 0..<150 { try use() }
    #expect(descriptors - open < 100)
    #expect(residentBytes() - memory < 200 << 20)
  }

  private func residentBytes() -> Int {
    let text = (try? FileSystem.text(ofKernelFile: "/proc/self/statm")) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }
}
