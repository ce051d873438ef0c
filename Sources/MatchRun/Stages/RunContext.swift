internal import CatalogStore
internal import Glibc
internal import Indexing

/// The stages of a run, in order; the same in every process.
typealias StageList = @Sendable (RunContext) -> [any Stage]

/// One run as the threads of a process see it.
final class RunContext: StageSet {
  let plan: MatchPlan
  /// Of its inputs and configuration.
  let fingerprint: String
  let run: Int64
  /// The run to take chunks over from.
  let base: BaseRun?
  let cancellation: Cancellation
  let host: String
  let files: RunFiles
  private let makeStages: StageList
  private let recorded = Guarded<RecordedModels?>(nil)

  init(plan: MatchPlan, run: Int64, base: BaseRun?, stages: @escaping StageList, cancellation: Cancellation) {
    makeStages = stages
    self.plan = plan
    fingerprint = plan.fingerprint.description
    self.run = run
    self.base = base
    self.cancellation = cancellation
    host = Program.hostName ?? "unknown"
    files = RunFiles(plan.database, run: run)
  }

  /// Plans a run that another process has begun, from its copy of the registry.
  convenience init(_ order: RunOrder, stages: @escaping StageList, cancellation: Cancellation) throws {
    let database = try SkyDatabase.open(at: order.database, snapshot: order.snapshot)
    var plan = try MatchPlan(
      database: database, a: order.a, b: order.b,
      configuration: MatchConfiguration(recorded: order.configuration, run: order.run))
    plan.take(chunks: try database.registry().plannedPixels(of: order.run))
    let base = try order.base.map { try BaseRun(database.registry(), run: $0) }
    self.init(plan: plan, run: order.run, base: base, stages: stages, cancellation: cancellation)
  }

  /// The stages of the run, in order.
  var stages: [any Stage] { makeStages(self) }

  func earlier(_ stage: RunProgress.Stage, _ position: Int, digest: String) throws -> [UInt8]? {
    try base?.product(stage.name, digest: digest)
  }

  /// Reads what stages have recorded from a copy of the registry.
  func readProducts(from path: String) throws {
    let source = try RecordedModels(
      plan.database.reading(snapshot: path).registry(), run: run, plan: plan)
    recorded.withLock { $0 = source }
  }

  /// The densities that pairs are judged with.
  var models: RegionModels {
    if let source = recorded.withLock({ $0 }) { return RegionModels(of: plan, from: source) }
    return RegionModels(counting: plan.regions)
  }

  /// The stages of every match.
  static let standardStages: StageList = {
    [CountingStage(context: $0), DensityStage(context: $0), PairingStage(context: $0)]
  }
}
