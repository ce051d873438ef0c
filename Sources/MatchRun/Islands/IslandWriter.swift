internal import CatalogStore
internal import Indexing
internal import Match

/// Writes the rows of the islands that a chunk owns, in the order in which their first members lie on the sky.
///
/// Nearly all islands are one source, or one against one: these are answered here, without a problem to state. The others
/// go to `IslandRows`.
struct IslandWriter {
  private let plan: MatchPlan
  private var models: RegionModels
  private var stop: StopCheck
  private var tangled = IslandRows()

  init(plan: MatchPlan, models: RegionModels, stop: StopCheck) {
    self.plan = plan
    self.models = models
    self.stop = stop
  }

  /// The densities of some regions.
  mutating func models(of regions: [Int32]) throws -> [RegionModels.Model] {
    try models.require(regions, stop: &stop)
    return regions.map { models[Int($0)] }
  }

  /// The sources and pairs of a chunk with the densities of their regions, which are measured now if nobody has before.
  mutating func field(_ neighbourhood: Neighbourhood) throws -> IslandField {
    try IslandField(plan: plan, models: &models, neighbourhood, stop: &stop)
  }

  /// The rows of all islands whose first member inside `region` lies in `core`, a part of it.
  mutating func rows(
    of islands: Islands, _ field: IslandField, core: PixelRangeSet, region: PixelRangeSet
  ) throws -> ChunkResult {
    let (a, b) = (field.a, field.b)
    var result = ChunkResult(
      a: ResultSources(a.columns, sigmaArcsec: a.sigmaArcsec), b: ResultSources(b.columns, sigmaArcsec: b.sigmaArcsec))
    result.reserve(pairs: field.edges.count)
    (result.negligiblePairs, result.negligibleBoundPico) = field.negligible.sum(
      in: core, a.columns.healpix29)
    // Both lists are in sky order: whoever comes first of an island is its first member, a before b at equal index.
    var numbers = [Int64](repeating: -1, count: islands.count)
    var isPlaced = [Bool](repeating: false, count: islands.count)
    var (inRegion, inCore) = (AscendingSweep(region), AscendingSweep(core))
    var (i, j) = (0, 0)
    let (skyA, skyB) = (a.columns.healpix29, b.columns.healpix29)
    while i < skyA.count || j < skyB.count {
      let takesA = j == skyB.count || (i < skyA.count && skyA[i] <= skyB[j])
      let (index, island) = takesA ? (skyA[i], Int(islands.islandOfA[i])) : (skyB[j], Int(islands.islandOfB[j]))
      if numbers[island] < 0 { numbers[island] = takesA ? 2 * a.columns.rowid[i] : 2 * b.columns.rowid[j] + 1 }
      if !isPlaced[island], inRegion.contains(index) {
        isPlaced[island] = true
        if inCore.contains(index) { try write(island, number: numbers[island], islands, field, into: &result) }
      }
      if takesA { i += 1 } else { j += 1 }
    }
    for row in result.nonmatches.indices {
      let (isA, source) = (result.nonmatches[row].isA, Int(result.nonmatches[row].source))
      result.nonmatches[row].meanContamination = field.meanContamination(isA: isA, source)
    }
    try BlendFlags(field).mark(&result.matches, stop: &stop)
    return result
  }

  private mutating func write(
    _ island: Int, number: Int64, _ islands: Islands, _ field: IslandField, into result: inout ChunkResult
  ) throws {
    try stop.after(steps: 8)
    if let source = islands.loneSource(island) {
      result.nonmatches.append(NonmatchRow(lone: source, number, field))
      return
    }
    result.islands += 1
    if let pair = islands.lonePair(island) {
      LonePairRows(pair, number, field).write(field, to: &result)
    } else {
      try tangled.write(island, number: number, islands, field, into: &result, &stop)
    }
  }
}
