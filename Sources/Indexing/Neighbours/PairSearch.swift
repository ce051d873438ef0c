/// The search for all pairs of neighbours between two sets of positions.
public enum PairSearch {
  /// All pairs (i, j) whose separation is at most √(reachA[i]² + reachB[j]²), sorted by i, then j.
  ///
  /// Exactly the pairs of a brute-force search with `separation` and `radiusArcsec`: the trees only leave out what lies
  /// beyond reach by more than rounding. For one fixed radius give it to one set and 0 to the other.
  ///
  /// - Complexity: About O(n + m + pairs) for sets sorted along the HEALPix curve.
  public static func pairs(a: PositionSet, b: PositionSet) -> NeighbourPairs {
    var found = NeighbourPairs()
    forEachPair(a: a, b: b) { found.append(Int32(truncatingIfNeeded: $0), Int32(truncatingIfNeeded: $1), $2) }
    return found.sorted(countA: a.count, countB: b.count)
  }

  /// Calls `body` once for each of the same pairs with (i, j, separation in arcsec), storing nothing.
  ///
  /// The order depends only on the two sets; it is close to their own, but not sorted.
  public static func forEachPair(a: PositionSet, b: PositionSet, _ body: (Int, Int, Double) -> Void) {
    DualTreeWalk.run(a.tree, b.tree) { i, j in
      let separation = a.separationArcsec(i, b, j)
      if separation <= radiusArcsec(a.reachArcsec[i], b.reachArcsec[j]) { body(i, j, separation) }
    }
  }

  /// The largest separation at which sources of two reaches are a pair, arcsec: √(a² + b²).
  @inline(__always)
  public static func radiusArcsec(_ reachA: Double, _ reachB: Double) -> Double {
    (reachA * reachA + reachB * reachB).squareRoot()
  }
}
