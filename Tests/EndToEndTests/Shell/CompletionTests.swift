import CSQLiteBoot
import Testing

@testable import xmdb

@Suite struct CompletionTests {
  private static let columns = [
    "gaia": ["source_id", "ra", "g_mag", "two words"], "hip": ["HIP", "plx"], "xmatch": ["a_id", "pair_p"],
  ]

  private let completion = Completion(
    names: Completion.Names(
      tables: ["gaia", "hip", "DR3.main", "xmatch", "xm_runs"], calledTables: ["xmatch"],
      catalogues: ["gaia", "hip", "DR3.main"], functions: ["xm_separation", "max"],
      keywords: ["SELECT", "SET", "WHERE"],
      columns: { columns[$0] ?? [] },
      files: { ["data/", "data.csv", "other"].filter($0.isEmpty ? { _ in true } : $0.isPrefix) }),
    commands: [("tables", .table), ("mode", .words(["csv", "json"])), ("read", .file), ("quit", .none)])

  /// SQLite knows which names are keywords.
  init() { #expect(xsql_bootstrap() == 0) }

  private func answer(_ before: String, behind: String = "", pending: String = "") -> Completion.Answer {
    completion.answer(pending: pending, before: before, line: before + behind)
  }

  @Test(arguments: [
    ("SEL", 3, "SELECT"), ("sel", 3, "select"), ("SELECT * FROM ga", 2, "gaia"), ("SELECT * FROM xma", 3, "xmatch("),
    ("SELECT * FROM xmatch('h", 1, "hip"), ("SELECT xm_s", 4, "xm_separation("), ("SELECT * FROM D", 1, "\"DR3.main\""),
    ("SELECT * FROM \"D", 2, "\"DR3.main\""), (".ta", 3, ".tables"), (".mode c", 1, "csv"), (".tables h", 1, "hip"),
  ]) func theRestOfAWordIsFound(typed: String, characters: Int, text: String) {
    #expect(answer(typed) == .replace(characters: characters, with: text))
  }

  @Test func columnsAreThoseOfTheTablesThatAreNamed() {
    #expect(answer("SELECT sour") == .none)
    #expect(answer("SELECT sour", behind: " FROM gaia") == .replace(characters: 4, with: "source_id"))
    #expect(answer("SELECT m.pl", behind: " FROM hip AS m") == .replace(characters: 2, with: "plx"))
    #expect(answer("SELECT m.p", behind: " FROM xmatch('gaia', 'hip') m") == .replace(characters: 1, with: "pair_p"))
    #expect(
      answer("SELECT gaia.", behind: " FROM gaia, hip") == .choose(["\"two words\"", "g_mag", "ra", "source_id"]))
    #expect(answer("WHERE pl", pending: "SELECT 1 FROM hip\n") == .replace(characters: 2, with: "plx"))
  }

  @Test func namesOfSeveralBeginningsAreListed() {
    #expect(answer("S") == .replace(characters: 1, with: "SE"))
    #expect(answer("SE") == .choose(["SELECT", "SET"]))
    #expect(answer("SELECT 1 FROM ") == .choose(["\"DR3.main\"", "gaia", "hip", "xm_runs", "xmatch("]))
    #expect(answer(".read dat") == .replace(characters: 3, with: "data"))
    #expect(answer(".mode ") == .choose(["csv", "json"]))
  }

  @Test(arguments: ["SELECT ", "SELECT 1 -- gai", "SELECT 'x", ".nope g", ".quit g", "SELECT zzz"])
  func whereNothingFitsNothingIsOffered(typed: String) { #expect(answer(typed) == .none) }

  @Test func atTheBeginningOfALineTabIndents() { #expect(answer("  ") == .replace(characters: 0, with: "  ")) }

  @Test func listsFitTheTerminal() {
    #expect(Completion.list(["a", "bb", "ccc"], columns: 12) == "a    ccc\nbb")
    #expect(Completion.list(["a", "bb"], columns: 1) == "a\nbb")
    #expect(Completion.list([], columns: 80) == "")
    #expect(Completion.list((0..<500).map(String.init), columns: 80).hasSuffix("… and 380 more"))
  }

  @Test(arguments: ["'", "\"", "[", "/*", "--", "((((", "))))", "`", ".", "\u{0}", "é", "\"a\"\"b", "a.b.c.", "'it''s"])
  func everyTextHasWords(text: String) {
    for piece in [text, "SELECT " + text, text + " FROM gaia g"] {
      _ = SQLWords(piece).tables(among: ["gaia"])
      _ = answer(piece)
    }
  }
}

extension String {
  fileprivate func isPrefix(_ text: String) -> Bool { text.hasPrefix(self) }
}
