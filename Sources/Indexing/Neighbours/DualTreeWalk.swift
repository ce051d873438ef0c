/// The walk down two trees at once that finds every pair of sources which may be within reach.
///
/// Both trees are descended in step, the taller first to the height of the other; pairs of boxes too far apart are dropped.
/// What is left are pairs of leaves, compared eight sources at a time. Unsafe pointers, because this is the inner loop of
/// every match; they live within `run`.
struct DualTreeWalk {
  private let a: TreePointers
  private let b: TreePointers

  /// Calls `body` with each candidate pair (index in a, index in b) once, in an order that depends on the trees alone. All
  /// pairs within reach are among them, and few others.
  static func run(_ a: BoundingBoxTree, _ b: BoundingBoxTree, _ body: (Int, Int) -> Void) {
    guard !a.nodes.isEmpty, !b.nodes.isEmpty else { return }
    a.withPointers { a in
      b.withPointers { b in
        let walk = DualTreeWalk(a: a, b: b)
        let (topA, topB) = (a.levels - 1, b.levels - 1)
        if a.node(topA, 0).mayReach(b.node(topB, 0)) { walk.visit(topA, 0, topB, 0, body) }
      }
    }
  }

  /// Two nodes whose boxes may reach each other.
  private func visit(_ levelA: Int, _ indexA: Int, _ levelB: Int, _ indexB: Int, _ body: (Int, Int) -> Void) {
    if levelA == 0 && levelB == 0 { return compareLeaves(indexA, indexB, body) }
    if levelA < levelB {
      let node = a.node(levelA, indexA)
      for child in b.children(levelB, indexB) where node.mayReach(b.node(levelB - 1, child)) {
        visit(levelA, indexA, levelB - 1, child, body)
      }
      return
    }
    let other = b.node(levelB, indexB)
    for child in a.children(levelA, indexA) {
      let node = a.node(levelA - 1, child)
      guard node.mayReach(other) else { continue }
      if levelA > levelB {
        visit(levelA - 1, child, levelB, indexB, body)
      } else {
        for otherChild in b.children(levelB, indexB) where node.mayReach(b.node(levelB - 1, otherChild)) {
          visit(levelA - 1, child, levelB - 1, otherChild, body)
        }
      }
    }
  }

  /// Those of a's eight sources that may reach b's box, each against b's eight.
  @inline(__always)
  private func compareLeaves(_ leafA: Int, _ leafB: Int, _ body: (Int, Int) -> Void) {
    let box = b.node(0, leafB)
    var outside = square(gap(a.x[leafA], box.low.x, box.high.x))
    outside.addProduct(gap(a.y[leafA], box.low.y, box.high.y), gap(a.y[leafA], box.low.y, box.high.y))
    outside.addProduct(gap(a.z[leafA], box.low.z, box.high.z), gap(a.z[leafA], box.low.z, box.high.z))
    let near = outside .<= a.reach2[leafA] + box.reach2
    guard any(near) else { return }
    for lane in 0..<BoundingBoxTree.leafSize where near[lane] {
      compare(leafA * BoundingBoxTree.leafSize + lane, leafB, body)
    }
  }

  /// One source of a against the eight of a leaf of b.
  @inline(__always)
  private func compare(_ sourceA: Int, _ leafB: Int, _ body: (Int, Int) -> Void) {
    let dx = b.x[leafB] - a.scalar(a.x, sourceA)
    let dy = b.y[leafB] - a.scalar(a.y, sourceA)
    let dz = b.z[leafB] - a.scalar(a.z, sourceA)
    let distance2 = (dx * dx).addingProduct(dy, dy).addingProduct(dz, dz)
    let near = distance2 .<= b.reach2[leafB] + a.scalar(a.reach2, sourceA)
    guard any(near) else { return }
    for lane in 0..<BoundingBoxTree.leafSize where near[lane] {
      body(sourceA, leafB * BoundingBoxTree.leafSize + lane)
    }
  }
}

/// How far eight coordinates lie outside an interval; 0 inside.
@inline(__always)
private func gap(_ values: SIMD8<Double>, _ low: Double, _ high: Double) -> SIMD8<Double> {
  var gap = low - values
  let above = values - high
  gap.replace(with: above, where: above .> gap)
  gap.replace(with: 0, where: gap .< 0)
  return gap
}

@inline(__always)
private func square(_ values: SIMD8<Double>) -> SIMD8<Double> { values * values }

/// A tree's arrays as bare pointers, for as long as `withPointers` runs.
struct TreePointers {
  let x: UnsafePointer<SIMD8<Double>>
  let y: UnsafePointer<SIMD8<Double>>
  let z: UnsafePointer<SIMD8<Double>>
  let reach2: UnsafePointer<SIMD8<Double>>
  let nodes: UnsafePointer<BoundingBoxTree.Node>
  let levelStart: UnsafePointer<Int>
  let levels: Int

  @inline(__always)
  func node(_ level: Int, _ index: Int) -> BoundingBoxTree.Node { nodes[levelStart[level] + index] }

  /// The children's indices in the level below.
  @inline(__always)
  func children(_ level: Int, _ index: Int) -> Range<Int> {
    let first = index * BoundingBoxTree.fanout
    return first..<min(first + BoundingBoxTree.fanout, levelStart[level] - levelStart[level - 1])
  }

  /// One coordinate of one source.
  @inline(__always)
  func scalar(_ values: UnsafePointer<SIMD8<Double>>, _ source: Int) -> Double {
    UnsafeRawPointer(values).load(fromByteOffset: source * MemoryLayout<Double>.stride, as: Double.self)
  }
}

extension BoundingBoxTree {
  /// Runs `body` with the arrays as pointers.
  /// - Precondition: The tree is not empty.
  func withPointers<Result>(_ body: (TreePointers) -> Result) -> Result {
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        z.withUnsafeBufferPointer { z in
          reach2.withUnsafeBufferPointer { reach2 in
            nodes.withUnsafeBufferPointer { nodes in
              levelStart.withUnsafeBufferPointer { start in
                body(
                  TreePointers(
                    x: x.baseAddress!, y: y.baseAddress!, z: z.baseAddress!, reach2: reach2.baseAddress!,
                    nodes: nodes.baseAddress!, levelStart: start.baseAddress!, levels: levels))
              }
            }
          }
        }
      }
    }
  }
}
