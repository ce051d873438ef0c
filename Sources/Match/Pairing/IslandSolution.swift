import Glibc

/// How the sum over all matchings of an island was done.
public enum PairingMethod: String, Sendable, Hashable, CaseIterable {
  /// A formula: stars (one source against many) and 2×2. Exact.
  case closedForm
  /// Dynamic programme over the subsets of the smaller side. Exact.
  case subset
  /// Dynamic programme along a narrow frontier through a large sparse island. Exact.
  case frontier
  /// Belief propagation: probabilities are approximate; the best matching is still exact.
  case approximate
}

/// The answer for one island: the sum over all matchings, the best matching, and the probability of every pair.
public struct IslandSolution: Sendable, Equatable {
  /// ln(Z/Z₀): the log of the sum over all matchings M of Π R. 0 for an island without edges; never negative.
  public internal(set) var logZ: Double = 0
  /// ln P(M*), the log of the probability of the best matching as a whole.
  public internal(set) var logBestProbability: Double = 0
  /// For each row its column in the best matching M*, or −1.
  public internal(set) var partnerOfA: [Int32] = []
  /// For each column its row in the best matching M*, or −1.
  public internal(set) var partnerOfB: [Int32] = []
  /// For each edge, in the order of the problem, the probability that this pair is one object.
  public internal(set) var pairProbability: [Double] = []
  /// For each row, the probability that it has no counterpart; with its pairs it sums to 1.
  public internal(set) var aloneProbabilityA: [Double] = []
  /// For each column, likewise.
  public internal(set) var aloneProbabilityB: [Double] = []
  /// How it was done, and so whether it is exact.
  public internal(set) var method: PairingMethod = .closedForm

  /// An empty solution, to be filled by a solver.
  public init() {}

  /// P(M*), equation 26 of [WilsonNaylor2018a]: the probability of the best matching as a whole.
  public var bestProbability: Double { exp(logBestProbability) }

  /// The pairs of the best matching, by row.
  public var best: [(row: Int32, column: Int32)] {
    partnerOfA.indices.compactMap { partnerOfA[$0] < 0 ? nil : (Int32($0), partnerOfA[$0]) }
  }

  /// Sets the sizes; everyone alone, all pairs with probability 0.
  mutating func reset(for problem: IslandProblem) {
    logZ = 0
    logBestProbability = 0
    method = .closedForm
    partnerOfA.refill(with: -1, count: problem.aCount)
    partnerOfB.refill(with: -1, count: problem.bCount)
    pairProbability.refill(with: 0, count: problem.edges.count)
    aloneProbabilityA.refill(with: 1, count: problem.aCount)
    aloneProbabilityB.refill(with: 1, count: problem.bCount)
  }

  mutating func pair(row: Int32, column: Int32) {
    partnerOfA[Int(row)] = column
    partnerOfB[Int(column)] = row
  }
}

extension Array {
  /// Becomes `count` copies of `value`, without allocating where the storage suffices.
  mutating func refill(with value: Element, count: Int) {
    removeAll(keepingCapacity: true)
    for _ in 0..<count { append(value) }
  }

  /// Has at least `count` elements; contents are arbitrary.
  mutating func ensure(count: Int, filler: Element) {
    if self.count < count { append(contentsOf: repeatElement(filler, count: count - self.count)) }
  }
}
