internal import CatalogStore
internal import Match
internal import Synchronization

/// The first pass of a run: counts over all units, and the densities of every region from their sums.
struct MeasuringPass {
  private let plan: MatchPlan
  private let threads: Int
  private let cancellation: Cancellation

  init(plan: MatchPlan, threads: Int, cancellation: Cancellation) {
    self.plan = plan
    self.threads = threads
    self.cancellation = cancellation
  }

  /// The models of all regions.
  /// - Parameter progress: Called with the number of units counted, from the thread that counted the last one.
  func run(progress: @escaping @Sendable (Int) -> Void) throws -> RegionModels {
    guard plan.configuration.needsMeasurement else { return RegionModels(counting: plan.regions) }
    let counts = try countAll(progress)
    return RegionModels(try estimateAll(counts))
  }

  private func countAll(_ progress: @escaping @Sendable (Int) -> Void) throws -> [Int: RegionCounts] {
    let queue = UnitQueue(plan.units)
    let sums = Mutex<(counts: [Int: RegionCounts], unitsDone: Int)>(([:], 0))
    let workers = max(1, min(threads, plan.units.count))
    try WorkerThreads.run(count: workers, threads: workers) { _ in
      let counter = RegionCounter(plan: plan)
      try queue.work { unit in
        try cancellation.check("match")
        let part = try counter.counts(of: unit)
        let done = sums.withLock { sums in
          // Integers: the order in which units finish does not matter.
          for (region, counts) in part { sums.counts[region, default: plan.emptyCounts] += counts }
          sums.unitsDone += 1
          return sums.unitsDone
        }
        progress(done)
      }
    }
    return sums.withLock { $0.counts }
  }

  private func estimateAll(_ counts: [Int: RegionCounts]) throws -> [RegionModels.Model] {
    let regions = plan.regions.regions.count
    let models = Mutex([RegionModels.Model?](repeating: nil, count: regions))
    let next = Atomic<Int>(0)
    let workers = max(1, min(threads, regions))
    try WorkerThreads.run(count: workers, threads: workers) { _ in
      var estimator = RegionEstimator(plan: plan) { counts[$0] }
      while true {
        let region = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if region >= regions { return }
        try cancellation.check("match")
        let model = try estimator.model(of: region)
        models.withLock { $0[region] = model }
      }
    }
    return models.withLock { $0.map { $0! } }
  }
}
