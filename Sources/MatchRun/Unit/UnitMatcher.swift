public import CatalogStore
public import Indexing
internal import Match

/// Matches one unit: reads its pixel and a halo, finds candidates and islands, and answers for the islands it owns.
public struct UnitMatcher {
  private let plan: MatchPlan
  private let readerA: CatalogueReader
  private let readerB: CatalogueReader
  private var writer: IslandWriter

  /// Rings of halo pixels, each wide enough for one candidate pair, before any island asks for more.
  static let firstRings = 4

  /// A matcher for a plan. It keeps buffers, so use one per thread for many units.
  public init(plan: MatchPlan) {
    self.plan = plan
    readerA = CatalogueReader(database: plan.database, info: plan.a)
    readerB = CatalogueReader(database: plan.database, info: plan.b)
    writer = IslandWriter(plan: plan)
  }

  /// The rows of a unit, by island along the curve.
  ///
  /// An island belongs to the unit whose pixel holds its first member. One that has a member inside and reaches the rim
  /// of the halo makes the halo grow until the island is whole.
  ///
  /// With `region`, only the islands with a member in that part of the sky are wanted. Each belongs to the unit that holds
  /// its first member there, and the units that the region does not touch have none; the rows are the same ones.
  /// - Throws: `StoreError` when a shard cannot be read.
  public mutating func match(_ unit: MatchUnit, region: PixelRangeSet = .wholeSky) throws -> UnitResult {
    let core = region.intersection(PixelRangeSet(pixels: [unit.pixel]))
    if core.isEmpty { return UnitResult() }
    var rings = Self.firstRings
    while true {
      let sky = UnitSky(core: unit.pixel, rings: rings, reach: plan.reach)
      let a = PlacedSources(try readerA.sources(in: sky.loaded), plan: plan, isA: true)
      let b = PlacedSources(try readerB.sources(in: sky.loaded), plan: plan, isA: false)
      let edges = CandidateEdges(a, b, plan.configuration)
      let islands = Islands.components(aCount: a.count, bCount: b.count, edgesA: edges.a, edgesB: edges.b)
      if areWhole(islands, edges, a, b, sky) || sky.isWholeSky {
        return writer.rows(of: islands, edges, a, b, core: core, region: region)
      }
      rings *= 4
    }
  }

  /// Whether every island that touches the core lies inside the part of the loaded sky whose neighbourhood is complete.
  private func areWhole(
    _ islands: Islands, _ edges: CandidateEdges, _ a: PlacedSources, _ b: PlacedSources, _ sky: UnitSky
  ) -> Bool {
    var touchesCore = [Bool](repeating: false, count: islands.count)
    var touchesRim = [Bool](repeating: false, count: islands.count)
    func mark(_ healpix29: [Int64], _ islandOf: [Int32]) {
      for (source, index) in healpix29.enumerated() {
        if sky.core.contains(index) {
          touchesCore[Int(islandOf[source])] = true
        } else if !sky.complete.contains(index) {
          touchesRim[Int(islandOf[source])] = true
        }
      }
    }
    mark(a.columns.healpix29, islands.islandOfA)
    mark(b.columns.healpix29, islands.islandOfB)
    return zip(touchesCore, touchesRim).allSatisfy { !($0 && $1) }
  }
}

/// The sky that a unit reads.
struct UnitSky {
  /// The unit's own pixel.
  let core: PixelRangeSet
  /// Where every source sees all its candidates.
  let complete: PixelRangeSet
  /// What is read.
  let loaded: PixelRangeSet

  /// The order of the halo's pixels is at most that of the unit plus this: the cost of a ring is that of the unit's
  /// border, 4 · 2^n pixels, and rings of 1/256 of the unit's width read little more sky than was needed.
  private static let finestBelowUnit = 8

  /// - Parameter rings: Rings of halo, at an order at which a candidate pair never reaches across a pixel.
  init(core pixel: HealpixPixel, rings: Int, reach: Angle) {
    core = PixelRangeSet(pixels: [pixel])
    // Coarser rings when many are needed: a ring at order k is as wide as 2^n rings at order k + n.
    let finest = min(HealpixGeometry.safeOrder(reach: reach) ?? 0, pixel.order + Self.finestBelowUnit)
    let coarser = max(0, (rings / UnitMatcher.firstRings).bitWidth - 1 - (rings / UnitMatcher.firstRings).leadingZeroBitCount)
    let order = max(0, finest - coarser)
    complete = core.dilated(rings: UnitMatcher.firstRings - 1, order: order)
    loaded = core.dilated(rings: UnitMatcher.firstRings, order: order)
  }

  var isWholeSky: Bool { loaded == .wholeSky }
}
