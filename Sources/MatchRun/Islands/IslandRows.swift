internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// Solves islands of three or more sources and writes their rows. It keeps its storage from one to the next.
struct IslandRows {
  private var solver = IslandSolver()
  private var problem = IslandProblem()
  private var solution = IslandSolution()
  /// The same island from positions alone.
  private var positional = IslandSolution()
  /// Of each edge of the island.
  private var evidence: [EdgeEvidence] = []
  private var positionalProbability = 0.0
  private var runnersUpA: [Match.RunnerUp] = []
  private var runnersUpB: [Match.RunnerUp] = []
  private var groups = DetectionGroups()

  mutating func write(
    _ island: Int, number: Int64, _ islands: Islands, _ field: IslandField, into result: inout ChunkResult,
    _ stop: inout StopCheck
  ) throws {
    let (membersA, membersB) = (islands.membersA(of: island), islands.membersB(of: island))
    var island = IslandOnSky(
      number: number, membersA: membersA, membersB: membersB, edges: islands.edges(of: island))
    try solve(island, islands, field, &stop)
    if solution.method == .approximate || positional.method == .approximate { island.flags.insert(.approximate) }
    try stop.after(steps: 16 * island.edges.count)
    writePairs(island, islands, field, &result)
    writeMatches(island, islands, field, &result)
    writeNonmatches(island, islands, field, &result)
  }

  private mutating func solve(
    _ island: IslandOnSky, _ islands: Islands, _ field: IslandField, _ stop: inout StopCheck
  ) throws {
    evidence.removeAll(keepingCapacity: true)
    evidence.reserveCapacity(island.edges.count)
    for edge in island.edges { evidence.append(field.evidence(ofEdge: Int(edge))) }
    state(island, islands, field) { $0.positionRatio }
    if field.hasDuplicates {
      try divideDuplicates(island, field, &stop)
      state(island, islands, field) { $0.positionRatio }
    }
    try solver.solve(problem, into: &positional, stop: &stop)
    if evidence.contains(where: { $0.photometricRatio != 0 }) {
      state(island, islands, field) { $0.ratio }
      try solver.solve(problem, into: &solution, stop: &stop)
      var logProbability = -positional.logZ
      for (edge, evidence) in zip(problem.edges, evidence) where solution.partnerOfA[Int(edge.row)] == edge.column {
        logProbability += evidence.positionRatio
      }
      positionalProbability = min(1, exp(logProbability))
    } else {
      solution = positional
      positionalProbability = positional.bestProbability
    }
    solution.writeRunnersUp(of: problem, ofA: &runnersUpA, ofB: &runnersUpB)
  }

  /// Gives each of several pairs of the same two objects its part of their evidence.
  private mutating func divideDuplicates(
    _ island: IslandOnSky, _ field: IslandField, _ stop: inout StopCheck
  ) throws {
    groups.reset(problem)
    func areOne(_ isA: Bool, _ one: Int32, _ other: Int32) -> Bool {
      field.areOne(isA: isA, isA ? island.a(one) : island.b(one), isA ? island.a(other) : island.b(other))
    }
    let questions = groups.questions
    let tableA = try DetectionTable(
      count: problem.aCount, questions: questions.ofA, stop: &stop
    ) { areOne(true, $0, $1) }
    let tableB = try DetectionTable(
      count: problem.bCount, questions: questions.ofB, stop: &stop
    ) { areOne(false, $0, $1) }
    for (position, edge) in problem.edges.enumerated() {
      try stop.after(steps: groups.neighbours(of: edge))
      let pairs = groups.pairs(of: edge, problem) { isA, one, other in
        (isA ? tableA : tableB)?[one, other] ?? areOne(isA, one, other)
      }
      evidence[position] = evidence[position].divided(among: pairs)
    }
  }

  /// Writes the island as a problem.
  private mutating func state(
    _ island: IslandOnSky, _ islands: Islands, _ field: IslandField, _ logRatio: (EdgeEvidence) -> Double
  ) {
    problem.reset(aCount: island.membersA.count, bCount: island.membersB.count)
    for (edge, evidence) in zip(island.edges, evidence) {
      let (i, j) = field.sources(ofEdge: Int(edge))
      problem.add(row: islands.row(ofA: i), column: islands.column(ofB: j), logRatio: logRatio(evidence))
    }
  }

  private func writePairs(_ island: IslandOnSky, _ islands: Islands, _ field: IslandField, _ result: inout ChunkResult)
  {
    for (position, edge) in island.edges.enumerated() {
      let (row, column) = (Int(problem.edges[position].row), problem.edges[position].column)
      let answer = PairAnswer(
        probability: solution.pairProbability[position], isMatched: solution.partnerOfA[row] == column,
        probabilityWithoutPhotometry: positional.pairProbability[position],
        isMatchedWithoutPhotometry: positional.partnerOfA[row] == column)
      result.pairs.append(
        PairRow(
          edge: Int(edge), field, evidence[position], answer, number: island.number,
          flags: flags(ofEdge: Int(edge), island, field)))
    }
  }

  private mutating func writeMatches(
    _ island: IslandOnSky, _ islands: Islands, _ field: IslandField, _ result: inout ChunkResult
  ) {
    if field.hasDuplicates { groups.reset(problem) }
    for (position, edge) in island.edges.enumerated() {
      let (i, j) = field.sources(ofEdge: Int(edge))
      let (row, column) = (Int(problem.edges[position].row), Int(problem.edges[position].column))
      guard solution.partnerOfA[row] == Int32(column) else { continue }
      let groups = groupProbabilities(position, island, field)
      var match = MatchRow(
        a: Int32(i), b: Int32(j), matchP: solution.bestProbability, pairP: solution.pairProbability[position],
        separationArcsec: field.edges.separationArcsec[Int(edge)], eta: evidence[position].eta,
        xi: evidence[position].xi, runnerUpOfA: runnerUp(runnersUpA[row], among: island.membersB),
        runnerUpOfB: runnerUp(runnersUpB[column], among: island.membersA),
        groupPOfA: groups.ofA, groupPOfB: groups.ofB,
        matchPWithoutPhotometry: positionalProbability,
        pairPWithoutPhotometry: positional.pairProbability[position], island: island.number,
        flags: flags(ofEdge: Int(edge), island, field).union(duplicates(row, column, field.hasDuplicates)))
      (match.contaminationOfA, match.contaminationOfB) = field.contamination(ofEdge: Int(edge))
      result.matches.append(match)
    }
  }

  /// The probabilities that the counterpart of a matched source is the object it is matched with, whichever of its detections; NaN where
  /// there is one only.
  private mutating func groupProbabilities(
    _ position: Int, _ island: IslandOnSky, _ field: IslandField
  ) -> (ofA: Double, ofB: Double) {
    if !field.hasDuplicates { return (.nan, .nan) }
    let (edge, probability) = (problem.edges[position], solution.pairProbability)
    let ofB = groups.ofB(edge, problem, probability) { field.areOne(isA: false, island.b($0), island.b($1)) }
    let ofA = groups.ofA(edge, problem, probability) { field.areOne(isA: true, island.a($0), island.a($1)) }
    return (ofB.members > 1 ? ofB.probability : .nan, ofA.members > 1 ? ofA.probability : .nan)
  }

  /// Whether sources are among several detections of a matched object.
  private func duplicates(_ row: Int?, _ column: Int?, _ hasDuplicates: Bool) -> MatchFlags {
    var flags: MatchFlags = []
    if !hasDuplicates { return flags }
    if let row, groups.isDuplicateA[row] { flags.insert(.duplicateA) }
    if let column, groups.isDuplicateB[column] { flags.insert(.duplicateB) }
    return flags
  }

  /// Those of both sources, and how their island was summed.
  private func flags(ofEdge edge: Int, _ island: IslandOnSky, _ field: IslandField) -> MatchFlags {
    let (i, j) = field.sources(ofEdge: edge)
    return field.flags(ofPair: i, j).union(island.flags)
  }

  private func runnerUp(_ runnerUp: Match.RunnerUp, among members: ArraySlice<Int32>) -> CatalogStore.RunnerUp? {
    guard runnerUp.partner >= 0 else { return nil }
    let place = members[members.startIndex + Int(runnerUp.partner)]
    return CatalogStore.RunnerUp(place: place, probability: runnerUp.probability)
  }

  private func writeNonmatches(
    _ island: IslandOnSky, _ islands: Islands, _ field: IslandField, _ result: inout ChunkResult
  ) {
    let freeA = island.membersA.filter { solution.partnerOfA[Int(islands.row(ofA: Int($0)))] < 0 }
    let freeB = island.membersB.filter { solution.partnerOfB[Int(islands.column(ofB: Int($0)))] < 0 }
    let (nearestOfA, nearestOfB) = (
      field.nearest(isA: true, of: freeA, among: freeB), field.nearest(isA: false, of: freeB, among: freeA)
    )
    for (i, nearest) in zip(freeA, nearestOfA) {
      let row = Int(islands.row(ofA: Int(i)))
      let factors = field.aloneFactors(isA: true, Int(i))
      result.nonmatches.append(
        NonmatchRow(
          isA: true, source: i, matchP: solution.bestProbability,
          aloneP: solution.aloneProbabilityA[row] * factors.photometric,
          nearest: nearest ?? field.nearestNegligible(isA: true, of: Int(i)),
          matchPWithoutPhotometry: positionalProbability,
          alonePWithoutPhotometry: positional.aloneProbabilityA[row] * factors.positional, island: island.number,
          flags: field.flags(isA: true, Int(i)).union(island.flags).union(duplicates(row, nil, field.hasDuplicates))))
    }
    for (j, nearest) in zip(freeB, nearestOfB) {
      let column = Int(islands.column(ofB: Int(j)))
      let factors = field.aloneFactors(isA: false, Int(j))
      result.nonmatches.append(
        NonmatchRow(
          isA: false, source: j, matchP: solution.bestProbability,
          aloneP: solution.aloneProbabilityB[column] * factors.photometric,
          nearest: nearest ?? field.nearestNegligible(isA: false, of: Int(j)),
          matchPWithoutPhotometry: positionalProbability,
          alonePWithoutPhotometry: positional.aloneProbabilityB[column] * factors.positional, island: island.number,
          flags: field.flags(isA: false, Int(j)).union(island.flags).union(duplicates(nil, column, field.hasDuplicates))
        ))
    }
  }
}

/// One island: its number, members and edges, and what to know of its sum.
private struct IslandOnSky {
  let number: Int64
  let membersA: ArraySlice<Int32>
  let membersB: ArraySlice<Int32>
  let edges: ArraySlice<Int32>
  /// How it was summed.
  var flags: MatchFlags = []

  /// The source of a of a row.
  func a(_ row: Int32) -> Int { Int(membersA[membersA.startIndex + Int(row)]) }

  /// The source of b of a column.
  func b(_ column: Int32) -> Int { Int(membersB[membersB.startIndex + Int(column)]) }
}

/// What the pairing says of one edge, with and without photometry.
struct PairAnswer {
  var probability: Double
  var isMatched: Bool
  var probabilityWithoutPhotometry: Double
  var isMatchedWithoutPhotometry: Bool
}

extension PairRow {
  /// The row of an edge.
  init(
    edge: Int, _ field: IslandField, _ evidence: EdgeEvidence, _ answer: PairAnswer, number: Int64, flags: MatchFlags
  ) {
    let (priors, edges) = (evidence.priors, field.edges)
    self.init(
      a: edges.a[edge], b: edges.b[edge], separationArcsec: edges.separationArcsec[edge],
      chiSquared: 2 * edges.level[edge], log10Density: evidence.logDensity / log(10),
      priorBoth: priors.counterpartsPerDegree2, priorA: priors.unmatchedAPerDegree2,
      priorB: priors.unmatchedBPerDegree2, eta: evidence.eta, xi: evidence.xi, pairP: answer.probability,
      isMatched: answer.isMatched, pairPWithoutPhotometry: answer.probabilityWithoutPhotometry,
      isMatchedWithoutPhotometry: answer.isMatchedWithoutPhotometry, classes: field.classes(ofEdge: edge),
      island: number, flags: flags)
  }
}
