internal import CatalogStore
internal import Indexing
internal import Match

/// Writes the rows of the islands that a unit owns, in the order in which their first members lie on the sky.
///
/// Nearly all islands are one source, or one against one: these are answered here, without a problem to state. The others
/// go to `IslandRows`.
struct IslandWriter {
  private let plan: MatchPlan
  private var models: RegionModels
  private let cancellation: Cancellation
  private var tangled = IslandRows()

  init(plan: MatchPlan, models: RegionModels, cancellation: Cancellation) {
    self.plan = plan
    self.models = models
    self.cancellation = cancellation
  }

  /// The sources and pairs of a unit with the densities of their regions, which are measured now if nobody has before.
  mutating func field(_ edges: CandidateEdges, _ a: PlacedSources, _ b: PlacedSources) throws -> IslandField {
    try IslandField(plan: plan, models: &models, edges: edges, a: a, b: b, cancellation: cancellation)
  }

  /// The rows of all islands whose first member inside `region` lies in `core`, a part of it.
  mutating func rows(
    of islands: Islands, _ field: IslandField, core: PixelRangeSet, region: PixelRangeSet
  ) -> UnitResult {
    let (a, b) = (field.a, field.b)
    var result = UnitResult(
      a: ResultSources(a.columns, sigmaArcsec: a.sigmaArcsec), b: ResultSources(b.columns, sigmaArcsec: b.sigmaArcsec))
    result.reserve(pairs: field.edges.count)
    // Both lists are in sky order: whoever comes first of an island is its first member, a before b at equal index.
    var numbers = [Int64](repeating: -1, count: islands.count)
    var isPlaced = [Bool](repeating: false, count: islands.count)
    var (inRegion, inCore) = (AscendingSweep(region), AscendingSweep(core))
    var (i, j) = (0, 0)
    let (skyA, skyB) = (a.columns.healpix29, b.columns.healpix29)
    while i < skyA.count || j < skyB.count {
      let takesA = j == skyB.count || (i < skyA.count && skyA[i] <= skyB[j])
      let (index, island) = takesA ? (skyA[i], Int(islands.islandOfA[i])) : (skyB[j], Int(islands.islandOfB[j]))
      if numbers[island] < 0 { numbers[island] = takesA ? 2 * a.columns.rank[i] : 2 * b.columns.rank[j] + 1 }
      if !isPlaced[island], inRegion.contains(index) {
        isPlaced[island] = true
        if inCore.contains(index) { write(island, number: numbers[island], islands, field, into: &result) }
      }
      if takesA { i += 1 } else { j += 1 }
    }
    return result
  }

  private mutating func write(
    _ island: Int, number: Int64, _ islands: Islands, _ field: IslandField, into result: inout UnitResult
  ) {
    if let source = islands.loneSource(island) {
      result.addLone(source, number, field)
      return
    }
    result.islands += 1
    if let pair = islands.lonePair(island) {
      result.addLone(pair, number, field)
    } else {
      tangled.write(island, number: number, islands, field, into: &result)
    }
  }
}

extension UnitResult {
  /// A source without candidates.
  fileprivate mutating func addLone(_ source: (isA: Bool, index: Int), _ number: Int64, _ field: IslandField) {
    nonmatches.append(
      NonmatchRow(
        isA: source.isA, source: Int32(source.index), matchP: 1, aloneP: 1, nearest: nil, matchPWithoutPhotometry: 1,
        alonePWithoutPhotometry: 1, island: number, flags: field.flags(isA: source.isA, source.index)))
  }

  /// One source against one.
  fileprivate mutating func addLone(_ pair: (a: Int, b: Int, edge: Int), _ number: Int64, _ field: IslandField) {
    let evidence = field.evidence(ofEdge: pair.edge)
    let positional = LonePair(logRatio: evidence.positionRatio)
    let hasPhotometry = evidence.photometricRatio != 0
    let answer = hasPhotometry ? LonePair(logRatio: evidence.ratio) : positional
    let flags = field.flags(ofPair: pair.a, pair.b)
    pairs.append(
      PairRow(
        edge: pair.edge, field, evidence,
        PairAnswer(
          probability: answer.pairProbability, isMatched: answer.isMatched,
          probabilityWithoutPhotometry: positional.pairProbability, isMatchedWithoutPhotometry: positional.isMatched),
        number: number, flags: flags))
    let positionalProbability = positional.probability(ofMatched: answer.isMatched)
    if answer.isMatched {
      matches.append(
        MatchRow(
          a: Int32(pair.a), b: Int32(pair.b), matchP: answer.bestProbability, pairP: answer.pairProbability,
          separationArcsec: field.edges.separationArcsec[pair.edge], eta: evidence.eta, xi: evidence.xi,
          runnerUpOfA: nil, runnerUpOfB: nil, matchPWithoutPhotometry: positionalProbability,
          pairPWithoutPhotometry: positional.pairProbability, island: number, flags: flags))
      return
    }
    for isA in [true, false] {
      nonmatches.append(
        NonmatchRow(
          isA: isA, source: Int32(isA ? pair.a : pair.b), matchP: answer.bestProbability,
          aloneP: answer.aloneProbability,
          nearest: NearestUnmatched(
            place: Int32(isA ? pair.b : pair.a), separationArcsec: field.edges.separationArcsec[pair.edge],
            eta: evidence.eta, xi: evidence.xi),
          matchPWithoutPhotometry: positionalProbability, alonePWithoutPhotometry: positional.aloneProbability,
          island: number, flags: flags))
    }
  }
}
