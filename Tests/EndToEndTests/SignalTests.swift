import Foundation
import Testing
import XMDBTestSupport

@Suite struct SignalTests {
  private static let endless = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT sum(i) FROM c"

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func aQueryIsStoppedByASignal(_ signal: Int32, _ status: Int32) throws {
    let program = try Workdir().start(["sql", Self.endless])
    usleep(300_000)
    program.send(signal)
    let result = try program.wait(limit: 20)
    #expect(result.status == status, "\(result)")
    #expect(result.error.contains("interrupted"))
  }

  @Test func aScriptThatWaitsForInputIsStoppedByASignal() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    let program = try Workdir().start(["sql"], input: ends[0])
    usleep(300_000)
    program.send(SIGTERM)
    #expect(try program.wait(limit: 20).status == 143)
  }

  @Test func aStoppedMatchGoesOnWhereItWas() throws {
    let folder = try Hyades.database()
    let program = try folder.start(["match", "gaia", "hip", "--threads", "1"])
    usleep(120_000)
    program.send(SIGTERM)
    let stopped = try program.wait()
    #expect([0, 143].contains(stopped.status), "\(stopped)")
    if stopped.status == 143 { #expect(stopped.error.contains("the same command goes on from here")) }
    let again = try folder.xmdb("match", "gaia", "hip")
    #expect(again.status == 0, "\(again)")
    #expect(try folder.xmdb("verify").status == 0)
  }
}
