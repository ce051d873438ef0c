internal import Glibc
internal import Indexing
internal import Match

/// Sources of either catalogue that belong to islands of some kind.
struct IslandSources {
  let a: [Bool]
  let b: [Bool]

  func contains(a i: Int, b j: Int) -> Bool { a[i] || b[j] }
}

/// Finds the islands that are larger than some limits: those with more candidate pairs, or that reach farther.
///
/// Both only grow when more of an island is seen, so a part that is too large settles the whole. That is what ends the growth of
/// a chunk's halo: an island is whole or known to be too large before the halo is much wider than it may reach.
struct OversizedIslands {
  private let a: PlacedSources
  private let b: PlacedSources
  private let largestPairs: Int
  private let largestArcsec: Double

  /// - Parameters:
  ///   - largestPairs: An island of more candidate pairs is oversized.
  ///   - largestArcsec: So is one that reaches farther.
  init(_ a: PlacedSources, _ b: PlacedSources, largestPairs: Int, largestArcsec: Double = .infinity) {
    (self.a, self.b) = (a, b)
    (self.largestPairs, self.largestArcsec) = (largestPairs, largestArcsec)
  }

  /// The sources in oversized islands; nil if there are none.
  /// - Parameters:
  ///   - islands: Those of all edges.
  ///   - complete: Where every source sees all its candidates; other sources may show pairs that are none.
  /// - Throws: What `stop` throws.
  func sources(
    of edges: CandidateEdges, _ islands: Islands, complete: PixelRangeSet, stop: inout StopCheck
  ) throws -> IslandSources? {
    // Nearly always no island is suspicious, and the search ends here.
    guard (0..<islands.count).contains(where: { isOversized(islands, $0) }) else { return nil }
    let (seenA, seenB) = (isIn(complete, a), isIn(complete, b))
    var (ends, others): ([Int32], [Int32]) = ([], [])
    for edge in 0..<edges.count where seenA[Int(edges.a[edge])] && seenB[Int(edges.b[edge])] {
      ends.append(edges.a[edge])
      others.append(edges.b[edge])
    }
    let seen = try Islands.components(
      aCount: a.count, bCount: b.count, edgesA: ends, edgesB: others, stop: &stop)
    let oversized = (0..<seen.count).map { isOversized(seen, $0) }
    guard oversized.contains(true) else { return nil }
    return IslandSources(
      a: seen.islandOfA.map { oversized[Int($0)] }, b: seen.islandOfB.map { oversized[Int($0)] })
  }

  private func isIn(_ sky: PixelRangeSet, _ sources: PlacedSources) -> [Bool] {
    var sweep = AscendingSweep(sky)
    return sources.columns.healpix29.map { sweep.contains($0) }
  }

  /// Fewer pairs than these do not reach so far.
  private static let fewPairs = 100

  private func isOversized(_ islands: Islands, _ island: Int) -> Bool {
    let pairs = islands.edges(of: island).count
    if pairs > largestPairs { return true }
    return pairs >= Self.fewPairs && largestArcsec < .infinity
      && extent(islands, island) > largestArcsec / 206_264.806_247_096_36
  }

  /// The longest side of the box around the members on the unit sphere: no two of them are less far apart than that.
  private func extent(_ islands: Islands, _ island: Int) -> Double {
    var (low, high) = (SIMD3<Double>(repeating: .infinity), SIMD3<Double>(repeating: -.infinity))
    func take(_ sources: PlacedSources, _ members: ArraySlice<Int32>) {
      for member in members {
        let state = sources.states[Int(member)]
        let (ra, dec) = (state.raDegrees * .pi / 180, state.decDegrees * .pi / 180)
        let point = SIMD3(cos(dec) * cos(ra), cos(dec) * sin(ra), sin(dec))
        low.replace(with: point, where: point .< low)
        high.replace(with: point, where: point .> high)
      }
    }
    take(a, islands.membersA(of: island))
    take(b, islands.membersB(of: island))
    return (high - low).max()
  }
}
