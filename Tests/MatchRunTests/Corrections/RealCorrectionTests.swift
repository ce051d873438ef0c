import CatalogStore
import Match
import MatchRun
import Testing
import XMDBTestSupport

/// The errors of CatWISE, learned from Gaia, on the real cones.
@Suite(.enabled(if: RealCones.isPresent, "../shared/real is absent"))
struct RealCorrectionTests {
  @Test func catWISEQuotesErrorsThatAreNearlyRight() throws {
    let workdir = try Workdir()
    let bench = MatchBench(workdir, try RealCones.ingest(into: workdir), "gaia", "catwise")
    try bench.correct()
    let record = try #require(try bench.corrections()?.sightlines.first).correction.record
    #expect(record.pairs > 5000)
    #expect((0.9...1.15).contains(record.correction.factor) && record.factorError < 0.05, "\(record.correction)")
    #expect(record.correction.floorArcsec < 0.04 && record.floorErrorArcsec < 0.03, "\(record.correction)")
    #expect(record.fitness.reducedChiSquare < 3)
    let (with, without) = (
      MatchConfiguration(),
      { () -> MatchConfiguration in
        var configuration = MatchConfiguration()
        configuration.corrections = .none
        return configuration
      }()
    )
    func found(_ configuration: MatchConfiguration) throws -> Int {
      try bench.run(configuration, threads: 2).matches.count { $0.double("pair_p") >= 0.5 }
    }
    let (corrected, quoted) = (try found(with), try found(without))
    #expect(corrected >= 11_200 && abs(corrected - quoted) < 200, "\(corrected), as quoted \(quoted)")
  }
}
