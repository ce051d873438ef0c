import Testing
import Foundation
@testable import Match
@Suite struct TmpTests {
  @Test func tmp() throws {
    let g = try GoldenPhotometry.shared.get()
    let hulls = [GoldenHull(g.gaia), GoldenHull(g.catwise)]
    for s in [g.gaia, g.catwise] {
      let n = s.ids.indices.count { k in !hulls.allSatisfy { $0.contains(ra: s.ra[k], dec: s.dec[k]) } }
      print("outside", n)
    }
    let d = g.counts.estimate(areaDegrees2: g.areaDegrees2, options: .report)
    for (a, nameA) in GoldenPhotometry.bandsA.enumerated() {
      for (b, nameB) in GoldenPhotometry.bandsB.enumerated() {
        let e = try GoldenPhotometry.fieldDensity("gaia", nameA, nameB), f = try GoldenPhotometry.fieldDensity("catwise", nameA, nameB)
        print(nameA, nameB, zip(d[a][b].fieldA, e).map { abs($0 - $1) }.max()! / e.max()!, zip(d[a][b].fieldB, f).map { abs($0 - $1) }.max()! / f.max()!, try d[a][b].priors.get())
      }
    }
    print(g.counts.forward.detected.prefix(30), g.counts.forward.survivors[4].prefix(30))
  }
}
