extension PairSearch {
  /// For each source of `a`, the nearest source of `b` and their separation in arcsec, whatever the distance.
  ///
  /// Reaches play no part. Of several at the same separation the first in `b` is taken; index −1 and infinity if `b` is
  /// empty. Separations are compared as `separation` gives them, as in a brute-force search.
  ///
  /// - Complexity: About O(n log m) for sets sorted along the HEALPix curve.
  public static func nearest(of a: PositionSet, in b: PositionSet) -> (index: [Int32], separationArcsec: [Double]) {
    var result = (
      index: [Int32](repeating: -1, count: a.count), separationArcsec: [Double](repeating: .infinity, count: a.count)
    )
    b.tree.withPointers { tree in
      for i in 0..<a.count {
        var search = NearestSearch(a: a, source: i, b: b, tree: tree)
        // Neighbours have near neighbours: the answer before this one is a good first guess.
        search.offer(i > 0 ? Int(result.index[i - 1]) : 0)
        search.visit(tree.topLevel, 0)
        result.index[i] = Int32(truncatingIfNeeded: search.index)
        result.separationArcsec[i] = search.separationArcsec
      }
    }
    return result
  }
}

/// The descent of b's tree for the source nearest to one of a: nearer boxes first, and none beyond the best yet.
private struct NearestSearch {
  // Not counted: `nearest(of:in:)` holds both sets for as long as any search lives, and counting would cost a search's worth.
  private unowned(unsafe) let a: PositionSet
  private unowned(unsafe) let b: PositionSet
  private let source: Int
  private let tree: TreePointers
  private let point: SIMD3<Double>
  private(set) var index = Int.max
  private(set) var separationArcsec = Double.infinity
  /// The squared distance of unit vectors, rounding allowed for, beyond which nothing can be as near as the best yet. At
  /// first beyond all of the sphere.
  private var limit = 5.0

  init(a: PositionSet, source: Int, b: PositionSet, tree: TreePointers) {
    (self.a, self.source, self.b, self.tree) = (a, source, b, tree)
    let (leaf, lane) = (source / BoundingBoxTree.leafSize, source % BoundingBoxTree.leafSize)
    point = SIMD3(a.tree.x[leaf][lane], a.tree.y[leaf][lane], a.tree.z[leaf][lane])
  }

  /// Takes a source of b as the best if it is nearer, or as near and earlier.
  mutating func offer(_ candidate: Int) {
    let distance = a.separationArcsec(source, b, candidate)
    guard distance < separationArcsec || (distance == separationArcsec && candidate < index) else { return }
    (index, separationArcsec) = (candidate, distance)
    limit = BoundingBoxTree.widenedSquare(reachArcsec: distance)
  }

  mutating func visit(_ level: Int, _ quad: Int) {
    var distance2 = tree.quad(level, quad).pointee.distance2(low: point, high: point)
    for _ in 0..<BoxQuad.size {
      let nearest = distance2.min()
      guard nearest <= limit else { return }
      var lane = 0
      while distance2[lane] != nearest { lane += 1 }
      distance2[lane] = .infinity
      let node = quad * BoxQuad.size + lane
      if level == 0 { compareLeaf(node) } else { visit(level - 1, node) }
    }
  }

  private mutating func compareLeaf(_ leaf: Int) {
    let dx = tree.x[leaf] - point.x
    let dy = tree.y[leaf] - point.y
    let dz = tree.z[leaf] - point.z
    let square = (dx * dx).addingProduct(dy, dy).addingProduct(dz, dz)
    forEachBit(laneBits(square .<= limit)) { offer(leaf * BoundingBoxTree.leafSize + $0) }
  }
}
