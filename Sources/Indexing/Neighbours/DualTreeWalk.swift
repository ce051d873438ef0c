/// The walk down two trees at once that finds every pair of sources which may be within reach.
///
/// Both trees are descended in step, the taller first to the height of the other; pairs of boxes too far apart are dropped,
/// four at a time. What is left are pairs of leaves, compared eight sources at a time.
struct DualTreeWalk {
  private let a: TreePointers
  private let b: TreePointers
  private var stop: StopCheck

  /// What comparing two leaves counts for: some tens of pairs.
  private static let stepsPerLeaf = 16

  /// Calls `body` with each candidate pair (index in a, index in b) once, in an order that depends on the trees alone. All
  /// pairs within reach are among them, and few others. It ends when `body` returns false.
  /// - Throws: What `stop` throws.
  static func run(
    _ a: BoundingBoxTree, _ b: BoundingBoxTree, stop: inout StopCheck, _ body: (Int, Int) -> Bool
  ) throws {
    try a.withPointers { a in
      try b.withPointers { b in
        var walk = DualTreeWalk(a: a, b: b, stop: stop)
        defer { stop = walk.stop }
        _ = try walk.visit(a.topLevel, 0, b.topLevel, 0, body)
      }
    }
  }

  /// Compares the boxes of two quads and goes on below those that may reach each other.
  private mutating func visit(
    _ levelA: Int, _ quadA: Int, _ levelB: Int, _ quadB: Int, _ body: (Int, Int) -> Bool
  ) throws -> Bool {
    if levelA < levelB { return try visitBelowB(levelA, quadA, levelB, quadB, body) }
    let (boxesA, boxesB) = (a.quad(levelA, quadA), b.quad(levelB, quadB))
    for laneA in 0..<BoxQuad.size {
      var near = laneBits(boxesB.pointee.mayReach(boxesA.pointee[laneA]))
      if near == 0 { continue }
      let nodeA = quadA * BoxQuad.size + laneA
      if levelA > levelB {
        guard try visit(levelA - 1, nodeA, levelB, quadB, body) else { return false }
        continue
      }
      while near != 0 {
        let nodeB = quadB * BoxQuad.size + near.trailingZeroBitCount
        near &= near - 1
        let goesOn =
          try levelA == 0 ? compareLeaves(nodeA, nodeB, body) : visit(levelA - 1, nodeA, levelB - 1, nodeB, body)
        guard goesOn else { return false }
      }
    }
    return true
  }

  /// The same while b's tree is the taller one.
  private mutating func visitBelowB(
    _ levelA: Int, _ quadA: Int, _ levelB: Int, _ quadB: Int, _ body: (Int, Int) -> Bool
  ) throws -> Bool {
    let (boxesA, boxesB) = (a.quad(levelA, quadA), b.quad(levelB, quadB))
    for laneB in 0..<BoxQuad.size where laneBits(boxesA.pointee.mayReach(boxesB.pointee[laneB])) != 0 {
      guard try visit(levelA, quadA, levelB - 1, quadB * BoxQuad.size + laneB, body) else { return false }
    }
    return true
  }

  /// Those of a's eight sources that may reach b's box, each against b's eight.
  @inline(__always)
  private mutating func compareLeaves(_ leafA: Int, _ leafB: Int, _ body: (Int, Int) -> Bool) throws -> Bool {
    try stop.after(steps: Self.stepsPerLeaf)
    let box = b.quad(0, leafB / BoxQuad.size).pointee[leafB % BoxQuad.size]
    let x = gap(box.low.x - a.x[leafA], a.x[leafA] - box.high.x)
    let y = gap(box.low.y - a.y[leafA], a.y[leafA] - box.high.y)
    let z = gap(box.low.z - a.z[leafA], a.z[leafA] - box.high.z)
    var near = laneBits((x * x).addingProduct(y, y).addingProduct(z, z) .<= a.reach2[leafA] + box.reach2)
    while near != 0 {
      guard compare(leafA * BoundingBoxTree.leafSize + near.trailingZeroBitCount, leafB, body) else { return false }
      near &= near - 1
    }
    return true
  }

  /// One source of a against the eight of a leaf of b.
  @inline(__always)
  private func compare(_ sourceA: Int, _ leafB: Int, _ body: (Int, Int) -> Bool) -> Bool {
    let x = b.x[leafB] - a.scalar(a.x, sourceA)
    let y = b.y[leafB] - a.scalar(a.y, sourceA)
    let z = b.z[leafB] - a.scalar(a.z, sourceA)
    let distance2 = (x * x).addingProduct(y, y).addingProduct(z, z)
    var near = laneBits(distance2 .<= b.reach2[leafB] + a.scalar(a.reach2, sourceA))
    while near != 0 {
      guard body(sourceA, leafB * BoundingBoxTree.leafSize + near.trailingZeroBitCount) else { return false }
      near &= near - 1
    }
    return true
  }
}
