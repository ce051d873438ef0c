import Testing

@testable import Ingest

@Suite struct MacauffInputTests {
  @Test(arguments: [
    ("J2016.0", 2016.0), ("2015.5", 2015.5), ("J2000", 2000), ("2000-01-01", 1999.998_631),
    ("2010-07-02T00:00:00", 2010.498_29),
    ("1858-11-17", 1858.878_85),
  ]) func epochsAreRead(_ text: String, _ years: Double) throws {
    let found = try #require(EpochText.julianYears(text))
    #expect(abs(found - years) < 1e-5, "\(found)")
  }

  @Test(arguments: ["", "J", "yesterday", "2016-13-01", "2016-00-10", "99999", "nan", "2016-01", "J-5"])
  func othersAreNone(_ text: String) { #expect(EpochText.julianYears(text) == nil) }
}
