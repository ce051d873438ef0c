internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// Solves the islands that a unit owns and writes their rows, in the order in which their first members lie on the sky.
struct IslandWriter {
  private let plan: MatchPlan
  private let models: RegionModels
  private var solver = IslandSolver()
  private var problem = IslandProblem()
  private var solution = IslandSolution()
  /// The same island from positions alone.
  private var positional = IslandSolution()
  /// ln of the probability that positions alone give to the best assignment.
  private var logPositionalProbability = 0.0
  private var runnersUpA: [Match.RunnerUp] = []
  private var runnersUpB: [Match.RunnerUp] = []

  init(plan: MatchPlan, models: RegionModels) {
    self.plan = plan
    self.models = models
  }

  /// The rows of all islands whose first member inside `region` lies in `core`, a part of it.
  mutating func rows(
    of islands: Islands, _ edges: CandidateEdges, _ a: PlacedSources, _ b: PlacedSources, core: PixelRangeSet,
    region: PixelRangeSet
  ) -> UnitResult {
    let field = IslandField(plan: plan, models: models, edges: edges, a: a, b: b)
    var result = UnitResult(
      a: ResultSources(a.columns, sigmaArcsec: a.sigmaArcsec), b: ResultSources(b.columns, sigmaArcsec: b.sigmaArcsec))
    // Both lists are in sky order: whoever comes first of an island is its first member, a before b at equal index.
    var numbers = [Int64](repeating: -1, count: islands.count)
    var isPlaced = [Bool](repeating: false, count: islands.count)
    var (i, j) = (0, 0)
    let (skyA, skyB) = (a.columns.healpix29, b.columns.healpix29)
    while i < skyA.count || j < skyB.count {
      let takesA = j == skyB.count || (i < skyA.count && skyA[i] <= skyB[j])
      let (index, island) = takesA ? (skyA[i], Int(islands.islandOfA[i])) : (skyB[j], Int(islands.islandOfB[j]))
      if numbers[island] < 0 { numbers[island] = takesA ? 2 * a.columns.rank[i] : 2 * b.columns.rank[j] + 1 }
      if !isPlaced[island], region.contains(index) {
        isPlaced[island] = true
        if core.contains(index) { write(island: island, number: numbers[island], islands, field, into: &result) }
      }
      if takesA { i += 1 } else { j += 1 }
    }
    return result
  }

  private mutating func write(
    island: Int, number: Int64, _ islands: Islands, _ field: IslandField, into result: inout UnitResult
  ) {
    let (membersA, membersB) = (islands.membersA(of: island), islands.membersB(of: island))
    let island = IslandOnSky(
      number: number, membersA: membersA, membersB: membersB, edges: islands.edges(of: island),
      flags: field.flags(membersA, membersB))
    if island.edges.isEmpty {
      for i in membersA { result.nonmatches.append(field.lone(isA: true, Int(i), island)) }
      for j in membersB { result.nonmatches.append(field.lone(isA: false, Int(j), island)) }
      return
    }
    result.islands += 1
    solve(island, islands, field)
    writePairs(island, islands, field, &result)
    writeMatches(island, islands, field, &result)
    writeNonmatches(island, islands, field, &result)
  }

  private mutating func solve(_ island: IslandOnSky, _ islands: Islands, _ field: IslandField) {
    let hasPhotometry = state(island, islands, field, withPhotometry: false)
    solver.solve(problem, into: &positional)
    if hasPhotometry {
      let positionRatios = problem.edges.map(\.logRatio)
      state(island, islands, field, withPhotometry: true)
      solver.solve(problem, into: &solution)
      logPositionalProbability = -positional.logZ
      for (edge, ratio) in zip(problem.edges, positionRatios) where solution.partnerOfA[Int(edge.row)] == edge.column {
        logPositionalProbability += ratio
      }
    } else {
      solution = positional
      logPositionalProbability = positional.logBestProbability
    }
    solution.writeRunnersUp(of: problem, ofA: &runnersUpA, ofB: &runnersUpB)
  }

  /// Writes the island as a problem. Returns whether magnitudes have something to say.
  @discardableResult
  private mutating func state(
    _ island: IslandOnSky, _ islands: Islands, _ field: IslandField, withPhotometry: Bool
  ) -> Bool {
    var hasPhotometry = false
    problem.reset(aCount: island.membersA.count, bCount: island.membersB.count)
    for edge in island.edges {
      let (i, j) = field.sources(ofEdge: Int(edge))
      let ratios = field.logRatios(ofEdge: Int(edge))
      if ratios.photometry != 0 { hasPhotometry = true }
      problem.add(
        row: islands.row(ofA: i), column: islands.column(ofB: j),
        logRatio: withPhotometry ? ratios.position + ratios.photometry : ratios.position)
    }
    return hasPhotometry
  }

  private var positionalProbability: Double { min(1, exp(logPositionalProbability)) }

  private func flags(_ island: IslandOnSky) -> MatchFlags {
    solution.method == .approximate || positional.method == .approximate
      ? island.flags.union(.approximate) : island.flags
  }

  private func writePairs(_ island: IslandOnSky, _ islands: Islands, _ field: IslandField, _ result: inout UnitResult) {
    for (position, edge) in island.edges.enumerated() {
      let (i, j) = field.sources(ofEdge: Int(edge))
      let (row, column) = (Int(islands.row(ofA: i)), islands.column(ofB: j))
      let answer = PairAnswer(
        probability: solution.pairProbability[position], isMatched: solution.partnerOfA[row] == column,
        probabilityWithoutPhotometry: positional.pairProbability[position],
        isMatchedWithoutPhotometry: positional.partnerOfA[row] == column)
      result.pairs.append(field.pair(edge: Int(edge), answer, number: island.number, flags: flags(island)))
    }
  }

  private func writeMatches(_ island: IslandOnSky, _ islands: Islands, _ field: IslandField, _ result: inout UnitResult)
  {
    for (position, edge) in island.edges.enumerated() {
      let (i, j) = field.sources(ofEdge: Int(edge))
      let (row, column) = (Int(islands.row(ofA: i)), Int(islands.column(ofB: j)))
      guard solution.partnerOfA[row] == Int32(column) else { continue }
      result.matches.append(
        MatchRow(
          a: Int32(i), b: Int32(j), matchP: solution.bestProbability,
          pairP: solution.pairProbability[position], separationArcsec: field.edges.separationArcsec[Int(edge)],
          eta: field.eta(ofEdge: Int(edge)),
          xi: field.xi(ofEdge: Int(edge)), runnerUpOfA: runnerUp(runnersUpA[row], among: island.membersB),
          runnerUpOfB: runnerUp(runnersUpB[column], among: island.membersA),
          matchPWithoutPhotometry: positionalProbability,
          pairPWithoutPhotometry: positional.pairProbability[position], island: island.number, flags: flags(island)))
    }
  }

  private func runnerUp(_ runnerUp: Match.RunnerUp, among members: ArraySlice<Int32>) -> CatalogStore.RunnerUp? {
    guard runnerUp.partner >= 0 else { return nil }
    let place = members[members.startIndex + Int(runnerUp.partner)]
    return CatalogStore.RunnerUp(place: place, probability: runnerUp.probability)
  }

  private func writeNonmatches(
    _ island: IslandOnSky, _ islands: Islands, _ field: IslandField, _ result: inout UnitResult
  ) {
    let freeA = island.membersA.filter { solution.partnerOfA[Int(islands.row(ofA: Int($0)))] < 0 }
    let freeB = island.membersB.filter { solution.partnerOfB[Int(islands.column(ofB: Int($0)))] < 0 }
    for i in freeA {
      result.nonmatches.append(
        NonmatchRow(
          isA: true, source: i, matchP: solution.bestProbability,
          aloneP: solution.aloneProbabilityA[Int(islands.row(ofA: Int(i)))],
          nearest: field.nearest(isA: true, Int(i), among: freeB), matchPWithoutPhotometry: positionalProbability,
          alonePWithoutPhotometry: positional.aloneProbabilityA[Int(islands.row(ofA: Int(i)))], island: island.number,
          flags: flags(island)))
    }
    for j in freeB {
      result.nonmatches.append(
        NonmatchRow(
          isA: false, source: j, matchP: solution.bestProbability,
          aloneP: solution.aloneProbabilityB[Int(islands.column(ofB: Int(j)))],
          nearest: field.nearest(isA: false, Int(j), among: freeA), matchPWithoutPhotometry: positionalProbability,
          alonePWithoutPhotometry: positional.aloneProbabilityB[Int(islands.column(ofB: Int(j)))],
          island: island.number, flags: flags(island)))
    }
  }
}

/// One island: its number, members and edges, and what to know of it.
struct IslandOnSky {
  let number: Int64
  let membersA: ArraySlice<Int32>
  let membersB: ArraySlice<Int32>
  let edges: ArraySlice<Int32>
  let flags: MatchFlags
}
