internal import Glibc
internal import Indexing
internal import Match

/// Finds the islands that are larger than a match pairs: those with more than `MatchConfiguration.largestIslandPairs` candidate
/// pairs, or that reach farther than `MatchConfiguration.largestIslandArcsec`.
///
/// Both only grow when more of an island is seen, so a part that is too large settles the whole. That is what ends the growth of
/// a unit's halo: an island is whole or known to be too large before the halo is much wider than it may reach.
struct OversizedIslands {
  private let a: PlacedSources
  private let b: PlacedSources
  private let configuration: MatchConfiguration

  init(_ a: PlacedSources, _ b: PlacedSources, _ configuration: MatchConfiguration) {
    (self.a, self.b, self.configuration) = (a, b, configuration)
  }

  /// Leaves out the pairs of oversized islands.
  /// - Parameters:
  ///   - islands: Those of all edges.
  ///   - complete: Where every source sees all its candidates; other sources may show pairs that are none.
  /// - Returns: Whether there are any.
  /// - Throws: What `stop` throws.
  func leaveOut(
    of edges: inout CandidateEdges, _ islands: Islands, complete: PixelRangeSet, stop: inout StopCheck
  ) throws -> Bool {
    // Nearly always no island is suspicious, and the search ends here.
    guard (0..<islands.count).contains(where: { isOversized(islands, $0) }) else { return false }
    let (seenA, seenB) = (isIn(complete, a), isIn(complete, b))
    var (ends, others): ([Int32], [Int32]) = ([], [])
    for edge in 0..<edges.count where seenA[Int(edges.a[edge])] && seenB[Int(edges.b[edge])] {
      ends.append(edges.a[edge])
      others.append(edges.b[edge])
    }
    let seen = try Islands.components(
      aCount: a.count, bCount: b.count, edgesA: ends, edgesB: others, stop: &stop)
    let oversized = (0..<seen.count).map { isOversized(seen, $0) }
    guard oversized.contains(true) else { return false }
    edges.leaveOut { i, j in oversized[Int(seen.islandOfA[i])] || oversized[Int(seen.islandOfB[j])] }
    return true
  }

  private func isIn(_ sky: PixelRangeSet, _ sources: PlacedSources) -> [Bool] {
    var sweep = AscendingSweep(sky)
    return sources.columns.healpix29.map { sweep.contains($0) }
  }

  /// Fewer pairs than these do not reach so far.
  private static let fewPairs = 100

  private func isOversized(_ islands: Islands, _ island: Int) -> Bool {
    let pairs = islands.edges(of: island).count
    if pairs > configuration.largestIslandPairs { return true }
    return pairs >= Self.fewPairs
      && extent(islands, island) > configuration.largestIslandArcsec / 206_264.806_247_096_36
  }

  /// The longest side of the box around the members on the unit sphere: no two of them are less far apart than that.
  private func extent(_ islands: Islands, _ island: Int) -> Double {
    var (low, high) = (SIMD3<Double>(repeating: .infinity), SIMD3<Double>(repeating: -.infinity))
    func take(_ sources: PlacedSources, _ members: ArraySlice<Int32>) {
      for member in members {
        let (ra, dec) = (sources.raDegrees[Int(member)] * .pi / 180, sources.decDegrees[Int(member)] * .pi / 180)
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
