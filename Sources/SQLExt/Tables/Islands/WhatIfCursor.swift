import CatalogStore
import Indexing

/// Goes through the pairs of islands that are solved again.
final class WhatIfCursor: VirtualCursor {
  private let choice: LikelihoodChoice
  /// Whether the old best assignment is asked for, which is solved for only then.
  private let comparesBest: Bool
  private var remaining: ArraySlice<() throws -> IslandReader>
  private var reader: IslandReader?
  private var pairing = IslandPairing()
  private var pairs: [CandidatePair] = []
  private var position = 0
  private var stop: StopCheck
  private var logRatios: [Double] = []
  private var answer = IslandPairing.Answer()
  private var oldBestProbability = Double.nan

  /// - Parameters:
  ///   - readers: Each gives islands when its turn comes.
  ///   - stop: Asked while islands are solved.
  init(
    _ readers: [() throws -> IslandReader], _ choice: LikelihoodChoice, comparesBest: Bool, stop: StopCheck
  ) throws {
    self.choice = choice
    self.stop = stop
    self.comparesBest = comparesBest
    remaining = readers[...]
    super.init()
    try readIsland()
  }

  override var isAtEnd: Bool { pairs.isEmpty }

  override func next() throws {
    position += 1
    if position == pairs.count { try readIsland() }
  }

  private func readIsland() throws {
    position = 0
    pairs = try reader?.next() ?? []
    while pairs.isEmpty, let open = remaining.popFirst() {
      reader = try open()
      pairs = try reader?.next() ?? []
    }
    if !pairs.isEmpty { try solve() }
  }

  private func solve() throws {
    if comparesBest { oldBestProbability = try pairing.solve(problem(.asStored), stop: &stop).bestProbability }
    let problem = problem(choice)
    logRatios = problem.map(\.logRatio)
    answer = try pairing.solve(problem, stop: &stop)
  }

  private func problem(_ choice: LikelihoodChoice) -> [IslandPairing.Pair] {
    pairs.map { IslandPairing.Pair(a: $0.rowidA, b: $0.rowidB, logRatio: choice.logRatio(of: $0)) }
  }

  override func column(_ index: Int, into result: borrowing ResultContext) throws {
    guard let column = WhatIfColumn(rawValue: index) else { return }
    let pair = pairs[position]
    switch column {
    case .idA: result.set(pair.idA)
    case .idB: result.set(pair.idB)
    case .separation: result.set(pair.separationArcsec)
    case .ratio: result.set(pair.log10Ratio)
    case .newRatio: result.set(logRatios[position] / LikelihoodChoice.ln10)
    case .pairP: result.set(pair.probability)
    case .newPairP: result.set(answer.probability[position])
    case .matched: result.set(pair.isMatched ? 1 : 0)
    case .newMatched: result.set(answer.isMatched[position] ? 1 : 0)
    case .matchP: result.set(oldBestProbability)
    case .newMatchP: result.set(answer.bestProbability)
    case .island: result.set(pair.island)
    case .flags: result.set(flags(of: pair).rawValue)
    case .rowidA: result.set(pair.rowidA)
    case .rowidB: result.set(pair.rowidB)
    }
  }

  private func flags(of pair: CandidatePair) -> MatchFlags {
    answer.isApproximate ? pair.flags.union(.approximate) : pair.flags.subtracting(.approximate)
  }
}
