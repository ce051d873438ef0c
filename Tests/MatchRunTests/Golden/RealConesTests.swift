import CatalogStore
import Delivery
import Foundation
import Ingest
import MatchRun
import Testing
import XMDBTestSupport

@Suite(.enabled(if: RealCones.isPresent, "../shared/real is absent"))
struct RealConesTests {
  @Test func everySourceIsInExactlyOneRowOfTheExport() throws {
    let workdir = try Workdir()
    let database = try RealCones.ingest(into: workdir)
    let plan = try MatchPlan(database: database, a: "gaia", b: "catwise")
    let totals = try MatchDriver(plan: plan, threads: 2).run().totals
    #expect(totals.matches + totals.nonmatchesA == plan.a.rows)
    #expect(totals.matches + totals.nonmatchesB == plan.b.rows)
    #expect(totals.pairs >= totals.matches && totals.matches > 0)
    let files = try MatchExport(database: database, a: "gaia", b: "catwise").write(to: workdir.path("out"))
    let rows = Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.rows) })
    #expect(rows["matches.csv"] == totals.matches)
    #expect(rows["nonmatches_gaia.csv"] == totals.nonmatchesA && rows["nonmatches_catwise.csv"] == totals.nonmatchesB)
    for (name, count) in rows where name.hasSuffix(".csv") {
      let text = try Data(contentsOf: URL(fileURLWithPath: workdir.path("out/" + name)))
      #expect(text.count { $0 == UInt8(ascii: "\n") } == Int(count), "\(name)")
    }
  }
}
