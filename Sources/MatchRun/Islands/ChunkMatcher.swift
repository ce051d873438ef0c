public import CatalogStore
public import Indexing
internal import Match

/// Matches one chunk: reads its pixel and a halo, finds candidates and islands, and answers for the islands it owns.
public struct ChunkMatcher {
  private let plan: MatchPlan
  private let reader: NeighbourhoodReader
  private let digests: InputDigests
  private var writer: IslandWriter
  private var stop: StopCheck
  /// Processor time of the stages of all chunks so far.
  public private(set) var clock = StageClock()
  /// How often the halo of the last chunk had to grow.
  private(set) var enlargement = 0

  /// A matcher that measures the regions that it comes to. It keeps buffers, so use one per thread for many chunks.
  /// - Parameter stop: Asked soon and again while it works; nil: the cancellation is.
  public init(_ match: LiveMatch, cancellation: Cancellation = Cancellation(), stop: StopCheck? = nil) {
    self.init(plan: match.plan, models: match.models, cancellation: cancellation, stop: stop)
  }

  /// A matcher that takes the densities of counterparts and strangers from `models`.
  init(
    plan: MatchPlan, models: RegionModels, cancellation: Cancellation = Cancellation(), stop: StopCheck? = nil
  ) {
    self.plan = plan
    let stop = stop ?? cancellation.stopCheck("match", isResumable: true)
    self.stop = stop
    reader = NeighbourhoodReader(plan.inputs)
    digests = InputDigests(plan)
    writer = IslandWriter(plan: plan, models: models, stop: stop)
  }

  /// The rows of a chunk, by island along the curve.
  ///
  /// An island belongs to the chunk whose pixel holds its first member. One that has a member inside and reaches the rim
  /// of the halo makes the halo grow until the island is whole, or known to be larger than a match pairs. Sources of such an
  /// island, and those with too many candidates, are non-matches without probabilities, flagged `crowded`.
  ///
  /// With `region`, only the islands with a member in that part of the sky are wanted. Each belongs to the chunk that holds
  /// its first member there, and the chunks that the region does not touch have none; the rows are the same ones.
  /// - Throws: `StoreError` when a shard cannot be read or holds what cannot be; what stops the work.
  public mutating func match(_ chunk: MatchChunk, region: PixelRangeSet = .wholeSky) throws -> ChunkResult {
    let core = region.intersection(PixelRangeSet(pixels: [chunk.pixel]))
    if core.isEmpty { return nothing }
    return try solved(core, order: chunk.pixel.order, region: region).rows
  }

  /// The rows of the islands whose first member in `region` lies in `core`, and the sources and pairs that were read for them.
  /// - Parameter order: Of a pixel about as large as the core.
  mutating func solved(
    _ core: PixelRangeSet, order: Int, region: PixelRangeSet
  ) throws -> (rows: ChunkResult, field: IslandField) {
    clock.restart()
    enlargement = 0
    while true {
      let sky = ChunkSky(core, order: order, reach: plan.reach, sight: plan.sight, enlargement: enlargement)
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
        return (try writer.rows(of: islands, field, core: core, region: region), field)
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

  /// The sources that decide about a chunk whose halo had to grow so often.
  mutating func sources(of chunk: MatchChunk, enlargement: Int) throws -> SourcePair {
    try reader.sources(
      in: ChunkSky(chunk.pixel, reach: plan.reach, sight: plan.sight, enlargement: enlargement).loaded, stop: &stop)
  }

  /// A digest of all that the rows of a chunk follow from, except the rowids of its sources.
  mutating func digest(of sources: SourcePair) throws -> Fingerprint {
    try digests.ofRows(from: sources, writer.models(of: digests.regions(of: sources)))
  }

  private var nothing: ChunkResult {
    ChunkResult(
      a: ResultSources(SourceColumns(layout: plan.a.layout), sigmaArcsec: []),
      b: ResultSources(SourceColumns(layout: plan.b.layout), sigmaArcsec: []))
  }

  /// Whether every island that touches the core lies inside the part of the loaded sky whose neighbourhood is complete.
  private func areWhole(_ islands: Islands, _ field: IslandField, _ sky: ChunkSky) -> Bool {
    var rim = RimIslands(
      islands, core: sky.core, skyA: field.a.columns.healpix29, skyB: field.b.columns.healpix29)
    return !rim.reachCore(fromOutside: sky.complete)
  }
}
