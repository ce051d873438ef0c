import Foundation
import Testing
import XMDBTestSupport

/// Sky in which nearly all sources hang together over candidate pairs.
@Suite struct EntangledSkyTests {
  /// What cannot be done within the memory is refused, with the amount that it takes.
  @Test func aMatchThatNeedsMoreThanItsMemoryIsRefused() throws {
    let folder = try Workdir()
    let options = "simulate --to sim --density 1e6 --sigma-a .6 --sigma-b .6 --sources 40000 --seed 4 -q"
    try #require(try folder.start(options.components(separatedBy: " ")).wait().status == 0)
    for name in ["a", "b"] { #expect(try folder.xmdb("ingest", "sim/\(name).parquet").status == 0) }

    let refused = try folder.xmdb("match", "a", "b", "--threads", "1", "--memory", "70MB")
    #expect(refused.status == 2 && refused.error.contains("hang together"), "\(refused)")
    let plan = try folder.xmdb("match", "a", "b", "--threads", "1", "--memory", "70MB", "--plan")
    #expect(plan.status == 0 && plan.output.contains("Note: a match would be refused"), "\(plan)")

    let advice = try #require(refused.error.firstMatch(of: /Give --memory (\d+MB),/), "\(refused)")
    let matched = try folder.xmdb("match", "a", "b", "--threads", "1", "--memory", String(advice.1))
    #expect(matched.status == 0, "\(matched)")
  }
}
