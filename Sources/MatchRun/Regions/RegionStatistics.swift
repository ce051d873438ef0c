internal import CatalogStore
internal import Indexing
internal import Match

/// Counts candidate pairs by region, chunk by chunk.
///
/// A source is counted where it lies, once; a candidate pair where the member lies that comes first along the curve. Every
/// source of the chunk is seen with its complete neighbourhood, so the counts of all chunks add up to the same integers
/// however the sky was cut. Pairs of crowded sources are not counted: a heap of equal positions would pass for counterparts.
struct RegionStatistics {
  private let plan: MatchPlan
  /// Of what counts follow from.
  let digests: InputDigests
  private let reader: NeighbourhoodReader

  /// A counter for a plan; use one per thread for many chunks.
  init(plan: MatchPlan) {
    self.plan = plan
    reader = NeighbourhoodReader(plan.inputs)
    digests = InputDigests(plan)
  }

  /// The sources in a part of the sky, those that may be their candidates, and the candidates of these: whether they are
  /// crowded must be known.
  /// - Parameter order: The order of the pixel that holds it.
  func sources(
    in core: PixelRangeSet, order: Int, stop: inout StopCheck
  ) throws -> SourcePair {
    try reader.sources(
      in: ChunkSky.withNeighbours(core, order: order, reach: plan.reach, rings: ChunkSky.countedRings), stop: &stop)
  }

  /// The counts of the regions in a part of the sky, from its sources and their neighbours.
  /// - Throws: `StoreError.damaged` for sources that cannot be.
  func counts(
    in core: PixelRangeSet, of sources: SourcePair, stop: inout StopCheck
  ) throws -> [Int: PairCounts] {
    let (a, b) = try reader.placed(sources)
    let neighbourhood = try reader.neighbourhood(a, b, stop: &stop)
    var parts = Parts(plan: plan, core: core)
    parts.count(a, isA: true, plan.likelihood)
    parts.count(b, isA: false, plan.likelihood)
    parts.count(neighbourhood)
    return parts.byRegion
  }

  /// The counts of one part of the sky, by region.
  private struct Parts {
    let plan: MatchPlan
    let core: PixelRangeSet
    var byRegion: [Int: PairCounts] = [:]
    /// The region that was counted last, apart from the dictionary.
    var current = -1
    var counts = PairCounts(classesA: 0, classesB: 0, zones: 1)

    init(plan: MatchPlan, core: PixelRangeSet) {
      self.plan = plan
      self.core = core
    }

    mutating func count(_ sources: PlacedSources, isA: Bool, _ likelihood: some PairLikelihood) {
      let sky = sources.columns.healpix29
      let own = isA ? plan.coverageA : plan.coverageB
      let flags = SkyFlags.flags(of: sky, own: own, other: isA ? plan.coverageB : plan.coverageA)
      var inCore = AscendingSweep(core)
      for (row, index) in sky.enumerated() where inCore.contains(index) && !flags[row].contains(.outsideCommonCoverage)
      {
        enter(index)
        let spread = likelihood.spreadArcsec2(of: sources.states[row])
        if isA {
          counts.a.add(class: sources.photometricClass[row], spreadArcsec2: spread)
        } else {
          counts.b.add(class: sources.photometricClass[row], spreadArcsec2: spread)
        }
      }
      leave()
    }

    mutating func count(_ neighbourhood: Neighbourhood) {
      let (a, b, edges) = (neighbourhood.a, neighbourhood.b, neighbourhood.edges)
      let (skyA, skyB) = (a.columns.healpix29, b.columns.healpix29)
      for edge in 0..<edges.count {
        let (i, j) = (Int(edges.a[edge]), Int(edges.b[edge]))
        let first = min(skyA[i], skyB[j])
        guard core.contains(first) else { continue }
        enter(first)
        counts.addPair(
          classA: a.photometricClass[i], classB: b.photometricClass[j],
          zone: plan.zones.zone(level: edges.level[edge]))
      }
      leave()
    }

    /// Makes the region of an index the current one.
    private mutating func enter(_ healpix29: Int64) {
      if current >= 0, plan.regions.regions[current].pixel.range29.contains(healpix29) { return }
      leave()
      current = plan.regions.region(of: healpix29)
      counts = byRegion.removeValue(forKey: current) ?? plan.emptyPairCounts
    }

    private mutating func leave() {
      if current >= 0 { byRegion[current] = counts }
      current = -1
    }
  }
}

extension MatchPlan {
  /// Counts with the classes and zones of this match.
  var emptyPairCounts: PairCounts {
    PairCounts(classesA: classesA.count, classesB: classesB.count, zones: zones.count)
  }
}
