/// What a chunk costs: seconds of one thread, memory and disk, from what it has to do.
///
///     counting = c₀ + c₁ (core + ring) + c₂ pairs among them + s crowded candidates
///     region   = r₀
///     pairing  = p₀ + p₁ (core + halo) + p₂ core + p₃ pairs · min(pairs / core, q)
///                + s crowded candidates
///     memory   = m₀ + 8 m₁ columns (core + halo) + m₂ pairs among them + m₃ core, + m₄ where islands hang together
///     disk     = d₀ + d₁ core + d₂ pairs
///
/// The third term of pairing is that of islands: where sources have several candidates each, they grow, until they are too
/// entangled for exact sums; what follows then takes as much for each pair.
///
/// The constants come from measured chunks: `Benchmarks/chunk_cost.sh`, on the machine of docs/benchmarks.md, which also says
/// how close they come: pairing within 40 %, counting mostly within 40 %, disk within 5 %; memory is meant to suffice. `speed`
/// carries the times over to another machine.
public struct CostModel: Sendable, Equatable {
  /// Speed of this machine, in units of the one that was measured.
  public var speed = 1.0

  /// A model for a machine that is `speed` times as fast as the one that was measured.
  public init(speed: Double = 1) { self.speed = speed }

  /// q: pairs for each source beyond which the time of a pair grows no more.
  private static let mostCrowding = 1.5
  /// s: seconds to look at a candidate that is left out.
  private static let crowdedCandidate = 0.1e-6

  /// m₄: working memory of exact sums and belief propagation for large islands, bytes.
  private static let solverBytes = 85e6

  /// Seconds for counting the candidate pairs of a chunk.
  public func countingSeconds(_ load: ChunkLoad) -> Double {
    (0.5e-3 + 0.35e-6 * (load.core + load.ring) + 0.35e-6 * load.countedPairs
      + Self.crowdedCandidate * load.crowdedCandidates) / speed
  }

  /// Seconds for the densities of a region that both catalogues cover, however many sources it holds.
  var regionSeconds: Double { 0.1 / speed }

  /// Seconds for pairing a chunk and writing what was found.
  public func matchingSeconds(_ load: ChunkLoad) -> Double {
    let crowding = load.core > 0 ? load.pairs * min(load.pairs / load.core, Self.mostCrowding) : 0
    return
      (3.8e-3 + 0.4e-6 * load.loaded + 0.88e-6 * load.core + 1.5e-6 * crowding
      + Self.crowdedCandidate * load.crowdedCandidates) / speed
  }

  /// The most memory that a worker needs for a chunk, bytes.
  public func memoryBytes(_ load: ChunkLoad) -> Double {
    40e6 + 24 * load.columns * load.loaded + 250 * load.loadedPairs + 450 * load.core
      + (load.isEntangled ? Self.solverBytes : 0)
  }

  /// What every part of a chunk needs, however small, in sky where islands hang together.
  func leastMemoryBytes(_ load: ChunkLoad) -> Double {
    guard load.entangled > 0 else { return 0 }
    return 40e6 + Self.solverBytes + (24 * load.columns + 250 * load.pairs / load.core) * load.entangled
  }

  /// The size of the file with the chunk's results, bytes.
  public func diskBytes(_ load: ChunkLoad) -> Double { 70e3 + 80 * load.core + 210 * load.pairs }
}
