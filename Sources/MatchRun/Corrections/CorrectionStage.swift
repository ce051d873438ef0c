internal import CatalogStore
internal import Indexing

/// The only stage of a run of corrections: m and n of every sightline.
struct CorrectionStage: ProductStage {
  let plan: CorrectionPlan
  let cancellation: Cancellation

  var id: RunProgress.Stage { .correcting }
  var readsProducts: Bool { false }
  var count: Int { plan.sightlines.count }

  func pixel(_ position: Int) -> HealpixPixel { plan.sightlines[position].pixel }

  func pieces() -> [StagePiece] {
    plan.sightlines.map {
      StagePiece(pixel: $0.pixel, seconds: $0.seconds, sources: $0.coverage.countA + $0.coverage.countB)
    }
  }

  func worker(scratch: String?) -> any StageWorker { CorrectionWorker(self) }
}

/// Corrects sightlines, one after the other.
private final class CorrectionWorker: StageWorker {
  private let stage: CorrectionStage
  private let reader: NeighbourhoodReader
  private let fit: SightlineFit
  private let covariate: CovariateReader?

  init(_ stage: CorrectionStage) {
    self.stage = stage
    reader = NeighbourhoodReader(stage.plan.inputs)
    let plan = stage.plan
    fit = SightlineFit(configuration: plan.configuration, frame: plan.inputs.frame, covariate: plan.covariate)
    covariate = plan.covariate.map { CovariateReader($0, of: plan.catalogue, in: plan.inputs.database) }
  }

  func perform(_ position: Int) throws -> PieceResult {
    let sightline = stage.plan.sightlines[position]
    var stop = stage.cancellation.stopCheck("correct", isResumable: true)
    let core = sightline.core(stage.plan.coverageA, stage.plan.coverageB)
    let pairs = try SightlinePairs(sightline, core: core, reader, stage.plan.inputs, covariate: covariate, stop: &stop)
    return PieceResult(payload: fit.correction(pairs, in: sightline.pixel).payload)
  }
}

/// A run of corrections as the threads of a process see it.
final class CorrectionContext: StageSet {
  let stages: [any Stage]
  let host = Program.hostName ?? "unknown"
  let cancellation: Cancellation

  init(_ plan: CorrectionPlan, cancellation: Cancellation) {
    stages = [CorrectionStage(plan: plan, cancellation: cancellation)]
    self.cancellation = cancellation
  }

  /// Plans a run that another process has begun, from its copy of the registry.
  convenience init(_ order: RunOrder, cancellation: Cancellation) throws {
    let database = try SkyDatabase.open(at: order.database, snapshot: order.snapshot)
    let plan = try CorrectionPlan(
      database: database, catalogue: order.a, against: order.b,
      configuration: CorrectionConfiguration(recorded: order.configuration, run: order.run), cancellation: cancellation)
    self.init(plan, cancellation: cancellation)
  }

  /// Corrections are made from the beginning when a catalogue is replaced.
  func earlier(_ stage: RunProgress.Stage, _ position: Int, digest: String) -> [UInt8]? { nil }
  func readProducts(from path: String) {}
}
