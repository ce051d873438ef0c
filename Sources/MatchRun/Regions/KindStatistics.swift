internal import CatalogStore
internal import Indexing
internal import Match

/// Counts candidate pairs by kind, region by region, chunk by chunk: what a `PairModel` is fitted to.
///
/// A source is counted where it lies, once; a candidate pair where the member lies that comes first along the curve. Every
/// source of the chunk is seen with its complete neighbourhood, so the counts of all chunks add up to the same integers
/// however the sky was cut. Pairs of crowded sources are not counted: a heap of equal positions would pass for counterparts.
struct KindStatistics {
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
  func sources(in core: PixelRangeSet, order: Int, stop: inout StopCheck) throws -> SourcePair {
    try reader.sources(
      in: ChunkSky.withNeighbours(core, order: order, reach: plan.reach, rings: ChunkSky.countedRings), stop: &stop)
  }

  /// The counts of the regions in a part of the sky, from its sources and their neighbours.
  /// - Throws: `StoreError.damaged` for sources that cannot be.
  func counts(
    in core: PixelRangeSet, of sources: SourcePair, stop: inout StopCheck
  ) throws -> [Int: PairKindCounts] {
    let (a, b) = try reader.placed(sources)
    let neighbourhood = try reader.neighbourhood(a, b, stop: &stop)
    var codes = RegionCodes(plan: plan, core: core)
    codes.add(SourceKinds(a, plan.inputs, isA: true), a, isA: true)
    codes.add(SourceKinds(b, plan.inputs, isA: false), b, isA: false)
    codes.add(neighbourhood)
    return codes.counts
  }
}

/// The kinds of pairs and sources in one part of the sky, by region, as their numbers in any order.
private struct RegionCodes {
  private struct Codes {
    var pairs: [UInt64] = []
    var sourcesA: [UInt64] = []
    var sourcesB: [UInt64] = []
    var pullsA = PullSums()
    var pullsB = PullSums()

    var counts: PairKindCounts {
      var counts = PairKindCounts(pairs: pairs, sourcesA: sourcesA, sourcesB: sourcesB)
      (counts.pullsA, counts.pullsB) = (pullsA, pullsB)
      return counts
    }
  }

  private let plan: MatchPlan
  private let core: PixelRangeSet
  private var byRegion: [Int: Codes] = [:]
  /// The region that was added to last, apart from the dictionary.
  private var current = -1
  private var codes = Codes()

  init(plan: MatchPlan, core: PixelRangeSet) {
    self.plan = plan
    self.core = core
  }

  var counts: [Int: PairKindCounts] { byRegion.mapValues(\.counts) }

  /// Adds the sources in the core that the other catalogue covers.
  mutating func add(_ kinds: SourceKinds, _ sources: PlacedSources, isA: Bool) {
    let sky = sources.columns.healpix29
    let (own, other) = isA ? (plan.coverageA, plan.coverageB) : (plan.coverageB, plan.coverageA)
    let flags = SkyFlags.flags(of: sky, own: own, other: other)
    var inCore = AscendingSweep(core)
    for (row, index) in sky.enumerated() where inCore.contains(index) && !flags[row].contains(.outsideCommonCoverage) {
      enter(index)
      let code = PairKind.sourceCode(class: Int(kinds.classes[row]), error: Int(kinds.errors[row]))
      if isA { codes.sourcesA.append(code) } else { codes.sourcesB.append(code) }
      guard kinds.areDisplaced else { continue }
      let (law, drift, place) = (kinds.pulls?.law(row) ?? .none, kinds.drifts?.drift(row), kinds.pullClass(row))
      if isA {
        codes.pullsA.add(law, drift: drift, pullClass: place)
      } else {
        codes.pullsB.add(law, drift: drift, pullClass: place)
      }
    }
    leave()
  }

  /// Adds the pairs whose first member lies in the core.
  mutating func add(_ neighbourhood: Neighbourhood) {
    let kinds = NeighbourhoodKinds(neighbourhood, plan.inputs)
    let (edges, skyA, skyB) = (
      neighbourhood.edges, neighbourhood.a.columns.healpix29, neighbourhood.b.columns.healpix29
    )
    for edge in 0..<edges.count {
      let first = min(skyA[Int(edges.a[edge])], skyB[Int(edges.b[edge])])
      guard core.contains(first) else { continue }
      enter(first)
      codes.pairs.append(kinds.kind(ofEdge: edge, edges).code)
    }
    leave()
  }

  /// Makes the region of an index the current one.
  private mutating func enter(_ healpix29: Int64) {
    if current >= 0, plan.regions.regions[current].pixel.range29.contains(healpix29) { return }
    leave()
    current = plan.regions.region(of: healpix29)
    codes = byRegion.removeValue(forKey: current) ?? Codes()
  }

  private mutating func leave() {
    if current >= 0 { byRegion[current] = codes }
    current = -1
  }
}
