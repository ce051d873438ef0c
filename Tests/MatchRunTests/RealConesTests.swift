import CatalogStore
import Foundation
import Ingest
import MatchRun
import Testing
import XMDBTestSupport

@Suite(.enabled(if: RealCones.isPresent, "../shared/real is absent"))
struct RealConesTests {
  @Test func everySourceIsInExactlyOneRow() throws {
    let workdir = try Workdir()
    let database = try RealCones.ingest(into: workdir)
    let start = Date()
    let plan = try MatchPlan(database: database, a: "gaia", b: "catwise")
    print(plan.units.count, plan.reach.arcseconds, plan.epoch, try database.registry().coverage(of: plan.a).areaDegrees2)
    let outcome = try MatchDriver(plan: plan, threads: 2).run()
    print(outcome, Date().timeIntervalSince(start))
    #expect(outcome.totals.matches + outcome.totals.nonmatchesA == plan.a.rows)
    let start2 = Date()
    let files = try MatchExport(database: database, a: "gaia", b: "catwise").write(to: workdir.path("out"), header: false)
    print(files, Date().timeIntervalSince(start2))
    print(try String(contentsOfFile: workdir.path("out/matches.csv"), encoding: .utf8).prefix(1000))
    print(try String(contentsOfFile: workdir.path("out/matches.felis.yaml"), encoding: .utf8).prefix(1500))
    print(try String(contentsOfFile: workdir.path("out/manifest.json"), encoding: .utf8))
  }
}
