import CatalogStore
import MatchRun
import XMDBTestSupport

@testable import Serve

/// A small database with a finished match, and a connection as a server has it.
struct ServedSky {
  let sky: TestSky
  let settings: ServeSettings
  let connection: QueryConnection
  let one: TestCatalogue
  let two: TestCatalogue

  init(sources: Int = 400, seed: UInt64 = 7) throws {
    var rng = SplitMix64(seed: seed)
    sky = try TestSky()
    let field = Sky.cap(sources, raDegrees: 359.9, decDegrees: 20, radiusDegrees: 0.5, using: &rng)
    var one = TestCatalogue("one", field)
    one.extras = [
      .init("big", "INTEGER", (0..<sources).map { .integer(Int64.max - Int64($0)) }),
      .init("name", "TEXT", (0..<sources).map { $0 % 3 == 0 ? .null : .text("süß \($0), \"x\" <&>") }),
      .init("value", "REAL", (0..<sources).map { $0 % 5 == 0 ? .null : .real(Double($0) / 3) }),
    ]
    one.sourcesPerShard = 100
    var two = TestCatalogue("two words", field)
    two.sourcesPerShard = 100
    try sky.add(one)
    try sky.add(two)
    (self.one, self.two) = (one, two)
    let plan = try MatchPlan(database: sky.database, a: "one", b: "two words")
    _ = try MatchDriver(plan: plan, threads: 1).run()
    settings = ServeSettings(databasePath: sky.path, locks: .system)
    connection = try QueryConnection(settings)
  }

  /// The rows of a query, values separated by `|`.
  func rows(
    _ text: String, language: String = "ADQL", uploads: [(String, [UInt8])] = [], most: Int64? = nil
  ) throws -> [String] {
    var parameters = Parameters()
    for (name, value) in [("LANG", language), ("QUERY", text), ("FORMAT", "tsv")] { try parameters.add(name, value) }
    if let most { try parameters.add("MAXREC", String(most)) }
    for (name, bytes) in uploads {
      try parameters.add("UPLOAD", "\(name),param:\(name)")
      try parameters.add(file: name, bytes)
    }
    let reply = try TAPQuery(parameters, settings).reply(connection, QueryStop())
    let all = try reply.body.read(at: 0, 1 << 24)
    return String(decoding: all, as: UTF8.self).split(separator: "\r\n").dropFirst().map {
      String($0).replacing("\t", with: "|")
    }
  }

  /// Why a query is refused; empty when it is not.
  func message(_ text: String, language: String = "ADQL") -> String {
    do {
      _ = try rows(text, language: language)
      return ""
    } catch { return "\(error)" }
  }
}
