import CatalogStore
import MatchRun
import Testing
import XMDBTestSupport

/// Probabilities are held against the separations of the pairs: right ones are trusted and wrong ones are not, without a look at the truth.
@Suite struct SeparationTests {
  private func answer(
    _ bench: MatchBench, sources: Double? = nil, threads: Int = 2, cancellation: Cancellation = Cancellation()
  ) throws -> Calibration.Answer {
    var options = Calibration.Options()
    options.threads = threads
    if let sources { options.separationSources = sources }
    let run = try FinishedRun(database: bench.database, a: bench.nameA, b: bench.nameB)
    let answers = try Calibration(run, options, cancellation: cancellation).answers()
    #expect(answers.map(\.evidence) == ["separations"])
    return answers[0]
  }

  private func matched(_ sky: HostileSky, seed: UInt64, _ configuration: MatchConfiguration) throws -> MatchBench {
    let bench = try MatchBench(sky.pair(seed: seed))
    _ = try bench.run(configuration, threads: 2)
    return bench
  }

  /// Errors as they are quoted.
  private var survivors: MatchConfiguration {
    var configuration = MatchConfiguration()
    configuration.method = .survivors
    return configuration
  }

  private static let rightSkies: [HostileSky] = {
    var skies = [HostileSky.Place.even, .gradient, .cluster, .strip].map { place in
      var sky = HostileSky()
      sky.place = place
      return sky
    }
    var wide = HostileSky()
    wide.underestimate = 2
    var none = HostileSky()
    (none.counterparts, none.onlyA, none.onlyB) = (0, 12_000, 12_000)
    skies += [wide, none]
    return skies
  }()

  /// One verdict comes from some forty comparisons, so that now and then chance makes one of them fail: of 30 skies three may be distrusted.
  @Test func rightProbabilitiesAreTrusted() throws {
    var distrusted: [String] = []
    for sky in Self.rightSkies {
      for seed in 41...45 as ClosedRange<UInt64> {
        let bench = try matched(sky, seed: seed, MatchConfiguration())
        defer { withExtendedLifetime(bench) {} }
        let answer = try answer(bench)
        if !answer.isTrusted { distrusted.append("\(sky), seed \(seed): \(answer.verdict), \(answer.summary ?? "")") }
      }
    }
    #expect(distrusted.count <= 3, "\(distrusted)")
  }

  @Test(arguments: 41...45 as ClosedRange<UInt64>)
  func probabilitiesFromErrorsAsQuotedAreNotTrustedWhereTheseAreWrong(seed: UInt64) throws {
    var sky = HostileSky()
    sky.underestimate = 2
    let bench = try matched(sky, seed: seed, survivors)
    defer { withExtendedLifetime(bench) {} }
    #expect(try !answer(bench).isTrusted, "seed \(seed)")
  }

  @Test(arguments: 41...45 as ClosedRange<UInt64>)
  func probabilitiesFromCountsAreNotTrustedWhereNothingIsInCommon(seed: UInt64) throws {
    var sky = HostileSky()
    (sky.counterparts, sky.onlyA, sky.onlyB) = (0, 12_000, 12_000)
    var counted = MatchConfiguration()
    (counted.priors, counted.photometry) = (.counts, false)
    let bench = try matched(sky, seed: seed, counted)
    defer { withExtendedLifetime(bench) {} }
    #expect(try answer(bench).verdict == "P too high", "seed \(seed)")
  }

  /// More than a piece of sky holds.
  private static let largeSky: HostileSky = {
    var sky = HostileSky()
    (sky.counterparts, sky.onlyA, sky.onlyB) = (24_000, 12_000, 24_000)
    return sky
  }()

  @Test func theAnswerDoesNotDependOnThreadsOrChunks() throws {
    let pair = Self.largeSky.pair(seed: 46)
    let (one, other) = (try MatchBench(pair), try MatchBench(pair, shardBytes: 1 << 18))
    _ = try one.run(MatchConfiguration(), threads: 2)
    _ = try other.run(MatchConfiguration(), sourcesPerChunk: 3000, threads: 2)
    for sources in [1e9, 5000] {
      // As text: values that are unknown are not equal to each other.
      func tables(_ bench: MatchBench, threads: Int) throws -> String {
        "\(try answer(bench, sources: sources, threads: threads).tables.map(\.rows))"
      }
      let expected = try tables(one, threads: 1)
      #expect(try tables(one, threads: 4) == expected)
      #expect(try tables(other, threads: 2) == expected)
    }
  }

  @Test func aLargeSkyIsJudgedByPiecesOfIt() throws {
    let bench = try matched(Self.largeSky, seed: 47, MatchConfiguration())
    defer { withExtendedLifetime(bench) {} }
    #expect(try answer(bench).sample == nil)
    let sample = try #require(try answer(bench, sources: 1).sample)
    #expect(sample.sources > 1 && sample.sources <= sample.all && sample.pieces == 1)
  }

  @Test func itStopsWhenItIsAskedTo() throws {
    let bench = try matched(HostileSky(), seed: 48, MatchConfiguration())
    defer { withExtendedLifetime(bench) {} }
    let cancellation = Cancellation()
    cancellation.request()
    #expect(throws: StoreError.self) { try answer(bench, cancellation: cancellation) }
  }
}
