internal import CatalogStore
internal import Indexing
internal import Match

/// The second stage: the densities of every region are estimated from the counts of the chunks that touch it. The regions that the
/// catalogues do not both cover are one piece, at the position of the first: they all take the densities of larger pixels.
struct DensityStage: Stage {
  let context: RunContext

  var id: RunProgress.Stage { .estimating }
  var readsProducts: Bool { false }
  var isNeeded: Bool { context.plan.configuration.needsMeasurement }

  func pieces() -> [StagePiece] {
    let plan = context.plan
    return plan.regions.regions.indices.map { region in
      StagePiece(
        pixel: plan.regions.regions[region].pixel,
        seconds: plan.regions.hasCommonSky(region) ? plan.costs.regionSeconds : 0, sources: 0)
    }
  }

  func worker(scratch: String?) -> any StageWorker { DensityWorker(context) }

  func begin(_ ledger: RunLedger) throws -> StageWork? {
    guard isNeeded else { return nil }
    let plan = context.plan
    let known = try ledger.beginRegions(plan.runClasses)
    let pieces =
      plan.regions.regions.indices.filter(plan.regions.hasCommonSky) + plan.regions.withoutCommonSky.prefix(1)
    let left = pieces.filter { !known.contains($0) }
    return left.isEmpty ? nil : StageWork(left: left, total: pieces.count)
  }

  func record(_ report: PieceReport, of position: Int, in ledger: RunLedger) throws {
    let measurement = try RunMeasurement(payload: report.payload)
    let regions = context.plan.regions
    ledger.add(measurement, at: measurement.regions.map { regions.region(of: $0.pixel.range29.lowerBound) })
  }
}

/// Estimates regions.
private final class DensityWorker: StageWorker {
  private let context: RunContext
  private var estimator: RegionEstimator

  init(_ context: RunContext) {
    self.context = context
    let sums = RegionSums(context: context, counter: RegionCounter(plan: context.plan))
    estimator = RegionEstimator(plan: context.plan) { try sums.counts(of: $0) }
  }

  func perform(_ position: Int) throws -> PieceResult {
    let regions = context.plan.regions
    let together = regions.hasCommonSky(position) ? [position] : regions.withoutCommonSky
    let models = try together.map { (region: $0, model: try estimator.model(of: $0)) }
    return PieceResult(payload: RegionModels.measurement(of: context.plan, models).payload)
  }
}

/// Adds up the counts of a region from the files of the chunks that touch it.
private struct RegionSums {
  let context: RunContext
  let counter: RegionCounter

  private var plan: MatchPlan { context.plan }

  func counts(of region: Int) throws -> RegionCounts? {
    let sky = plan.regions.regions[region].pixel.range29
    var sum: RegionCounts?
    for chunk in plan.chunks(touching: sky) {
      try context.cancellation.check("match", isResumable: true)
      guard let part = try counts(of: region, in: chunk) else { continue }
      if sum == nil { sum = part } else { sum! += part }
    }
    return sum
  }

  /// A file that is not whole is counted again; one that is not there belongs to a chunk that could not be counted.
  private func counts(of region: Int, in chunk: MatchChunk) throws -> RegionCounts? {
    let file = CountsFile(
      context.files.counts(chunk.pixel), of: chunk.pixel, fingerprint: context.fingerprint)
    do { return try file.counts(of: region, plan) } catch is IntegerReader.Malformed {
    } catch let error as StoreError where error.code == .damaged {}
    var stop = context.cancellation.stopCheck("match", isResumable: true)
    let (counts, digest) = try counter.counts(of: chunk, stop: &stop) { _ in false }
    try file.write(counts ?? [:], of: plan, digest: digest)
    return counts?[region]
  }
}
