internal import Indexing

/// Which sources have more candidates than are weighed, found without holding pairs: the search for a source's
/// candidates ends with the one that is too many.
struct CrowdedSearch {
  let isCrowdedA: [Bool]
  let isCrowdedB: [Bool]
  /// Which sources of b have a crowded candidate.
  let touchesCrowded: [Bool]

  /// - Parameter most: Candidates that a source may have.
  /// - Throws: What `stop` throws.
  init(_ test: CandidateTest<some PairLikelihood>, most: Int, stop: inout StopCheck) throws {
    let (positionsA, positionsB) = (test.positionsA, test.positionsB)
    var candidates = [Int](repeating: 0, count: positionsA.count)
    try PairSearch.forEachNeighbour(of: positionsA, in: positionsB, stop: &stop) { i, j, separation in
      if test.candidate(i, j, separation) != nil { candidates[i] += 1 }
      return candidates[i] <= most
    }
    let crowdedA = candidates.map { $0 > most }
    candidates = [Int](repeating: 0, count: positionsB.count)
    var touches = [Bool](repeating: false, count: positionsB.count)
    try PairSearch.forEachNeighbour(of: positionsB, in: positionsA, stop: &stop) { j, i, separation in
      if test.candidate(i, j, separation) != nil {
        candidates[j] += 1
        if crowdedA[i] { touches[j] = true }
      }
      return candidates[j] <= most
    }
    (isCrowdedA, isCrowdedB, touchesCrowded) = (crowdedA, candidates.map { $0 > most }, touches)
  }

  /// Calls `body` with each candidate (i, j) of every source i of a that is not crowded, source by source; of one source in
  /// no particular order.
  func forEachCandidateOfFew<Likelihood>(
    _ test: CandidateTest<Likelihood>, stop: inout StopCheck,
    _ body: (Int, Int, CandidateTest<Likelihood>.Found) -> Void
  ) throws {
    try PairSearch.forEachNeighbour(
      of: test.positionsA, in: test.positionsB, isWanted: { !isCrowdedA[$0] }, stop: &stop
    ) { i, j, separation in
      if let found = test.candidate(i, j, separation) { body(i, j, found) }
      return true
    }
  }
}
