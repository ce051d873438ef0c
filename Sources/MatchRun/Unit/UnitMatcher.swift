public import CatalogStore
public import Indexing
internal import Match

/// Matches one unit: reads its pixel and a halo, finds candidates and islands, and answers for the islands it owns.
public struct UnitMatcher {
  private let plan: MatchPlan
  private let reader: NeighbourhoodReader
  private var writer: IslandWriter
  private var stop: StopCheck
  /// Processor time of the stages of all units so far.
  public private(set) var clock = StageClock()
  /// How often the halo of the last unit had to grow.
  private(set) var enlargement = 0

  /// A matcher for a plan. It keeps buffers, so use one per thread for many units.
  ///
  /// It measures the regions that it comes to. Matchers that are made from one another's `models` share what they measured.
  /// - Parameter stop: Asked soon and again while it works; nil: the cancellation is.
  public init(plan: MatchPlan, cancellation: Cancellation = Cancellation(), stop: StopCheck? = nil) {
    self.init(plan: plan, models: plan.unmeasuredModels, cancellation: cancellation, stop: stop)
  }

  /// A matcher that takes the densities of counterparts and strangers from `models`.
  init(
    plan: MatchPlan, models: RegionModels, cancellation: Cancellation = Cancellation(), stop: StopCheck? = nil
  ) {
    self.plan = plan
    let stop = stop ?? cancellation.stopCheck("match", isResumable: true)
    self.stop = stop
    reader = NeighbourhoodReader(plan: plan)
    writer = IslandWriter(plan: plan, models: models, stop: stop)
  }

  /// The rows of a unit, by island along the curve.
  ///
  /// An island belongs to the unit whose pixel holds its first member. One that has a member inside and reaches the rim
  /// of the halo makes the halo grow until the island is whole, or known to be larger than a match pairs. Sources of such an
  /// island, and those with too many candidates, are non-matches without probabilities, flagged `crowded`.
  ///
  /// With `region`, only the islands with a member in that part of the sky are wanted. Each belongs to the unit that holds
  /// its first member there, and the units that the region does not touch have none; the rows are the same ones.
  /// - Throws: `StoreError` when a shard cannot be read or holds what cannot be; what stops the work.
  public mutating func match(_ unit: MatchUnit, region: PixelRangeSet = .wholeSky) throws -> UnitResult {
    let core = region.intersection(PixelRangeSet(pixels: [unit.pixel]))
    if core.isEmpty { return nothing }
    clock.restart()
    enlargement = 0
    while true {
      let sky = UnitSky(core, order: unit.pixel.order, reach: plan.reach, enlargement: enlargement)
      clock.end(.sky)
      let neighbourhood = try reader.neighbourhood(in: sky.loaded, clock: &clock, stop: &stop)
      let field = try writer.field(neighbourhood)
      clock.end(.measure)
      let islands = try islands(field, complete: sky.isWholeSky ? .wholeSky : sky.complete)
      let isWhole = areWhole(islands, field, sky) || sky.isWholeSky
      clock.end(.islands)
      if isWhole {
        field.markCrowded()
        defer { clock.end(.solve) }
        return try writer.rows(of: islands, field, core: core, region: region)
      }
      enlargement += 1
    }
  }

  /// The islands of the pairs. Entangled ones fall apart where magnitudes make pairs negligible; the pairs of those that are still
  /// too large are left out.
  private mutating func islands(_ field: IslandField, complete: PixelRangeSet) throws -> Islands {
    let islands = try field.disentangledIslands(complete: complete, stop: &stop).islands
    let configuration = plan.configuration
    let limits = OversizedIslands(
      field.a, field.b, largestPairs: configuration.largestIslandPairs,
      largestArcsec: configuration.largestIslandArcsec)
    guard let oversized = try limits.sources(of: field.edges, islands, complete: complete, stop: &stop) else {
      return islands
    }
    field.leaveOut { oversized.contains(a: $0, b: $1) }
    return try field.islands(stop: &stop)
  }

  /// The sources that decide about a unit whose halo had to grow so often.
  mutating func sources(of unit: MatchUnit, enlargement: Int) throws -> SourcePair {
    try reader.sources(
      in: UnitSky(unit.pixel, reach: plan.reach, enlargement: enlargement).loaded, stop: &stop)
  }

  /// A digest of all that the rows of a unit follow from, except the ranks of its sources.
  mutating func digest(of sources: SourcePair) throws -> Fingerprint {
    let regions = plan.regions(of: [sources.a, sources.b])
    return plan.digest(ofRowsFrom: sources, try writer.models(of: regions))
  }

  private var nothing: UnitResult {
    UnitResult(
      a: ResultSources(SourceColumns(layout: plan.a.layout), sigmaArcsec: []),
      b: ResultSources(SourceColumns(layout: plan.b.layout), sigmaArcsec: []))
  }

  /// Whether every island that touches the core lies inside the part of the loaded sky whose neighbourhood is complete.
  private func areWhole(_ islands: Islands, _ field: IslandField, _ sky: UnitSky) -> Bool {
    var rim = RimIslands(
      islands, core: sky.core, skyA: field.a.columns.healpix29, skyB: field.b.columns.healpix29)
    return !rim.reachCore(fromOutside: sky.complete)
  }
}

/// The sky that a unit reads: its own part and a halo of rings, each wide enough for one candidate pair.
struct UnitSky {
  /// The unit's own pixel, or the part of it that is wanted.
  let core: PixelRangeSet
  /// Where every source sees all its candidates.
  let complete: PixelRangeSet
  /// What is read.
  let loaded: PixelRangeSet

  /// Rings in which every source sees all its candidates; one more is read.
  private static let completeRings = 3
  /// A ring is at least 1/128 of the pixel's side wide. However short the reach, a halo then has some thousand pixels,
  /// and adds an eighth to the area.
  private static let finestBelowPixel = 7
  /// Rings that are read around the pixel.
  static let rings = completeRings + 1

  /// How many cells of a ring lie along the side of a pixel.
  static func cells(acrossOrder pixelOrder: Int, reach: Angle) -> Int {
    let finest = min(HealpixGeometry.safeOrder(reach: reach) ?? 0, pixelOrder + finestBelowPixel)
    return 1 << max(0, finest - pixelOrder)
  }

  /// - Parameters:
  ///   - core: The unit's own part of the sky.
  ///   - order: The order of the unit's pixel.
  ///   - reach: No candidate pair is farther apart.
  ///   - enlargement: 0, then 1, 2, … for islands that reach the rim: each makes the halo twice as wide.
  init(_ core: PixelRangeSet, order pixelOrder: Int, reach: Angle, enlargement: Int = 0) {
    self.core = core
    let finest = min(HealpixGeometry.safeOrder(reach: reach) ?? 0, pixelOrder + Self.finestBelowPixel)
    let order = max(0, finest - enlargement)
    complete = core.dilated(rings: Self.completeRings, order: order)
    loaded = complete.dilated(rings: 1, order: order)
  }

  /// A part of the sky and the rings of neighbours that chains of as many candidate pairs can reach.
  static func withNeighbours(_ core: PixelRangeSet, order pixelOrder: Int, reach: Angle, rings: Int = 1)
    -> PixelRangeSet
  {
    let finest = min(HealpixGeometry.safeOrder(reach: reach) ?? 0, pixelOrder + finestBelowPixel)
    return core.dilated(rings: rings, order: finest)
  }

  /// The sky of a whole unit.
  init(_ pixel: HealpixPixel, reach: Angle, enlargement: Int = 0) {
    self.init(PixelRangeSet(pixels: [pixel]), order: pixel.order, reach: reach, enlargement: enlargement)
  }

  var isWholeSky: Bool { loaded == .wholeSky }
}
