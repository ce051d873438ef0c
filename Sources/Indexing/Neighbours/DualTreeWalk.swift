/// The walk down two trees at once that finds every pair of sources which may be within reach.
///
/// Both trees are descended in step, the taller first to the height of the other; pairs of boxes too far apart are dropped,
/// four at a time. What is left are pairs of leaves, compared eight sources at a time.
struct DualTreeWalk {
  private let a: TreePointers
  private let b: TreePointers

  /// Calls `body` with each candidate pair (index in a, index in b) once, in an order that depends on the trees alone. All
  /// pairs within reach are among them, and few others.
  static func run(_ a: BoundingBoxTree, _ b: BoundingBoxTree, _ body: (Int, Int) -> Void) {
    a.withPointers { a in
      b.withPointers { b in
        DualTreeWalk(a: a, b: b).visit(a.topLevel, 0, b.topLevel, 0, body)
      }
    }
  }

  /// Compares the boxes of two quads and goes on below those that may reach each other.
  private func visit(_ levelA: Int, _ quadA: Int, _ levelB: Int, _ quadB: Int, _ body: (Int, Int) -> Void) {
    if levelA < levelB { return visitBelowB(levelA, quadA, levelB, quadB, body) }
    let (boxesA, boxesB) = (a.quad(levelA, quadA), b.quad(levelB, quadB))
    for laneA in 0..<BoxQuad.size {
      let near = laneBits(boxesB.pointee.mayReach(boxesA.pointee[laneA]))
      if near == 0 { continue }
      let nodeA = quadA * BoxQuad.size + laneA
      if levelA > levelB {
        visit(levelA - 1, nodeA, levelB, quadB, body)
        continue
      }
      forEachBit(near) { laneB in
        let nodeB = quadB * BoxQuad.size + laneB
        if levelA == 0 {
          compareLeaves(nodeA, nodeB, body)
        } else {
          visit(levelA - 1, nodeA, levelB - 1, nodeB, body)
        }
      }
    }
  }

  /// The same while b's tree is the taller one.
  private func visitBelowB(_ levelA: Int, _ quadA: Int, _ levelB: Int, _ quadB: Int, _ body: (Int, Int) -> Void) {
    let (boxesA, boxesB) = (a.quad(levelA, quadA), b.quad(levelB, quadB))
    for laneB in 0..<BoxQuad.size where laneBits(boxesA.pointee.mayReach(boxesB.pointee[laneB])) != 0 {
      visit(levelA, quadA, levelB - 1, quadB * BoxQuad.size + laneB, body)
    }
  }

  /// Those of a's eight sources that may reach b's box, each against b's eight.
  @inline(__always)
  private func compareLeaves(_ leafA: Int, _ leafB: Int, _ body: (Int, Int) -> Void) {
    let box = b.quad(0, leafB / BoxQuad.size).pointee[leafB % BoxQuad.size]
    let x = gap(box.low.x - a.x[leafA], a.x[leafA] - box.high.x)
    let y = gap(box.low.y - a.y[leafA], a.y[leafA] - box.high.y)
    let z = gap(box.low.z - a.z[leafA], a.z[leafA] - box.high.z)
    let near = (x * x).addingProduct(y, y).addingProduct(z, z) .<= a.reach2[leafA] + box.reach2
    forEachBit(laneBits(near)) { compare(leafA * BoundingBoxTree.leafSize + $0, leafB, body) }
  }

  /// One source of a against the eight of a leaf of b.
  @inline(__always)
  private func compare(_ sourceA: Int, _ leafB: Int, _ body: (Int, Int) -> Void) {
    let x = b.x[leafB] - a.scalar(a.x, sourceA)
    let y = b.y[leafB] - a.scalar(a.y, sourceA)
    let z = b.z[leafB] - a.scalar(a.z, sourceA)
    let distance2 = (x * x).addingProduct(y, y).addingProduct(z, z)
    let near = distance2 .<= b.reach2[leafB] + a.scalar(a.reach2, sourceA)
    forEachBit(laneBits(near)) { body(sourceA, leafB * BoundingBoxTree.leafSize + $0) }
  }
}
