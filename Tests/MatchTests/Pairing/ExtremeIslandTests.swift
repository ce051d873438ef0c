import Glibc
import Indexing
import Match
import Testing
import XMDBTestSupport

/// What no sky should hold and a file can: every solver answers, with probabilities.
@Suite struct ExtremeIslandTests {
  private static let extremes: [Double] = [
    .nan, .signalingNaN, -.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    .leastNonzeroMagnitude, 0, -0.0, 1e308, -1e308, 1e18, -1e18, 710, -746, 1, -1,
  ]

  private func expectProbabilities(_ solution: IslandSolution, _ problem: IslandProblem, _ name: Comment) {
    #expect(solution.logZ.isFinite && solution.logZ >= 0, name)
    #expect(solution.logBestProbability <= 0, name)
    var (sumA, sumB) = (solution.aloneProbabilityA, solution.aloneProbabilityB)
    for (edge, probability) in zip(problem.edges, solution.pairProbability) {
      #expect(probability >= 0 && probability <= 1, name)
      sumA[Int(edge.row)] += probability
      sumB[Int(edge.column)] += probability
    }
    for sum in sumA + sumB { #expect(abs(sum - 1) < 1e-6, name) }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func anyRatioInAnyIslandIsAnsweredByEverySolver(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let rows = Int.random(in: 1...9, using: &generator)
    let columns = Int.random(in: 1...9, using: &generator)
    var problem = IslandProblem(aCount: rows, bCount: columns)
    for row in 0..<Int32(rows) {
      for column in 0..<Int32(columns) where generator.uniform(0...1) < 0.7 {
        let extreme = Self.extremes[Int.random(in: 0..<Self.extremes.count, using: &generator)]
        problem.add(row: row, column: column, logRatio: generator.uniform(0...1) < 0.5 ? extreme : 3)
      }
    }
    for method in IslandSolverTests.methods {
      var solver = IslandSolver(limits: method.limits)
      expectProbabilities(solver.solve(problem), problem, "seed \(seed) \(method.name)")
    }
  }

  @Test(arguments: extremes)
  func aLonePairOfAnyRatioAgreesWithTheSolver(logRatio: Double) {
    let lone = LonePair(logRatio: logRatio)
    let solution = IslandSolver.solve(IslandProblem(logRatios: [[logRatio]]))
    #expect(lone.pairProbability == solution.pairProbability[0])
    #expect(lone.aloneProbability == solution.aloneProbabilityA[0])
    #expect(lone.pairProbability >= 0 && lone.pairProbability <= 1)
  }

  @Test func noEvidenceIsAPairThatCannotBe() {
    #expect(LonePair(logRatio: .nan).pairProbability == 0)
    #expect(LonePair(logRatio: .infinity).pairProbability == 1)
    #expect(LonePair(logRatio: 1e308).logZ == IslandProblem.largestLogRatio)
  }

  @Test func aPairThatComesTwiceIsRefused() {
    for (rows, columns) in [(1, 1), (2, 2), (3, 4)] {
      var problem = IslandProblem(aCount: rows, bCount: columns)
      for _ in 0..<2 { problem.add(row: 0, column: 0, logRatio: 1) }
      var solver = IslandSolver()
      var solution = IslandSolution()
      var stop = StopCheck.never
      #expect(throws: MalformedIsland.self) { try solver.solve(problem, into: &solution, stop: &stop) }
    }
  }

  @Test func manySourcesAtOnePointShareTheirProbability() {
    let count = 700
    let problem = IslandProblem(logRatios: Array(repeating: Array(repeating: 9, count: count), count: count))
    let solution = IslandSolver.solve(problem)
    #expect(solution.method == .approximate)
    #expect(solution.partnerOfA == Array(0..<Int32(count)))
    let (least, most) = (solution.pairProbability.min() ?? 0, solution.pairProbability.max() ?? 1)
    #expect(abs(least * Double(count) - 1) < 0.01 && abs(most * Double(count) - 1) < 0.01)
    // All are alike, in both catalogues.
    let alone = solution.aloneProbabilityA + solution.aloneProbabilityB
    #expect(alone.allSatisfy { abs($0 - alone[0]) < 1e-6 })
  }

  @Test func tenThousandAgainstOneAreAnswered() {
    var generator = SeededGenerator(seed: 10_000)
    for (rows, columns) in [(10_000, 1), (1, 10_000), (10_000, 2), (3, 10_000), (12, 10_000)] {
      let problem = IslandProblem.random(rows: rows, columns: columns, density: 1, logRatio: -2...3, &generator)
      expectProbabilities(IslandSolver.solve(problem), problem, "\(rows)×\(columns)")
    }
  }

  @Test func tiesOfUnequalBlocksAreBrokenInTime() {
    // Two kinds of sources: pairs of a kind with ln R 5, others 2.5; nearly every pair is tight, few are in a best matching.
    let count = 300
    let problem = IslandProblem(
      logRatios: (0..<count).map { row in (0..<count).map { $0 % 2 == row % 2 ? 5.0 : 2.5 } })
    let solution = IslandSolver.solve(problem)
    #expect(solution.partnerOfA == Array(0..<Int32(count)))
  }
}
