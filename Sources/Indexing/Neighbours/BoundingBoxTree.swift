import Glibc

/// Unit vectors in leaves of eight under an implicit tree of axis-aligned boxes.
///
/// Leaf k holds sources 8k … 8k + 7; node i of a level holds nodes 4i … 4i + 3 of the level below. Nothing points anywhere:
/// levels lie one after the other in one array, built from the bottom in one sweep each. Boxes live in space, not on the
/// sphere, so poles and the meridian of right ascension 0 are places like any other.
struct BoundingBoxTree: Sendable {
  /// Coordinates by leaf; lanes past the last source hold a point that is far from everything.
  private(set) var x: [SIMD8<Double>]
  private(set) var y: [SIMD8<Double>]
  private(set) var z: [SIMD8<Double>]
  /// Squared reaches by leaf, widened against rounding.
  private(set) var reach2: [SIMD8<Double>]
  /// Boxes and largest squared reaches of all levels, leaves first.
  private(set) var nodes: [Node] = []
  /// Where each level begins in `nodes`, and the end of the last one.
  private(set) var levelStart: [Int] = [0]

  /// An axis-aligned box (fourth lanes 0) and the largest squared reach of the sources in it.
  struct Node: Sendable {
    var low: SIMD4<Double>
    var high: SIMD4<Double>
    var reach2: Double
  }

  /// Sources to a leaf: one vector of doubles.
  static let leafSize = 8
  /// Nodes to a parent.
  static let fanout = 4
  /// A coordinate that no reach attains.
  private static let farAway = 1e6

  init(raDegrees: [Double], decDegrees: [Double], cosDec: [Double], reachArcsec: [Double]) {
    let leaves = (raDegrees.count + Self.leafSize - 1) / Self.leafSize
    let far = SIMD8<Double>(repeating: Self.farAway)
    x = [SIMD8<Double>](repeating: far, count: leaves)
    y = x
    z = x
    reach2 = [SIMD8<Double>](repeating: .zero, count: leaves)
    for i in raDegrees.indices {
      let (ra, dec, reach) = (raDegrees[i], decDegrees[i], reachArcsec[i])
      precondition(
        ra.isFinite && abs(dec) <= 90 && reach >= 0 && reach.isFinite,
        "source \(i) at \(ra), \(dec) with a reach of \(reach) arcsec cannot be searched")
      let (leaf, lane) = (i / Self.leafSize, i % Self.leafSize)
      x[leaf][lane] = cosDec[i] * cos(ra * radiansPerDegree)
      y[leaf][lane] = cosDec[i] * sin(ra * radiansPerDegree)
      z[leaf][lane] = sin(dec * radiansPerDegree)
      reach2[leaf][lane] = Self.widenedSquare(reachArcsec: reach)
    }
    buildLeaves(count: raDegrees.count)
    while levelCount(levels - 1) > 1 { buildParents() }
  }

  /// The square of a reach in radians, such that for every pair within reach, as the haversine formula finds it, the squared
  /// distance of the two rounded unit vectors is at most the sum of both widened squares.
  ///
  /// A chord is no longer than its arc s, and rounding moves the two vectors apart by less than ε = 10⁻¹⁴; then
  /// (s + ε)² ≤ s² (1 + δ) + ε² (1 + 1/δ), here with δ = 10⁻⁴. Reaches beyond π say no more than π.
  private static func widenedSquare(reachArcsec: Double) -> Double {
    let reach = min(reachArcsec / arcsecondsPerRadian, .pi)
    return reach * reach * (1 + 1e-4) + 1e-24
  }

  private mutating func buildLeaves(count: Int) {
    nodes.reserveCapacity(x.count + x.count / 3 + 16)
    for leaf in x.indices {
      var node = Node(low: SIMD4(repeating: .infinity), high: SIMD4(repeating: -.infinity), reach2: 0)
      for lane in 0..<min(Self.leafSize, count - leaf * Self.leafSize) {
        let point = SIMD4(x[leaf][lane], y[leaf][lane], z[leaf][lane], 0)
        node.include(Node(low: point, high: point, reach2: reach2[leaf][lane]))
      }
      nodes.append(node)
    }
    levelStart.append(nodes.count)
  }

  private mutating func buildParents() {
    let children = levelStart[levels - 1]..<levelStart[levels]
    for first in stride(from: children.lowerBound, to: children.upperBound, by: Self.fanout) {
      var node = nodes[first]
      for child in first + 1..<max(first + 1, min(first + Self.fanout, children.upperBound)) {
        node.include(nodes[child])
      }
      nodes.append(node)
    }
    levelStart.append(nodes.count)
  }

  /// The number of levels; the last has one node, or none in an empty tree.
  var levels: Int { levelStart.count - 1 }

  /// The number of nodes of a level.
  func levelCount(_ level: Int) -> Int { levelStart[level + 1] - levelStart[level] }
}

extension BoundingBoxTree.Node {
  /// Grows the box around another.
  @inline(__always)
  mutating func include(_ other: BoundingBoxTree.Node) {
    low.replace(with: other.low, where: other.low .< low)
    high.replace(with: other.high, where: other.high .> high)
    reach2 = max(reach2, other.reach2)
  }

  /// Whether a source of this box may be within reach of one of the other's.
  @inline(__always)
  func mayReach(_ other: BoundingBoxTree.Node) -> Bool {
    var gap = other.low - high
    let opposite = low - other.high
    gap.replace(with: opposite, where: opposite .> gap)
    gap.replace(with: 0, where: gap .< 0)
    let square = gap * gap
    return square.x + square.y + square.z <= reach2 + other.reach2
  }
}
