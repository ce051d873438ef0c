import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

/// A deeper catalogue counts what is hidden in the other one.
@Suite struct DeeperCatalogueTests {
  /// Sources of b up to 17 mag in W1, of a two magnitudes deeper in another band.
  private func bench(band: String, seed: UInt64 = 41) throws -> MatchBench {
    var pair = BlendedSky.pair(seed: seed)
    for index in pair.a.sources.indices {
      pair.a.sources[index].magnitudes = pair.a.sources[index].magnitudes.map { $0.map { $0 - 2 } }
    }
    pair.b.sources.removeAll { ($0.magnitudes[0] ?? 99) > 17 }
    pair.a.bands = [band]
    return try MatchBench(pair)
  }

  private func note(_ plan: MatchPlan) -> String { plan.notes.first { $0.contains("are hidden in a PSF") } ?? "" }

  @Test func theSameLightIsCountedByTheDeeperOne() throws {
    let bench = try bench(band: "I1")
    let plan = try bench.plan(MatchConfiguration())
    #expect(plan.notes.contains { $0.contains("(spitzer I1), which goes deeper") }, "\(plan.notes)")
    let position = try #require(SkyPosition(raDegrees: 359.95, decDegrees: -33))
    let counts = try #require(try plan.counts(ofA: false, at: position)).counts
    // Beyond the end of b those of a.
    let histogram = plan.a.magnitudes[0]
    var sources = 0.0
    for (bin, count) in histogram.counts.enumerated() {
      let magnitude = (Double(histogram.firstBin + bin) + 0.5) / 10
      if magnitude > 17.3 && magnitude < 18.3 { sources += Double(count) }
    }
    let expected = sources / plan.coverageA.areaDegrees2
    let found = counts.total.sourcesPerDeg2(from: 17.3 + 0.09, to: 18.3 + 0.09)
    #expect(abs(found / expected - 1) < 0.3, "\(found), \(expected)")
    let whole = try bench.run(MatchConfiguration())
    #expect(try bench.run(MatchConfiguration(), sourcesPerChunk: 60, threads: 2).text == whole.text)
  }

  @Test func otherLightIsNot() throws {
    let plan = try bench(band: "G").plan(MatchConfiguration())
    #expect(!note(plan).isEmpty && !plan.notes.contains { $0.contains("goes deeper") }, "\(plan.notes)")
  }
}
