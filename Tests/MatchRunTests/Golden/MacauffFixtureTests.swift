import Foundation
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Three small islands with known answers.
@Suite struct MacauffFixtureTests {
  private static let placesA: [(Double, Double)] = [
    (0, 0), (360, 360), (360, 0), (-0.294655568982, -0.250533651048), (360.240067426005, 359.771216297418),
    (359.786057997666, 0.27347361448), (720, 720),
  ]
  private static let placesB: [(Double, Double)] = [
    (359.939003119632, 360.051015173412), (-0.044153313448, -0.036817443467), (180, 180),
    (359.947951900083, 0.576797727835),
  ]
  private static let priors = PriorDensities(
    counterpartsPerDegree2: 1.5e6, unmatchedAPerDegree2: 5.5e6, unmatchedBPerDegree2: 1.5e6)

  private func sources(_ places: [(Double, Double)], sigma: Double) -> [SimulatedSource] {
    places.map { SimulatedSource($0.0 / 3600, $0.1 / 3600, sigma: sigma) }
  }

  /// Its seventh source of a, given on top of the second with an island of its own, is moved aside: islands follow from
  /// the sky here. Its densities are put in place of those that follow from counts.
  @Test func islandsSeparationsAndProbabilitiesAreThoseGiven() throws {
    let pair = SimulatedPair(a: sources(Self.placesA, sigma: 0.1), b: sources(Self.placesB, sigma: 0.08))
    var configuration = MatchConfiguration.positionsOnly
    configuration.candidateFraction = 0.999_999
    let rows = try MatchBench(pair).run(configuration)
    let islands = Dictionary(grouping: rows.pairs) { $0.integer("island") }.values
    #expect(
      Set(islands.map { Set($0.map { [$0.ids.a - 1000, $0.ids.b - 5_000_000] }) }) == [
        [[0, 1], [3, 1]], [[1, 0], [4, 0]], [[2, 3], [5, 3]],
      ])
    for island in islands.map({ $0.sorted { $0.ids.a < $1.ids.a } }) {
      let solution = IslandSolver.solve(problem(island))
      switch island[0].ids.b {
      case 5_000_001:
        #expect(solution.partnerOfA == [0, -1] && abs(solution.bestProbability - 0.9183335943) < 1e-7)
        #expect(abs(island[0].double("separation_arcsec") - 0.0574894706) < 1e-9)
        #expect(abs(xi(island[0]) - 1.3154576109) < 1e-6)
      case 5_000_000: #expect(solution.partnerOfA == [0, -1] && abs(solution.bestProbability - 0.9433438412) < 1e-7)
      default:
        #expect(solution.partnerOfA == [-1, -1] && abs(solution.bestProbability - 0.6161109967) < 1e-5)
        #expect(abs(island[0].double("separation_arcsec") - 0.5791412812) < 1e-9)
        #expect(abs(xi(island[0]) + 3.08177) < 0.01)
      }
    }
    let lone = rows.nonmatches.filter { $0["nnm_id"] == .null && $0.double("match_p") == 1 }
    #expect(Set(lone.map(\.id)) == [1006, 5_000_002])
  }

  private func problem(_ island: [RunRows.Row]) -> IslandProblem {
    var problem = IslandProblem(aCount: island.count, bCount: 1)
    for (row, pair) in island.enumerated() {
      problem.add(
        row: Int32(row), column: 0,
        logRatio: PairQuantities.logRatio(logDensity: pair.double("log10_density") * log(10), priors: Self.priors))
    }
    return problem
  }

  private func xi(_ pair: RunRows.Row) -> Double {
    PairQuantities.xi(logDensity: pair.double("log10_density") * log(10), priors: Self.priors)
  }
}
