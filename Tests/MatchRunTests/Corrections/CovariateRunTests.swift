import CatalogStore
import Foundation
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Errors that depend on a column of the catalogue.
@Suite struct CovariateRunTests {
  private let sky = WrongErrors(
    factor: 1, floorArcsec: 0.05, inBoth: 9000, alone: 3000, kinds: [("deep", 1.5), ("shallow", 4)])

  private func by(_ column: String, _ borders: [Double] = []) -> CorrectionConfiguration {
    var configuration = CorrectionConfiguration()
    (configuration.covariate, configuration.borders) = (column, borders)
    return configuration
  }

  /// m² of each range within 3.5 of its error of the truth.
  private func expect(_ found: CatalogueCorrections, _ factors: [Double]) throws {
    #expect(found.covariate?.count == factors.count)
    for (_, correction) in found.sightlines {
      try #require(correction.ranges.count == factors.count)
      for (range, factor) in zip(correction.ranges, factors) {
        let record = range.record
        try #require(record.isMeasured)
        let pull = (record.values.x - factor * factor) / record.variances.x.squareRoot()
        #expect(abs(pull) < 3.5, "m \(record.correction.factor) ± \(record.factorError), not \(factor)")
        #expect(range.gain >= 0)
      }
    }
  }

  @Test func classesAndNumbersHaveErrorsOfTheirOwn() throws {
    let bench = try MatchBench(sky.pair(seed: 31))
    try bench.correct(by("kind"), threads: 2)
    let classes = try #require(try bench.corrections())
    #expect(classes.covariate?.kind == .classes(["deep", "shallow"]))
    try expect(classes, [1.5, 4])
    let one = try #require(classes.sightlines.first).correction
    #expect(one.covariateGain > 300 && one.moreNumbers == 2, "\(one.covariateGain)")
    try bench.correct(by("VISITS", [3]))
    let borders = try #require(try bench.corrections())
    #expect(borders.covariate == CovariateRanges(column: "visits", .borders([3])))
    try expect(borders, [1.5, 4])
    try bench.correct(by("visits"))
    let values = try #require(try bench.corrections())
    #expect(values.covariate?.kind == .borders([2, 3, 4]))
    try expect(values, [1.5, 1.5, 4, 4])
  }

  @Test func whereNothingDependsOnItNothingIsGained() throws {
    var even = sky
    even.kinds = [("one", 2), ("two", 2), ("three", 2), ("four", 2)]
    let bench = try MatchBench(even.pair(seed: 32))
    try bench.correct(by("kind"))
    let found = try #require(try bench.corrections()?.sightlines.first).correction
    // χ²/2 of 6 degrees of freedom.
    #expect(found.moreNumbers == 6 && found.covariateGain < 13, "\(found.covariateGain)")
  }

  @Test func eachSourceIsCorrectedByItsOwnValue() throws {
    let pair = try sky.pair(seed: 33)
    let (bench, cut) = (try MatchBench(pair), try MatchBench(pair, shardBytes: 30_000))
    for bench in [bench, cut] { try bench.correct(by("kind")) }
    #expect(try bench.correctionBytes() == cut.correctionBytes())
    let found = try #require(try bench.corrections()?.sightlines.first).correction
    let after = try bench.run(MatchConfiguration())
    let sources = Dictionary(uniqueKeysWithValues: pair.b.sources.map { ($0.id, $0) })
    for row in after.matches {
      let source = try #require(sources[row.ids.b])
      let correction =
        switch source.kind {
        case "deep": found.ranges[0].record.correction
        case "shallow": found.ranges[1].record.correction
        default: found.record.correction
        }
      #expect(abs(row.double("b_sigma_used_arcsec") - correction.sigmaArcsec(quoted: source.sigmaX)) < 1e-9)
    }
    #expect(try cut.run(MatchConfiguration(), sourcesPerChunk: 300, threads: 2).text == after.text)
    #expect(try bench.plan(MatchConfiguration()).notes.contains { $0.contains("by kind, 2 others") })
  }

  @Test func aRangeWithFewPairsIsAsAllSources() throws {
    var rare = sky
    rare.kinds = [("deep", 1.5), ("shallow", 4)]
    var pair = try rare.pair(seed: 34)
    // A third kind of a few sources.
    for place in 0..<30 { pair.b.sources[place].kind = "rare" }
    let bench = try MatchBench(pair)
    try bench.correct(by("kind"))
    let found = try #require(try bench.corrections())
    #expect(found.covariate?.kind == .classes(["deep", "rare", "shallow"]))
    #expect(found.rangeMaps.map { $0 == nil } == [false, true, false])
    #expect(
      found.sightlines.allSatisfy { !$0.correction.ranges[1].record.isMeasured && $0.correction.ranges[1].gain == 0 })
    _ = try bench.run(MatchConfiguration())
  }

  @Test func processesAndThreadsGiveTheSameBytes() throws {
    var order = by("visits")
    order.order = 6
    let pair = try sky.pair(seed: 35)
    let (whole, other) = (try MatchBench(pair), try MatchBench(pair, shardBytes: 30_000))
    try whole.correct(order)
    try other.correct(order, processes: 2, threads: 2)
    let bytes = try whole.correctionBytes()
    #expect(bytes.count > 2)
    #expect(try other.correctionBytes() == bytes)
    for payload in bytes {
      for length in stride(from: 0, to: payload.count, by: 7) {
        #expect(throws: (any Error).self) { try SightlineCorrection(payload: Array(payload[..<length])) }
      }
      #expect(try SightlineCorrection(payload: payload).payload == payload)
    }
  }

  @Test func whatCannotBeDoneIsSaidInOneLine() throws {
    let bench = try MatchBench(sky.pair(seed: 36))
    func message(_ configuration: CorrectionConfiguration) -> String {
      do { try bench.correct(configuration) } catch { return "\(error)" }
      return ""
    }
    #expect(message(by("nothing")).contains("--by: is 'nothing', which is no column of wrong"))
    #expect(message(by("kind", [1])).contains("--ranges: is 1.0 for 'kind', a column of type text"))
    #expect(message(by("visits", [3, 1])).contains("ascending borders"))
    var alone = CorrectionConfiguration()
    alone.borders = [1]
    #expect(message(alone).contains("name a column with --by"))
    var binned = by("visits")
    binned.fit = .binned
    #expect(message(binned).contains("--binned has no ranges"))
    #expect(message(by("a\nb")).contains("line break"))
  }

  @Test func aConfigurationIsReadAsItWasRecorded() throws {
    var configuration = by("visits: of it", [0.1, 5])
    (configuration.relation, configuration.order) = (.linear, 7)
    for reference in [
      CorrectionConfiguration.ReferenceErrors.stored, .quoted, .corrected(factor: 1.25, floorArcsec: 1e-4),
    ] {
      for motions in [MatchConfiguration.Motions.modelled, .ignored] {
        (configuration.reference, configuration.unknownMotions) = (reference, motions)
        #expect(try CorrectionConfiguration(recorded: configuration.yaml, run: 1) == configuration)
      }
    }
    // As it was recorded before there were covariates and motions.
    var old = CorrectionConfiguration()
    old.unknownMotions = .ignored
    #expect(old.yaml.split(separator: "\n").count == 6)
    #expect(throws: StoreError.self) { try CorrectionConfiguration(recorded: old.yaml + "by: x\nranges: q\n", run: 1) }
  }
}
