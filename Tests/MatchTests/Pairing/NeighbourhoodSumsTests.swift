import Testing
import XMDBTestSupport

@testable import Match

@Suite struct NeighbourhoodSumsTests {
  /// Islands in which all sources are candidates or rivals of each other. Propagation alone is off by 0.03 in the median.
  @Test(arguments: Seeds.quick)
  func `small dense islands are near their exact sums`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var approximate = IslandSolver(limits: .approximateOnly)
    let errors = (0..<200).map { _ in
      let problem = IslandProblem.random(
        rows: Int.random(in: 2...6, using: &generator), columns: Int.random(in: 2...6, using: &generator),
        density: 1, logRatio: -2...3, &generator)
      return approximate.solve(problem).largestDifference(from: IslandSolver.solve(problem))
    }.sorted()
    #expect(errors[100] < 0.01 && errors[199] < 0.12, "\(errors[100]), \(errors[199])")
  }

  @Test(arguments: Seeds.quick)
  func `exchanging rows and columns changes nothing but rounding`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let problem = IslandProblem.random(rows: 60, columns: 50, density: 0.1, logRatio: -3...5, &generator)
    var approximate = IslandSolver(limits: .approximateOnly)
    let (one, other) = (approximate.solve(problem), approximate.solve(problem.swapped))
    #expect(zip(one.pairProbability, other.pairProbability).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(zip(one.aloneProbabilityA, other.aloneProbabilityB).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func `weights beyond all sense leave probabilities`() {
    var generator = SeededGenerator(seed: 3)
    var approximate = IslandSolver(limits: .approximateOnly)
    for scale in [1.0, 30, 300, 700, 900, 5000] {
      let problem = IslandProblem.random(rows: 20, columns: 22, density: 0.4, logRatio: -scale...scale, &generator)
      let guess = approximate.solve(problem)
      #expect((guess.pairProbability + guess.aloneProbabilityA).allSatisfy { $0 >= 0 && $0 <= 1 })
      var sums = guess.aloneProbabilityA
      for (edge, probability) in zip(problem.edges, guess.pairProbability) { sums[Int(edge.row)] += probability }
      #expect(sums.allSatisfy { abs($0 - 1) < 1e-9 }, "scale \(scale)")
    }
  }

  @Test func `the nodes of the largest values are kept in their order`() {
    var ranked = RankedNodes(most: 3)
    for (node, value) in [(4, 0.2), (1, 0.5), (9, 0.2), (7, 0.9), (2, 0.1), (3, 0.5)] {
      ranked.add(Int32(node), value: value)
    }
    #expect(ranked.count == 3 && ranked.nodes == [7, 1, 3])
    #expect(ranked.place(of: 3) == 2 && ranked.place(of: 4) == nil)
    ranked.clear()
    #expect(ranked.count == 0 && ranked.place(of: 7) == nil)
  }

  /// Two candidates, two rivals: all matchings written out.
  @Test func `sums over subsets are those over matchings`() {
    var sums = CandidateSums()
    sums.begin(2)
    (sums.alone[0], sums.alone[1]) = (0.5, 0.25)
    let rivals = [(0.9, 0.3, 0.2), (0.7, 0.4, 0.6)]
    for (alone, first, second) in rivals {
      (sums.weights[0], sums.weights[1]) = (first, second)
      sums.add(alone: alone)
    }
    (sums.weights[0], sums.weights[1]) = (0.8, 0.1)
    let found = sums.finish(alone: 0.6)
    let none = 0.9 * 0.7
    let (first, second) = (0.3 * 0.7 + 0.9 * 0.4, 0.2 * 0.7 + 0.9 * 0.6)
    let free = none * 0.5 * 0.25 + first * 0.25 + second * 0.5 + 0.3 * 0.6 + 0.2 * 0.4
    let (withoutFirst, withoutSecond) = (none * 0.25 + second, none * 0.5 + first)
    #expect(abs(found.free - free) < 1e-15)
    #expect(abs(sums.without[0] - withoutFirst) < 1e-15 && abs(sums.without[1] - withoutSecond) < 1e-15)
    #expect(abs(found.total - (0.6 * free + 0.8 * withoutFirst + 0.1 * withoutSecond)) < 1e-15)
  }
}
