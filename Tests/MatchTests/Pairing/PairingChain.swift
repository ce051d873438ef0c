import Glibc
import Match
import XMDBTestSupport

/// A Markov chain over the pairings of an island: how often it holds a pair tends to the probability of the pair, whatever the island's size.
struct PairingChain {
  /// By edge: the share of the steps in which it was held.
  private(set) var probability: [Double]

  /// - Parameter sweeps: Steps for each edge; the first tenth is left out.
  init(_ problem: IslandProblem, sweeps: Int, _ generator: inout SeededGenerator) {
    let odds = problem.edges.map { exp($0.logRatio) }
    var ofRow = [Int](repeating: -1, count: problem.aCount)
    var ofColumn = [Int](repeating: -1, count: problem.bCount)
    var held = [Int](repeating: 0, count: odds.count)
    var since = held
    func row(_ edge: Int) -> Int { Int(problem.edges[edge].row) }
    func column(_ edge: Int) -> Int { Int(problem.edges[edge].column) }
    for sweep in 0..<sweeps {
      if sweep == sweeps / 10 {
        for edge in odds.indices { (held[edge], since[edge]) = (0, sweep) }
      }
      func release(_ edge: Int) {
        (ofRow[row(edge)], ofColumn[column(edge)]) = (-1, -1)
        held[edge] += sweep - since[edge]
      }
      for _ in odds.indices {
        let edge = Int.random(in: 0..<odds.count, using: &generator)
        let (before, other) = (ofRow[row(edge)], ofColumn[column(edge)])
        let rival = before < 0 ? other : before
        if before == edge {
          if Double.random(in: 0..<1, using: &generator) < 1 / odds[edge] { release(edge) }
        } else if before < 0 || other < 0 {
          let ratio = odds[edge] / (rival < 0 ? 1 : odds[rival])
          guard Double.random(in: 0..<1, using: &generator) < ratio else { continue }
          if rival >= 0 { release(rival) }
          (ofRow[row(edge)], ofColumn[column(edge)], since[edge]) = (edge, edge, sweep)
        }
      }
    }
    for edge in ofRow where edge >= 0 { held[edge] += sweeps - since[edge] }
    let counted = Double(sweeps - sweeps / 10)
    probability = held.map { Double($0) / counted }
  }
}
