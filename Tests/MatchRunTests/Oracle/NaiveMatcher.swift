import Foundation
import Match
import XMDBTestSupport

/// A matcher that tries everything, written apart from the program: all pairs, a flood fill, every matching enumerated.
struct NaiveMatcher {
  struct PairAnswer {
    var separation, chiSquared, log10Density, xi, probability: Double
    var isMatched: Bool
  }

  struct SourceAnswer {
    /// Ids of the island's members.
    var island: Set<Int64>
    var partner: Int64?
    var matchP: Double
    var aloneP: Double
    var nearest: (id: Int64, separation: Double, xi: Double)?
  }

  private(set) var pairs: [RunRows.Pair: PairAnswer] = [:]
  private(set) var sources: [Int64: SourceAnswer] = [:]
  /// Islands whose matchings were all enumerated here; the others were left to `IslandSolver`.
  private(set) var enumerated = 0
  private(set) var islands = 0

  private let a: [WideSource]
  private let b: [WideSource]
  private let priors: (WideSource, WideSource) -> PriorDensities

  /// - Parameter priors: The densities for a pair.
  init(
    _ a: [WideSource], _ b: [WideSource], fraction: Double = 0.999, largestSeparation: Double = 60,
    searchDegrees: Double = 0.02,
    priors: @escaping (WideSource, WideSource) -> PriorDensities
  ) {
    (self.a, self.b, self.priors) = (a, b, priors)
    let limit = -2 * log(Wide(1) - Wide(fraction))
    var partners: [Int64: [Int64]] = [:]
    for i in a {
      for j in b where abs(i.dec - j.dec) < searchDegrees && i.place.dot(j.place) > 0.999999 {
        let pair = WidePair(i, j)
        guard pair.chiSquared < limit, pair.separation <= Wide(largestSeparation) else { continue }
        partners[i.id, default: []].append(j.id)
        partners[j.id, default: []].append(i.id)
        pairs[RunRows.Pair(a: i.id, b: j.id)] = answer(pair, i, j)
      }
    }
    solveIslands(partners)
  }

  private func answer(_ pair: WidePair, _ i: WideSource, _ j: WideSource) -> PairAnswer {
    PairAnswer(
      separation: Double(pair.separation), chiSquared: Double(pair.chiSquared),
      log10Density: Double(pair.logDensity / log(Wide(10))), xi: Self.xi(pair, priors(i, j)), probability: .nan,
      isMatched: false)
  }

  /// −30 where N_c G is below 10⁻³⁰ deg⁻⁴.
  private static func xi(_ pair: WidePair, _ n: PriorDensities) -> Double {
    if log(Wide(n.counterpartsPerDegree2)) + pair.logDensity < log(Wide(1e-30)) { return -30 }
    let ratio = Wide(n.counterpartsPerDegree2) / Wide(n.unmatchedAPerDegree2) / Wide(n.unmatchedBPerDegree2)
    return Double(log10(ratio) + pair.logDensity / log(Wide(10)))
  }

  private mutating func solveIslands(_ partners: [Int64: [Int64]]) {
    let isA = Set(a.map(\.id))
    for start in a.map(\.id) + b.map(\.id) where sources[start] == nil {
      var island: Set<Int64> = [start]
      var frontier = [start]
      while let id = frontier.popLast() {
        for other in partners[id] ?? [] where island.insert(other).inserted { frontier.append(other) }
      }
      for id in island { sources[id] = SourceAnswer(island: island, partner: nil, matchP: 1, aloneP: 1, nearest: nil) }
      if island.count == 1 { continue }
      islands += 1
      solve(
        island, rows: island.filter(isA.contains).sorted(), columns: island.filter { !isA.contains($0) }.sorted(),
        partners)
      findNearest(island, isA)
    }
  }

  private mutating func solve(_ island: Set<Int64>, rows: [Int64], columns: [Int64], _ partners: [Int64: [Int64]]) {
    let edges = rows.flatMap { row in (partners[row] ?? []).map { RunRows.Pair(a: row, b: $0) } }
    let logRatios = edges.map { pairs[$0]!.xi * log(10) }
    guard let answer = Matchings(edges, logRatios, rows: rows) else {
      return solveByProgram(rows, columns, edges, logRatios)
    }
    enumerated += 1
    var taken: [Int64: Double] = [:]
    for (index, edge) in edges.enumerated() {
      pairs[edge]!.probability = answer.probability[index]
      taken[edge.a, default: 0] += answer.probability[index]
      taken[edge.b, default: 0] += answer.probability[index]
      if answer.best.contains(index) { match(edge) }
    }
    for id in island {
      sources[id]!.matchP = answer.bestProbability
      sources[id]!.aloneP = answer.alone[id] ?? 1 - taken[id]!
    }
  }

  private mutating func match(_ edge: RunRows.Pair) {
    pairs[edge]!.isMatched = true
    sources[edge.a]!.partner = edge.b
    sources[edge.b]!.partner = edge.a
  }

  private mutating func solveByProgram(
    _ rows: [Int64], _ columns: [Int64], _ edges: [RunRows.Pair], _ logRatios: [Double]
  ) {
    var problem = IslandProblem(aCount: rows.count, bCount: columns.count)
    for (edge, logRatio) in zip(edges, logRatios) {
      problem.add(
        row: Int32(rows.firstIndex(of: edge.a)!), column: Int32(columns.firstIndex(of: edge.b)!), logRatio: logRatio)
    }
    let solution = IslandSolver.solve(problem)
    for (index, edge) in edges.enumerated() {
      pairs[edge]!.probability = solution.pairProbability[index]
      if solution.partnerOfA[rows.firstIndex(of: edge.a)!] == Int32(columns.firstIndex(of: edge.b)!) { match(edge) }
    }
    for (row, id) in rows.enumerated() { sources[id]!.aloneP = solution.aloneProbabilityA[row] }
    for (column, id) in columns.enumerated() { sources[id]!.aloneP = solution.aloneProbabilityB[column] }
    for id in rows + columns { sources[id]!.matchP = solution.bestProbability }
  }

  private mutating func findNearest(_ island: Set<Int64>, _ isA: Set<Int64>) {
    let freeA = a.filter { island.contains($0.id) && sources[$0.id]!.partner == nil }
    let freeB = b.filter { island.contains($0.id) && sources[$0.id]!.partner == nil }
    for i in freeA { for j in freeB { consider(i, j) } }
  }

  private mutating func consider(_ i: WideSource, _ j: WideSource) {
    let pair = WidePair(i, j)
    let xi = Self.xi(pair, priors(i, j))
    for (own, other) in [(i.id, j.id), (j.id, i.id)]
    where sources[own]!.nearest.map({ Double(pair.separation) < $0.separation }) ?? true {
      sources[own]!.nearest = (other, Double(pair.separation), xi)
    }
  }
}

/// Every matching of an island, enumerated.
private struct Matchings {
  private(set) var probability: [Double]
  private(set) var alone: [Int64: Double] = [:]
  private(set) var best: Set<Int> = []
  private(set) var bestProbability = 0.0
  private var terms: [(logWeight: Double, edges: [Int])] = []
  private let edges: [RunRows.Pair]
  private let logRatios: [Double]
  private let rows: [Int64]

  /// Nil when there are more than 3000.
  init?(_ edges: [RunRows.Pair], _ logRatios: [Double], rows: [Int64]) {
    (self.edges, self.logRatios, self.rows) = (edges, logRatios, rows)
    probability = Array(repeating: 0, count: edges.count)
    guard rows.count <= 8, extend(row: 0, 0, []) else { return nil }
    let top = terms.map(\.logWeight).max()!
    let weights = terms.map { exp($0.logWeight - top) }
    let sum = weights.sorted().reduce(0, +)
    for (term, weight) in zip(terms, weights) {
      let share = weight / sum
      if term.logWeight == top { (best, bestProbability) = (Set(term.edges), share) }
      for edge in term.edges { probability[edge] += share }
      let paired = Set(term.edges.flatMap { [edges[$0].a, edges[$0].b] })
      for id in Set(edges.flatMap { [$0.a, $0.b] }).subtracting(paired) { alone[id, default: 0] += share }
    }
  }

  private mutating func extend(row: Int, _ logWeight: Double, _ chosen: [Int]) -> Bool {
    if terms.count > 3000 { return false }
    if row == rows.count {
      terms.append((logWeight, chosen))
      return true
    }
    guard extend(row: row + 1, logWeight, chosen) else { return false }
    for index in edges.indices where edges[index].a == rows[row] {
      if chosen.contains(where: { edges[$0].b == edges[index].b }) { continue }
      guard extend(row: row + 1, logWeight + logRatios[index], chosen + [index]) else { return false }
    }
    return true
  }
}
