extension MatchPlan {
  /// The work of this plan, for a simulation of its schedule.
  /// - Parameter regionSeconds: Seconds for the densities of one region.
  public func work(regionSeconds: Double) -> ScheduleSimulation.Work {
    var work = ScheduleSimulation.Work()
    let estimates = chunkEstimates
    work.matching = estimates.map(\.matchingSeconds)
    if configuration.needsMeasurement {
      work.counting = estimates.map(\.countingSeconds)
      work.estimating = Array(repeating: regionSeconds, count: regions.regions.count)
    }
    return work
  }
}
