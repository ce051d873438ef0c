import Foundation
import Testing
import XMDBTestSupport

@Suite struct SignalTests {
  private static let endless = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT sum(i) FROM c"

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143)), (SIGUSR1, Int32(143))])
  func aQueryIsStoppedByASignal(_ signal: Int32, _ status: Int32) throws {
    let program = try Workdir().start(["sql", Self.endless])
    try #require(program.isAtWork())
    program.send(signal)
    let result = try program.wait(limit: 60)
    #expect(result.status == status, "\(result)")
    #expect(result.error.contains("interrupted"))
  }

  @Test func aScriptThatWaitsForInputIsStoppedByASignal() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    let program = try Workdir().start(["sql"], input: ends[0])
    try #require(program.isWaiting())
    program.send(SIGTERM)
    #expect(try program.wait(limit: 60).status == 143)
  }

  /// Stops matches at several moments until one had finished chunks but not all: then the next one takes them over.
  @Test func aStoppedMatchGoesOnWhereItWas() throws {
    let folder = try AllSky.database(sources: 100_000)
    let match = ["match", "a", "b", "--threads", "1", "--json", "--redo"]
    let start = Date()
    let reference = try #require(try folder.start(match).wait().json() as? [String: Any])
    let duration = Date().timeIntervalSince(start)
    #expect(reference["chunks_resumed"] as? Int == 0 && (reference["chunks"] as? Int ?? 0) >= 12)
    for attempt in 0..<40 {
      let program = try folder.start(match)
      // The second half is pairing; the machine may be faster or slower now than a moment ago.
      usleep(UInt32(duration * [0.6, 0.75, 0.9, 0.5, 0.4, 0.3][attempt % 6] * 1e6))
      program.send(SIGTERM)
      let stopped = try program.wait()
      if stopped.status == 0 { continue }
      #expect(stopped.status == 143, "\(stopped)")
      // Without a message the signal came before the program could listen.
      #expect(stopped.error.isEmpty || stopped.error.contains("the same command goes on from here"), "\(stopped)")
      let again = try folder.start(Array(match.dropLast())).wait()
      let facts = try #require(try again.json() as? [String: Any], "\(again)")
      #expect(facts["matches"] as? Int == reference["matches"] as? Int)
      if (facts["chunks_resumed"] as? Int ?? 0) == 0 { continue }
      #expect(try folder.xmdb("verify").status == 0)
      return
    }
    Issue.record("no match was stopped between two of its chunks in 40 attempts")
  }

  @Test(arguments: [
    ("ILL", SIGILL, nil), ("SEGV", SIGSEGV, nil), ("ABRT", SIGABRT, nil), ("ILL", SIGILL, "enable=yes"),
  ])
  func aCrashIsNoRequestToStop(_ name: String, _ signal: Int32, _ backtrace: String?) throws {
    var environment = ["LD_PRELOAD": Crash.library, "XMDB_TEST_CRASH": name]
    environment["SWIFT_BACKTRACE"] = backtrace
    let result = try Workdir().start(["sql", Self.endless], environment: environment).wait()
    #expect(result.status == 128 + signal, "\(result)")
    #expect(!result.error.contains("interrupted"), "\(result)")
  }

  @Test func aSecondSignalEndsAtOnce() throws {
    // Both arrive together when it goes on.
    let program = try Workdir().start(["sql", Self.endless])
    try #require(program.isAtWork())
    program.send(SIGSTOP)
    program.send(SIGINT)
    program.send(SIGUSR1)
    program.send(SIGCONT)
    let result = try program.wait(limit: 60)
    #expect([130, 143].contains(result.status), "\(result)")
  }
}
