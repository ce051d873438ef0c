public import CatalogStore

/// A finished run, with the plan it was made from and the densities it measured.
public struct FinishedRun: Sendable {
  /// What the registry says of it.
  public let info: RunInfo
  /// Its plan.
  public let plan: MatchPlan
  /// Its result files along the curve.
  let chunks: [RunChunk]
  let models: RegionModels

  /// The run of a number.
  /// - Throws: `StoreError.usage` that lists the finished runs.
  public init(database: SkyDatabase, number: Int64) throws {
    try self.init(database: database, number: number, at: .once)
  }

  /// When densities are read.
  enum Reading {
    /// All of them, now.
    case once
    /// Those of a region when it is looked at.
    case byRegion
  }

  init(database: SkyDatabase, number: Int64, at reading: Reading) throws {
    let runs = try database.registry().allRuns().filter { $0.kind == .match }
    guard let info = runs.first(where: { $0.id == number }) else {
      throw StoreError(.usage, "run \(number)", "does not exist; finished runs: \(Self.list(runs))")
    }
    guard info.finished != nil else {
      throw StoreError(
        .usage, "run \(number)",
        "is not finished; `xmdb match \(info.catalogueA) \(info.catalogueB)` goes on with it. Finished runs: \(Self.list(runs))"
      )
    }
    try self.init(database: database, info, reading)
  }

  /// The newest run of two catalogues, in this order.
  /// - Throws: `StoreError.usage` when there is none.
  public init(database: SkyDatabase, a: String, b: String) throws {
    let registry = try database.registry()
    for name in [a, b] { _ = try registry.catalogue(name) }
    guard let info = try registry.finishedRun(a, b) else {
      throw StoreError(
        .usage, "calibrate",
        "there is no finished match of \(a) and \(b); run `xmdb match \(a) \(b)` first. Finished runs: "
          + Self.list(try registry.allRuns().filter { $0.kind == .match }))
    }
    try self.init(database: database, info)
  }

  private init(database: SkyDatabase, _ info: RunInfo, _ reading: Reading = .once) throws {
    self.info = info
    let registry = try database.registry()
    chunks = try registry.chunks(of: info.id)
    plan = try MatchPlan(
      database: database, a: info.catalogueA, b: info.catalogueB,
      configuration: MatchConfiguration(recorded: info.configuration, run: info.id))
    if reading == .byRegion, try registry.measurement(of: info.id, region: 0) != nil {
      models = RegionModels(of: plan, from: try RecordedModels(database.registry(), run: info.id, plan: plan))
      return
    }
    let measurement = try registry.measurement(of: info.id)
    models = try measurement.map { [plan] in try RegionModels($0, of: plan) } ?? RegionModels(counting: plan.regions)
  }

  private static func list(_ runs: [RunInfo]) -> String {
    let finished = runs.filter { $0.finished != nil }.reversed()
    return finished.isEmpty
      ? "none" : finished.map { "\($0.id) (\($0.catalogueA), \($0.catalogueB))" }.joined(separator: ", ")
  }
}
