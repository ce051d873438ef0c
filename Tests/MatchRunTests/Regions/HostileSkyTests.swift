import CatalogStore
import MatchRun
import Testing

/// Probabilities mean what they say on skies that are uneven, thin or cut up, with errors that are wrong, and with few counterparts or none.
@Suite struct HostileSkyTests {
  /// What the pairs of a match were given, against the truth.
  private struct Score {
    var expectedFalse = 0.0
    var found = 0
    var falsePairs = 0
    var sum = 0.0
    /// Worst deviation of a tenth with a hundred pairs, σ.
    var worst = 0.0
    var right = 0
    var chosen = 0
    var real = 0

    var completeness: Double { Double(right) / Double(real) }
    var purity: Double { Double(right) / Double(max(1, chosen)) }

    init(_ rows: RunRows, real: Int) {
      self.real = real
      var tenths = [(number: Double, sum: Double, variance: Double, real: Double)](repeating: (0, 0, 0, 0), count: 10)
      for row in rows.pairs {
        let (p, isReal) = (row.double("pair_p"), row.ids.a == row.ids.b)
        sum += p
        let tenth = min(9, Int(p * 10))
        tenths[tenth].number += 1
        tenths[tenth].sum += p
        tenths[tenth].variance += p * (1 - p)
        tenths[tenth].real += isReal ? 1 : 0
        if p >= 0.9 {
          expectedFalse += 1 - p
          found += 1
          falsePairs += isReal ? 0 : 1
        }
        if p >= 0.5 {
          chosen += 1
          right += isReal ? 1 : 0
        }
      }
      for tenth in tenths where tenth.number >= 100 {
        let deviation = (tenth.real - tenth.sum) / tenth.variance.squareRoot()
        if abs(deviation) > abs(worst) { worst = deviation }
      }
    }

    /// Whether the false pairs among the sure ones are no more than a factor times those expected, and five of their errors.
    func isHonest(_ factor: Double) -> Bool {
      Double(falsePairs) <= factor * expectedFalse + 5 * max(expectedFalse, 1).squareRoot()
    }
  }

  private func score(
    _ sky: HostileSky, seed: UInt64, _ configuration: MatchConfiguration = MatchConfiguration()
  ) throws -> Score {
    let bench = try MatchBench(sky.pair(seed: seed))
    defer { withExtendedLifetime(bench) {} }
    return Score(try bench.run(configuration, threads: 2), real: sky.counterparts)
  }

  private func expect(
    _ sky: HostileSky, worst: Double = 5, completeness: Double, purity: Double,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let score = try score(sky, seed: 31)
    #expect(abs(score.worst) < worst && score.isHonest(1.1), "\(sky): \(score)", sourceLocation: location)
    #expect(
      score.completeness > completeness && score.purity > purity, "\(sky): \(score)", sourceLocation: location)
  }

  @Test(arguments: [HostileSky.Place.even, .gradient, .cluster, .strip, .checker])
  func unevenSkiesAreJudgedByTheDensityWhereTheyAre(place: HostileSky.Place) throws {
    var sky = HostileSky()
    sky.place = place
    try expect(sky, completeness: 0.985, purity: 0.975)
  }

  @Test func errorsAreFoundToBeTwiceThoseQuoted() throws {
    var sky = HostileSky()
    sky.underestimate = 2
    try expect(sky, completeness: 0.975, purity: 0.96)
  }

  @Test func errorsAreFoundToBeHalfThoseQuoted() throws {
    var sky = HostileSky()
    sky.underestimate = 0.5
    try expect(sky, completeness: 0.99, purity: 0.985)
  }

  @Test func theOffsetBetweenTwoFramesIsRemoved() throws {
    var sky = HostileSky()
    sky.offsetArcsec = (0.3, -0.2)
    try expect(sky, completeness: 0.985, purity: 0.98)
    let bench = try MatchBench(sky.pair(seed: 31))
    let plan = try bench.plan(MatchConfiguration())
    #expect(plan.notes.contains { $0.contains("lies 0.3 arcsec east") || $0.contains("lies 0.29") }, "\(plan.notes)")
    var asGiven = MatchConfiguration()
    asGiven.frame = .asGiven
    #expect(try !bench.plan(asGiven).notes.contains { $0.contains("lies") })
  }

  @Test func anObjectThatIsListedTwiceIsFoundOnce() throws {
    var sky = HostileSky()
    sky.listedTwice = 0.3
    let bench = try MatchBench(sky.pair(seed: 34))
    let rows = try bench.run(MatchConfiguration(), threads: 2)
    #expect(try bench.plan(MatchConfiguration()).notes.contains { $0.contains("another detection") })
    var (groups, sum, expectedFalse, falseGroups) = (0, 0.0, 0.0, 0)
    for row in rows.matches {
      let (pair, group) = (row.double("pair_p"), row.double("a_group_p"))
      let p = group.isNaN ? pair : group
      groups += group.isNaN ? 0 : 1
      sum += p
      #expect(p >= pair && p <= 1 && row.flags.contains(.duplicateB) == !group.isNaN)
      let found = [row.ids.b, row.integer("a_runner_up_id")].prefix(group.isNaN ? 1 : 2)
      let isReal = found.contains { $0 % HostileSky.secondListing == row.ids.a }
      if p >= 0.9 {
        expectedFalse += 1 - p
        falseGroups += isReal ? 0 : 1
      }
    }
    let comment: Comment = "\(groups) groups, sum \(sum), false \(falseGroups) of \(expectedFalse)"
    #expect(abs(Double(groups) - 0.3 * Double(sky.counterparts)) < 0.06 * Double(sky.counterparts), comment)
    #expect(abs(sum - Double(sky.counterparts)) < 0.02 * Double(sky.counterparts), comment)
    #expect(Double(falseGroups) < 1.5 * expectedFalse + 15, comment)
  }

  @Test func neighboursByChanceAreNotTakenForOneObject() throws {
    let rows = try MatchBench(HostileSky().pair(seed: 35)).run(MatchConfiguration(), threads: 2)
    #expect(rows.matches.allSatisfy { $0["a_group_p"] == .null && $0["b_group_p"] == .null })
  }

  @Test func tailsOfTheErrorsAreFound() throws {
    var sky = HostileSky()
    sky.hasTail = true
    // How far the tail goes cannot be told where chance pairs are more: a part of the counterparts there is missing.
    try expect(sky, worst: 12, completeness: 0.97, purity: 0.965)
  }

  @Test(arguments: [0.0, 16])
  func starsOfUnknownMotionAreFound(spread: Double) throws {
    var sky = HostileSky()
    sky.drift = HostileSky.Drift(years: spread > 0 ? 8 : 17, spread: spread)
    try expect(sky, completeness: 0.985, purity: 0.975)
  }

  /// Half of a is seen when it is matched, so that in some pieces of sky only sources of b drift.
  @Test func driftsDoNotDependOnHowTheSkyIsCutOrOnNames() throws {
    var sky = HostileSky()
    (sky.counterparts, sky.onlyA, sky.onlyB) = (6000, 3000, 6000)
    // Speeds as various as those of the Galaxy, so that its motions are what describes them.
    sky.drift = HostileSky.Drift(years: 30, spread: 16, speed: 5, fastEvery: 2, fastSpeeds: [4, 8, 16, 32])
    var pair = sky.pair(seed: 36)
    for place in pair.a.sources.indices where pair.a.sources[place].ra < 180.35 { pair.a.sources[place].epoch = 2030 }
    for exchanged in [false, true] {
      if exchanged { swap(&pair.a.sources, &pair.b.sources) }
      let (one, other) = (try MatchBench(pair), try MatchBench(pair, shardBytes: 1 << 18))
      var whole = MatchConfiguration()
      whole.photometry = false
      _ = try one.run(whole, sourcesPerChunk: 30_000, threads: 2)
      _ = try other.run(whole, sourcesPerChunk: 1000, threads: 2)
      #expect(try one.export() == other.export())
    }
    let names = (pair.a.name, pair.b.name)
    let first = try MatchBench(pair).plan(MatchConfiguration()).fingerprint
    (pair.a.name, pair.b.name) = ("z" + names.0, "a" + names.1)
    #expect(try MatchBench(pair).plan(MatchConfiguration()).fingerprint == first)
  }

  @Test func starsThatMoveAsLittleAsTheirErrorsAreNotWidened() throws {
    var (sky, still) = (HostileSky(), HostileSky())
    sky.drift = HostileSky.Drift(resting: 1)
    still.drift = nil
    let (found, expected) = (try score(sky, seed: 34), try score(still, seed: 34))
    #expect(abs(found.completeness - expected.completeness) < 0.002 && abs(found.purity - expected.purity) < 0.002)
  }

  @Test func fastStarsAreFoundBesideGalaxiesAtRest() throws {
    var sky = HostileSky()
    (sky.counterparts, sky.onlyA, sky.onlyB) = (3000, 300, 600)
    sky.drift = HostileSky.Drift(years: 25, resting: 0.5, fastEvery: 20)
    let score = try score(sky, seed: 35)
    #expect(score.completeness > 0.985 && score.purity > 0.985 && score.isHonest(1.3), "\(score)")
    var ignored = MatchConfiguration()
    ignored.unknownMotions = .ignored
    let before = try self.score(sky, seed: 35, ignored)
    #expect(score.completeness > before.completeness + 0.005, "\(score), \(before)")
  }

  @Test func thatAMagnitudeIsMissingIsEvidence() throws {
    var sky = HostileSky()
    sky.fieldWithoutMagnitude = 0.8
    try expect(sky, completeness: 0.985, purity: 0.98)
  }

  @Test func aQuotedErrorIsEvidence() throws {
    var sky = HostileSky()
    sky.hasMagnitudes = false
    sky.fieldErrors = 3
    try expect(sky, worst: 6, completeness: 0.98, purity: 0.98)
  }

  @Test func nothingIsSureWhereNothingIsInCommon() throws {
    var sky = HostileSky()
    (sky.counterparts, sky.onlyA, sky.onlyB) = (0, 20_000, 20_000)
    let score = try score(sky, seed: 32)
    #expect(score.sum < 30 && score.falsePairs <= 3, "\(score)")
  }

  @Test func aFewCounterpartsAmongManyAreFoundWithoutFalseConfidence() throws {
    var sky = HostileSky()
    (sky.counterparts, sky.onlyA, sky.onlyB) = (200, 20_000, 20_000)
    let score = try score(sky, seed: 33)
    #expect(score.completeness > 0.45 && score.isHonest(1.3) && abs(score.sum - 200) < 100, "\(score)")
  }
}
