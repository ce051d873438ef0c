import Testing

@testable import CatalogStore

@Suite struct SpellingTests {
  private static let commands = ["ingest", "info", "match", "match-all", "runs", "status", "sql", "simulate"]

  @Test(arguments: [
    ("ingset", "ingest"), ("inof", "info"), ("Match", "match"), ("matchall", "match-all"), ("run", "runs"),
    ("stauts", "status"), ("sq", "sql"), ("sqll", "sql"), ("simulat", "simulate"),
  ])
  func aSlipIsRecognised(word: String, meant: String) {
    #expect(Spelling.nearest(to: word, among: Self.commands) == meant)
  }

  @Test(arguments: ["", "frobnicate", "x", "gaia.parquet", String(repeating: "match", count: 100)])
  func anotherWordIsNot(word: String) {
    #expect(Spelling.nearest(to: word, among: Self.commands) == nil)
  }

  @Test func distancesAreThoseOfTheDefinition() {
    func distance(_ a: String, _ b: String) -> Int {
      Spelling.distance(Array(a.unicodeScalars), Array(b.unicodeScalars))
    }
    #expect(distance("", "abc") == 3 && distance("abc", "") == 3 && distance("abc", "abc") == 0)
    #expect(distance("kitten", "sitting") == 3 && distance("ab", "ba") == 1 && distance("ca", "abc") == 3)
  }
}
