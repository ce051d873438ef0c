internal import CatalogStore
internal import Indexing
internal import Match

/// Reads the densities that a run has recorded, region by region.
final class RecordedModels: RegionModelSource {
  private struct State: ~Copyable {
    let registry: Registry
    /// Regions that were measured together share these.
    var photometry = RecentValues<MeasuredSky, PhotometricDensities>(capacity: mostHeld)
    /// Likewise.
    var pairModels = RecentValues<MeasuredSky, PairJudge>(capacity: mostHeld)
  }

  private let state: Guarded<State>
  private let run: Int64
  private let plan: MatchPlan

  /// So many are held at a time: a chunk lies in a few regions, and each takes half a megabyte.
  private static let mostHeld = 16

  /// - Parameter registry: Of a copy that nobody changes.
  init(_ registry: sending Registry, run: Int64, plan: MatchPlan) throws {
    state = Guarded(State(registry: registry))
    self.run = run
    self.plan = plan
  }

  func model(of region: Int, stop: inout StopCheck) throws -> RegionModels.Model {
    try state.withLock { state in
      guard let found = try state.registry.measurement(of: run, region: region) else { throw unmeasured(region) }
      for entry in found.photometry where state.photometry[entry.sky] == nil {
        state.photometry[entry.sky] = try densities(entry)
      }
      for entry in found.pairModels where state.pairModels[entry.sky] == nil {
        state.pairModels[entry.sky] = try plan.pairModel(entry)
      }
      guard let stored = found.regions.first, stored.isPossible,
        stored.bandPairs.isEmpty || stored.bandPairs.count == bandPairs
      else { throw impossible }
      return RegionModels.Model(
        stored, plan, densities: stored.measuredIn.flatMap { state.photometry[$0] },
        pairs: stored.measuredIn.flatMap { state.pairModels[$0] })
    }
  }

  private func densities(_ entry: RunPhotometry) throws -> PhotometricDensities {
    let bands = plan.classBands
    guard entry.shares.count == bands.sizes.reduce(0, +), entry.shares.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw impossible
    }
    return PhotometricDensities(entry.shares, bands)
  }

  private var bandPairs: Int { plan.recordedBandPairs }

  private var impossible: StoreError {
    StoreError(.damaged, plan.database.registryPath, "holds densities that are not those of the match; use --redo")
  }

  private func unmeasured(_ region: Int) -> StoreError {
    StoreError(
      .system, "\(plan.regions.regions[region].pixel)",
      "its densities are not measured, since pieces of it could not be counted; these must succeed first")
  }
}
