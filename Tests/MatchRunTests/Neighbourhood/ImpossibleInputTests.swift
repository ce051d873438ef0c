import CatalogStore
import Indexing
import MatchRun
import Testing
import XMDBTestSupport

/// Databases that hold what cannot be, as older programs or damage leave them: every way to a match says so, and none ends the
/// process.
@Suite struct ImpossibleInputTests {
  /// Two catalogues of a few sources; the first one is changed.
  private func sky(_ change: (inout TestCatalogue) -> Void = { _ in }) throws -> TestSky {
    var rng = SplitMix64(seed: 9)
    let positions = Sky.cap(60, raDegrees: 30, decDegrees: 10, radiusDegrees: 0.1, using: &rng)
    var a = TestCatalogue("a", positions, sigmaArcsec: 0.2)
    a.epochs = [2016]
    a.motionRA = positions.raDegrees.map { _ in 5 }
    a.motionDec = a.motionRA
    change(&a)
    var b = TestCatalogue("b", positions.scattered(sigmaArcsec: 0.2, using: &rng), sigmaArcsec: 0.2)
    b.epochs = [2010]
    let sky = try TestSky()
    try sky.add(b)
    try sky.add(a)
    return sky
  }

  private func match(_ database: SkyDatabase, _ configuration: MatchConfiguration = .positionsOnly) throws {
    let plan = try MatchPlan(database: database, a: "a", b: "b", configuration: configuration)
    let outcome = try MatchDriver(plan: plan, threads: 1).run()
    if let problem = outcome.problems.first { throw StoreError(problem.code, "run", problem.reason) }
  }

  /// A match of the sky names the damage: in the words of the plan, or as a number that the registry may not hold.
  private func expectDamage(_ sky: TestSky, _ words: String) {
    for configuration in [MatchConfiguration.positionsOnly, MatchConfiguration()] {
      let error = #expect(throws: StoreError.self) { try match(sky.database, configuration) }
      #expect(error?.code == .damaged, "\(error?.description ?? "none")")
      let text = error?.description ?? "none"
      #expect(text.contains(words) || text.contains("in the registry"), "\(text)")
    }
    withExtendedLifetime(sky) {}
  }

  private static let absurd: [Double] = [1e15, 3e10, 1e150]

  @Test(arguments: absurd)
  func anAbsurdErrorOfOneRowIsNamed(sigma: Double) throws {
    expectDamage(
      try sky {
        $0.sigmaX[3] = sigma
        $0.sigmaY[3] = sigma
      }, "largest position error")
  }

  @Test(arguments: [1e14, 1e150])
  func anAbsurdErrorOfMotionsIsNamed(sigma: Double) throws {
    expectDamage(try sky { $0.motionSigma = sigma }, "largest error of a motion")
  }

  @Test(arguments: [1e10, 1e150])
  func anAbsurdMotionIsNamed(motion: Double) throws {
    expectDamage(try sky { $0.motionRA[5] = motion }, "largest proper motion")
  }

  @Test(arguments: [9999, -1e300])
  func anAbsurdEpochIsNamed(epoch: Double) throws {
    expectDamage(
      try sky { catalogue in catalogue.epochs = catalogue.sky.raDegrees.indices.map { $0 == 7 ? epoch : 2016 } },
      "epoch")
  }

  /// Whatever a summary claims, what the rows hold is looked at, too.
  @Test(arguments: absurd + [.nan])
  func rowsThatAreWorseThanTheirSummaryAreNamed(sigma: Double) throws {
    let sky = try sky {
      $0.sigmaX[3] = sigma
      $0.sigmaY[3] = sigma
    }
    try change(sky.database, "largest_sigma_arcsec = 0.3")
    expectDamage(sky, "source of rowid")
  }

  @Test func motionsThatAreWorseThanTheirSummaryAreNamed() throws {
    let sky = try sky { $0.motionRA[5] = 1e150 }
    try change(sky.database, "largest_pm_mas_yr = 7.1")
    expectDamage(sky, "source of rowid")
  }

  private func change(_ database: SkyDatabase, _ assignment: String, in table: String = "generation") throws {
    let condition = table == "generation" ? "catalogue = 'a'" : "1"
    try database.rewriteRegistry("UPDATE \(table) SET \(assignment) WHERE \(condition)")
  }

  @Test(arguments: [
    "rows = 9e18", "rows = -1", "rows = 59", "largest_sigma_arcsec = 9e999", "largest_sigma_arcsec = -1",
    "largest_pm_mas_yr = 1e300", "largest_sigma_pm_mas_yr = 1e300", "known_motions = -5", "known_motions = 1e18",
    "epoch_yr = 1e300", "earliest_epoch_yr = -9e999", "latest_epoch_yr = 1e17", "median_epoch_yr = 1e300",
  ])
  func anImpossibleNumberOfTheRegistryIsNamed(assignment: String) throws {
    let sky = try sky()
    try match(sky.database)
    let changed = try self.sky()
    try change(changed.database, assignment)
    expectDamage(changed, "verify a")
  }

  @Test(arguments: ["first_rowid = first_rowid + 4611686018427387904", "rows = 9223372036854775807", "rows = rows - 1"])
  func impossibleShardsAreNamed(assignment: String) throws {
    let sky = try sky()
    try change(sky.database, assignment, in: "shard")
    expectDamage(sky, "shards")
  }

  @Test(arguments: [
    "matches = 9223372036854775807", "nonmatches_a = -9223372036854775807", "pairs = 9223372036854775807",
  ])
  func impossibleCountsOfAnOldRunHarmNoPlan(assignment: String) throws {
    let sky = try sky()
    try match(sky.database)
    for table in ["run", "run_chunk"] { try change(sky.database, assignment, in: table) }
    let plan = try MatchPlan(database: sky.database, a: "a", b: "b")
    for estimate in plan.chunkEstimates { #expect(estimate.seconds.isFinite && estimate.memoryBytes > 0) }
  }

  @Test(arguments: ["n_c = 9e999", "n_a = -1", "n_b = -1e300"])
  func impossibleDensitiesOfARunThatGoesOnAreNamed(assignment: String) throws {
    let sky = try sky()
    var configuration = MatchConfiguration.positionsOnly
    configuration.priors = .measured
    try match(sky.database, configuration)
    try sky.database.rewriteRegistry(
      "UPDATE run SET finished = NULL; DELETE FROM run_chunk; UPDATE run_region SET \(assignment)")
    let error = #expect(throws: StoreError.self) { try match(sky.database, configuration) }
    #expect(error?.code == .damaged, "\(error?.description ?? "none")")
  }
}
