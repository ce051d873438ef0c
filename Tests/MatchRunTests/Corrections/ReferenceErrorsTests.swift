import CatalogStore
import Foundation
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// A better catalogue that is not as good as it says, or whose sources have moved.
@Suite struct ReferenceErrorsTests {
  /// What is found of b.
  private func record(_ bench: MatchBench) throws -> CorrectionRecord {
    try #require(try bench.corrections()?.sightlines.first).correction.record
  }

  private func pulls(_ record: CorrectionRecord, factor: Double, floor: Double) -> [Double] {
    [
      (record.values.x - factor * factor) / record.variances.x.squareRoot(),
      (record.values.y - floor * floor) / record.variances.y.squareRoot(),
    ]
  }

  @Test func errorsOfTheReferenceMayBeGiven() throws {
    var found: [Double] = []
    for seed: UInt64 in 41...43 {
      let pair = try WrongErrors(referenceFactor: 6).pair(seed: seed)
      let bench = try MatchBench(pair)
      try bench.correct()
      let quoted = try record(bench)
      #expect(quoted.correction.floorArcsec > 0.08, "what the reference lacks is in n: \(quoted.correction)")
      var given = CorrectionConfiguration()
      given.reference = .corrected(factor: 6, floorArcsec: 0)
      try bench.correct(given)
      found += pulls(try record(bench), factor: 2, floor: 0.05)
    }
    #expect(found.allSatisfy { abs($0) < 3.5 }, "\(found)")
  }

  @Test func correctionsOfTheReferenceAreUsed() throws {
    var pair = try WrongErrors().pair(seed: 44)
    // The good catalogue is six times worse than it says, and a third one better than both.
    var best = SimulatedCatalogue("best", [])
    var rng = SplitMix64(seed: 45)
    for place in pair.a.sources.indices {
      let source = pair.a.sources[place]
      var copy = SimulatedSource(source.ra, source.dec, sigma: 0.001)
      copy.magnitudes = source.magnitudes
      best.sources.append(copy)
      let quoted = rng.logUniform(0.01, 0.04)
      let there = moved(
        raDegrees: source.ra, decDegrees: source.dec,
        motion: ProperMotion(raMasPerYear: 6000 * quoted * rng.normal(), decMasPerYear: 6000 * quoted * rng.normal()),
        byYears: 1)
      (pair.a.sources[place].ra, pair.a.sources[place].dec) = (there.0, there.1)
      (pair.a.sources[place].sigmaX, pair.a.sources[place].sigmaY) = (quoted, quoted)
    }
    let bench = try MatchBench(pair)
    best.number(from: 1)
    best.bands = ["K"]
    try bench.ingest(best)
    let reference = MatchBench(bench.workdir, bench.database, "best", "good")
    try reference.correct()
    #expect(try abs(record(reference).correction.factor - 6) < 0.3)
    try bench.correct()
    let after = try record(bench)
    #expect(pulls(after, factor: 2, floor: 0.05).allSatisfy { abs($0) < 4 }, "\(after.correction)")
    func plan(_ change: (inout CorrectionConfiguration) -> Void = { _ in }) throws -> CorrectionPlan {
      var configuration = CorrectionConfiguration()
      change(&configuration)
      return try CorrectionPlan(
        database: bench.database, catalogue: "wrong", against: "good", configuration: configuration)
    }
    #expect(try plan().notes.contains { $0.contains("errors of good are taken as") })
    let asQuoted = try plan { $0.reference = .quoted }
    #expect(!asQuoted.notes.contains { $0.contains("errors of good") })
    #expect(try asQuoted.fingerprint != plan().fingerprint)
    // Each by the other: what follows from the catalogue itself is not used.
    #expect(try reference.database.writableRegistry().forgetCorrections(of: "good") == 1)
    let back = MatchBench(bench.workdir, bench.database, "wrong", "good")
    try back.correct()
    #expect(try plan().notes.contains { $0.contains("were learned from wrong itself and are not used") })
    #expect(try plan().inputs.a.corrections == nil)
  }

  /// Sources that moved as the model says for 20 years, and nobody measured it.
  @Test func unknownMotionsAreNotErrors() throws {
    var found: [Double] = []
    for seed: UInt64 in 46...48 {
      let bench = try MatchBench(moving(seed: seed))
      try bench.correct()
      let correction = try #require(try bench.corrections()?.sightlines.first).correction
      #expect(correction.motionScale == 1, "seed \(seed): \(correction.motionScale)")
      found += pulls(correction.record, factor: 2, floor: 0.05)
      var still = CorrectionConfiguration()
      still.unknownMotions = .ignored
      try bench.correct(still)
      let blind = try #require(try bench.corrections()?.sightlines.first).correction
      #expect(blind.motionScale == 0 && blind.record.fitness.chiSquare > 2 * correction.record.fitness.chiSquare)
      #expect(blind.record.correction.floorArcsec > 0.07, "\(blind.record.correction)")
    }
    #expect(found.allSatisfy { abs($0) < 3.5 }, "\(found)")
  }

  private func moving(seed: UInt64) throws -> SimulatedPair {
    var pair = try WrongErrors().pair(seed: seed)
    (pair.a.epochYears, pair.b.epochYears) = (2016, 1996)
    pair.a.bands = ["G"]
    let counterparts = Dictionary(uniqueKeysWithValues: pair.b.sources.enumerated().map { ($0.element.id, $0.offset) })
    let band = try SurveyBands().band("gaia G")
    let grid = try MotionModels.grid(band, at: try #require(SkyPosition(raDegrees: 180.5, decDegrees: 0)))
    var rng = SplitMix64(seed: seed + 100)
    for source in pair.a.sources {
      guard let b = pair.truth[source.id], let place = counterparts[b] else { continue }
      let widths = grid.widths(magnitude: (source.magnitudes.first ?? nil) ?? 17)
      var (left, width) = (rng.uniform(), 0)
      while width < MotionWidths.count - 1, left >= widths[width] {
        left -= widths[width]
        width += 1
      }
      let sigma = MotionWidths.sigma(of: width)
      let there = moved(
        raDegrees: pair.b.sources[place].ra, decDegrees: pair.b.sources[place].dec,
        motion: ProperMotion(raMasPerYear: sigma * rng.normal(), decMasPerYear: sigma * rng.normal()), byYears: -20)
      (pair.b.sources[place].ra, pair.b.sources[place].dec) = (there.0, there.1)
    }
    return pair
  }
}
