import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@testable import Ingest

@Suite struct RoleRangeTests {
  @Test func everyRoleThatIsMeasuredHasARange() {
    let roles = ColumnRole.unbanded + [.mag(band: "G"), .magError(band: "G"), .snr(band: "G")]
    for role in roles where role != .id && role != .bestBand && role != .halo {
      let range = RoleRange.of(role)
      let name = role.band == nil ? role.description : String(role.description.split(separator: ":")[0])
      #expect(range?.roles.split(separator: ", ").contains(Substring(name)) == true, "\(role)")
    }
  }

  @Test func everyRowOfTheTableHasAReason() {
    for range in RoleRange.all { #expect(!range.why.isEmpty && range.bounds.lowerBound < range.bounds.upperBound) }
    let reasons = RoleRange.all.compactMap { range -> ProblemReason? in
      if case .keptAside(let reason) = range.outside { reason } else { nil }
    }
    #expect(Set(reasons).count == reasons.count)
  }

  /// `XMDB_WRITE_DOCS=1 swift test --filter RoleRangeTests` writes the table anew.
  @Test func thePageShowsTheTable() throws {
    let path = ProjectPaths.packageRoot.path + "/docs/ingest.md"
    let page = try String(contentsOfFile: path, encoding: .utf8)
    let lines = page.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: RoleRange.markdown[0]), "no table of ranges in docs/ingest.md")
    let end = try #require(lines[start...].firstIndex { !$0.hasPrefix("|") })
    if ProcessInfo.processInfo.environment["XMDB_WRITE_DOCS"] != nil {
      let written = lines[..<start] + RoleRange.markdown + lines[end...]
      try written.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      return
    }
    #expect(Array(lines[start..<end]) == RoleRange.markdown)
  }
}
