import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

/// An extinction that is given dims the counts by which hidden neighbours are counted.
@Suite struct ExtinctionTests {
  @Test func itIsRecordedWithTheRun() throws {
    var configuration = MatchConfiguration()
    #expect(!configuration.yaml.contains("extinction"))
    configuration.extinctionAV = 0.325
    // The default of corrections is that of the database; a run records those that it has used.
    configuration.corrections = .runs(a: nil, b: nil)
    #expect(configuration.yaml.contains("extinction: 0.325\n"))
    let read = try MatchConfiguration(recorded: configuration.yaml, run: 1)
    #expect(read.extinctionAV == 0.325 && read.yaml == configuration.yaml)
  }

  @Test(arguments: [-0.1, 100.1, .infinity, .nan])
  func whatIsNoExtinctionIsRefused(value: Double) {
    var configuration = MatchConfiguration()
    configuration.extinctionAV = value
    #expect(throws: StoreError.self) { try configuration.validate() }
  }

  @Test func itChangesWhatIsHidden() throws {
    let bench = try MatchBench(BlendedSky.pair(seed: 21))
    var configuration = MatchConfiguration()
    let usual = try bench.plan(configuration)
    configuration.extinctionAV = 20
    let dimmed = try bench.plan(configuration)
    #expect(usual.fingerprint.description != dimmed.fingerprint.description)
    let shares = try [usual, dimmed].map { plan in
      try #require(plan.inputs.b.crowding).faintFlux(
        at: Healpix29.index(raDegrees: 359.95, decDegrees: -33), densityPerDegree2: 3e4, magnitude: 17, fainterThan: 18)
    }
    #expect(shares.allSatisfy { $0 > 0 } && abs(shares[0] / shares[1] - 1) > 0.01, "\(shares)")
  }
}
