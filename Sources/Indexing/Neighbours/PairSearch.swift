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
    forEachPair(a: a, b: b) { i, j, separation in
      found.append(Int32(truncatingIfNeeded: i), Int32(truncatingIfNeeded: j), separation)
    }
    return found.sorted(countA: a.count, countB: b.count)
  }

  /// Calls `body` once for each of the same pairs with (i, j, separation in arcsec), storing nothing.
  ///
  /// The order depends only on the two sets; it is close to their own, but not sorted.
  public static func forEachPair(a: PositionSet, b: PositionSet, _ body: (Int, Int, Double) -> Void) {
    var never = StopCheck.never
    // `never` throws nothing.
    try? forEachPair(a: a, b: b, stop: &never) { i, j, separation in
      body(i, j, separation)
      return true
    }
  }

  /// The same, until `body` returns false.
  /// - Throws: What `stop` throws.
  public static func forEachPair(
    a: PositionSet, b: PositionSet, stop: inout StopCheck, _ body: (Int, Int, Double) -> Bool
  ) throws {
    try DualTreeWalk.run(a.tree, b.tree, stop: &stop) { i, j in
      let separation = a.separationArcsec(i, b, j)
      return separation > radiusArcsec(a.reachArcsec[i], b.reachArcsec[j]) || body(i, j, separation)
    }
  }

  /// Calls `body` with the neighbours of one source of `a` after another, each once with its separation in arcsec, until
  /// it returns false: then the next source has its turn. Nothing is stored, so that a source with millions of neighbours
  /// can be left as soon as it has enough.
  ///
  /// The neighbours of a source come in no particular order.
  /// - Parameter isWanted: Which sources of `a` are searched for.
  /// - Throws: What `stop` throws.
  /// - Complexity: About O(log m + pairs shown) for each source.
  public static func forEachNeighbour(
    of a: PositionSet, in b: PositionSet, isWanted: (Int) -> Bool = { _ in true }, stop: inout StopCheck,
    _ body: (Int, Int, Double) -> Bool
  ) throws {
    try b.tree.withPointers { tree in
      for i in 0..<a.count where isWanted(i) {
        var descent = NeighbourDescent(a: a, source: i, tree: tree)
        _ = descent.visit(tree.topLevel, 0) { j in
          let separation = a.separationArcsec(i, b, j)
          return separation > radiusArcsec(a.reachArcsec[i], b.reachArcsec[j]) || body(i, j, separation)
        }
        try stop.after(steps: 8 + descent.compared)
      }
    }
  }

  /// The largest separation at which sources of two reaches are a pair, arcsec: √(a² + b²).
  @inline(__always)
  public static func radiusArcsec(_ reachA: Double, _ reachB: Double) -> Double {
    (reachA * reachA + reachB * reachB).squareRoot()
  }
}

/// The descent of b's tree for the sources within reach of one of a.
private struct NeighbourDescent {
  private let tree: TreePointers
  private let point: SIMD3<Double>
  private let reach2: Double
  /// Sources of b that were compared.
  private(set) var compared = 0

  init(a: PositionSet, source: Int, tree: TreePointers) {
    self.tree = tree
    let (leaf, lane) = (source / BoundingBoxTree.leafSize, source % BoundingBoxTree.leafSize)
    point = SIMD3(a.tree.x[leaf][lane], a.tree.y[leaf][lane], a.tree.z[leaf][lane])
    reach2 = a.tree.reach2[leaf][lane]
  }

  /// - Returns: Whether `body` wants more.
  mutating func visit(_ level: Int, _ quad: Int, _ body: (Int) -> Bool) -> Bool {
    let boxes = tree.quad(level, quad)
    var near = laneBits(boxes.pointee.distance2(low: point, high: point) .<= boxes.pointee.reach2 + reach2)
    while near != 0 {
      let node = quad * BoxQuad.size + near.trailingZeroBitCount
      near &= near - 1
      guard level == 0 ? compareLeaf(node, body) : visit(level - 1, node, body) else { return false }
    }
    return true
  }

  private mutating func compareLeaf(_ leaf: Int, _ body: (Int) -> Bool) -> Bool {
    let x = tree.x[leaf] - point.x
    let y = tree.y[leaf] - point.y
    let z = tree.z[leaf] - point.z
    compared += BoundingBoxTree.leafSize
    let distance2 = (x * x).addingProduct(y, y).addingProduct(z, z)
    var near = laneBits(distance2 .<= tree.reach2[leaf] + reach2)
    while near != 0 {
      guard body(leaf * BoundingBoxTree.leafSize + near.trailingZeroBitCount) else { return false }
      near &= near - 1
    }
    return true
  }
}
