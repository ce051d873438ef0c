internal import CatalogStore
internal import Indexing
internal import Match
internal import Survivors

/// Counts survivors and partners by region: the report's method, for comparison.
///
/// Regions are counted one after the other, each with three rings of neighbours around it: a source must see its partners,
/// know whether it is the brightest partner of each, and which of those are crowded.
struct SurvivorStatistics {
  private let plan: MatchPlan
  private let reader: NeighbourhoodReader

  /// A counter for a plan; use one per thread for many chunks.
  init(plan: MatchPlan) {
    self.plan = plan
    reader = NeighbourhoodReader(plan.inputs)
  }

  /// The counts of the regions in a part of the sky.
  /// - Parameter order: The order of the pixel that holds it.
  func counts(in core: PixelRangeSet, order: Int, stop: inout StopCheck) throws -> [Int: SurvivorCounts] {
    var byRegion: [Int: SurvivorCounts] = [:]
    for (number, region) in plan.regions.regions.enumerated() where core.intersects(region.pixel.range29) {
      let part = core.intersection(PixelRangeSet(pixels: [region.pixel]))
      byRegion[number] = try counts(ofPart: part, order: max(order, region.pixel.order), stop: &stop)
    }
    return byRegion
  }

  private func counts(ofPart core: PixelRangeSet, order: Int, stop: inout StopCheck) throws -> SurvivorCounts {
    let loaded = ChunkSky.withNeighbours(core, order: order, reach: plan.reach, rings: 3)
    let (a, b) = try reader.placed(reader.sources(in: loaded, stop: &stop))
    let edges = try reader.neighbourhood(a, b, stop: &stop).edges
    let design = plan.survivorDesign
    var counts = SurvivorCounts(design: design)
    counts.add(
      a: Self.survivorSources(a, bands: design.binsA.indices, core, own: plan.coverageA, other: plan.coverageB),
      b: Self.survivorSources(b, bands: design.binsB.indices, core, own: plan.coverageB, other: plan.coverageA),
      edges: SurvivorEdges(a: edges.a, b: edges.b, cdf: edges.level.map(PairEvidence.fraction(level:))))
    return counts
  }

  private static func survivorSources(
    _ sources: PlacedSources, bands: Range<Int>, _ core: PixelRangeSet, own: CoverageMap, other: CoverageMap
  ) -> SurvivorSources {
    let sky = sources.columns.healpix29
    let flags = SkyFlags.flags(of: sky, own: own, other: other)
    return SurvivorSources(
      magnitudes: Array(sources.columns.magnitudes[bands]),
      varianceArcsec2: sources.states.covariances.map { max(.leastNormalMagnitude, $0.determinant.squareRoot()) },
      isOwned: sky.map(core.contains), isCounted: flags.map { !$0.contains(.outsideCommonCoverage) })
  }
}

extension MatchPlan {
  /// What the survivor method counts: the classes are its bins.
  var survivorDesign: SurvivorDesign {
    SurvivorDesign(
      binsA: classesA.bins, binsB: classesB.bins,
      partnersOnEdge: configuration.survivors.bins == .report ? .lowerBin : .upperBin)
  }
}
