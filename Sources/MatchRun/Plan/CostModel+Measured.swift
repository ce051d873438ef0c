internal import CatalogStore

extension CostModel {
  /// A run counts when its chunks took as many seconds at least.
  private static let fewestSeconds = 0.5
  /// What a halo adds to a chunk of the usual size, over its own sources.
  private static let usualHalo = 0.13
  private static let speeds = 0.05...20.0

  /// A model for this machine: as fast as it was in its last finished run, where that took long enough to tell.
  init(measuredBy registry: Registry) {
    // Sums that no integer holds are as good as none: only the speed depends on them.
    guard let work = try? registry.workOfLastRun(), work.seconds >= Self.fewestSeconds, work.chunks > 0
    else { return }
    var load = ChunkLoad()
    let chunks = Double(work.chunks)
    // The model is linear: the sum of all chunks is one average chunk as many times.
    load.coreA = (Double(work.totals.matches) + Double(work.totals.nonmatchesA)) / chunks
    load.coreB = (Double(work.totals.matches) + Double(work.totals.nonmatchesB)) / chunks
    load.pairs = Double(work.totals.pairs) / chunks
    (load.haloA, load.haloB) = (Self.usualHalo * load.coreA, Self.usualHalo * load.coreB)
    let expected = CostModel().matchingSeconds(load) * chunks
    guard expected > 0, (expected / work.seconds).isFinite else { return }
    speed = min(max(expected / work.seconds, Self.speeds.lowerBound), Self.speeds.upperBound)
  }
}
