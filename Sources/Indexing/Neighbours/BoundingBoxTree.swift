import Glibc

/// Unit vectors in leaves of eight under an implicit tree of axis-aligned boxes.
///
/// Leaf k holds sources 8k … 8k + 7; node i of a level is the box around nodes 4i … 4i + 3 of the level below, which are the
/// quad i of that level. Nothing points anywhere: levels lie one after the other in one array of quads, built from the bottom
/// in one sweep. Boxes live in space, not on the sphere, so the poles and the meridian of right ascension 0 are places like
/// any other.
struct BoundingBoxTree: Sendable {
  /// Coordinates by leaf; lanes past the last source hold a point that is far from everything.
  private(set) var x: [SIMD8<Double>]
  private(set) var y: [SIMD8<Double>]
  private(set) var z: [SIMD8<Double>]
  /// Squared reaches by leaf, widened against rounding.
  private(set) var reach2: [SIMD8<Double>]
  /// The boxes of all levels, leaves first. The top level is one quad.
  private(set) var quads: [BoxQuad] = []
  /// Where each level begins in `quads`.
  private(set) var levelStart: [Int] = []

  /// Sources to a leaf: one vector of doubles.
  static let leafSize = 8
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
    buildQuads(count: raDegrees.count)
  }

  /// The square of a reach in radians, such that for every pair within reach, as the haversine formula finds it, the squared
  /// distance of the two rounded unit vectors is at most the sum of both widened squares.
  ///
  /// A chord is no longer than its arc s, and rounding moves the two vectors apart by less than ε = 10⁻¹⁴; then
  /// (s + ε)² ≤ s² (1 + δ) + ε² (1 + 1/δ), here with δ = 10⁻⁴. Reaches beyond π say no more than π.
  static func widenedSquare(reachArcsec: Double) -> Double {
    let reach = min(reachArcsec / arcsecondsPerRadian, .pi)
    return reach * reach * (1 + 1e-4) + 2e-24
  }

  private mutating func buildQuads(count: Int) {
    if count == 0 { return }
    quads.reserveCapacity(x.count / 3 + 16)
    var boxes = x.count
    appendLevel(of: boxes) { tree, leaf in
      tree.leafBox(leaf, count: min(Self.leafSize, count - leaf * Self.leafSize))
    }
    while boxes > BoxQuad.size {
      let below = levelStart[levelStart.count - 1]
      boxes = (boxes + BoxQuad.size - 1) / BoxQuad.size
      appendLevel(of: boxes) { tree, node in tree.quads[below + node].union }
    }
  }

  /// Adds a level of `count` boxes.
  @inline(__always)
  private mutating func appendLevel(of count: Int, _ box: (borrowing Self, Int) -> BoxQuad.Box) {
    levelStart.append(quads.count)
    for first in stride(from: 0, to: count, by: BoxQuad.size) {
      var quad = BoxQuad()
      for lane in 0..<min(BoxQuad.size, count - first) { quad[lane] = box(self, first + lane) }
      quads.append(quad)
    }
  }

  /// The box around the first `count` sources of a leaf.
  private func leafBox(_ leaf: Int, count: Int) -> BoxQuad.Box {
    let (x, y, z) = (x[leaf], y[leaf], z[leaf])
    var box = BoxQuad.Box(
      low: SIMD3(x[0], y[0], z[0]), high: SIMD3(x[0], y[0], z[0]), reach2: reach2[leaf].max())
    for lane in 1..<max(1, count) {
      let point = SIMD3(x[lane], y[lane], z[lane])
      box.low.replace(with: point, where: point .< box.low)
      box.high.replace(with: point, where: point .> box.high)
    }
    return box
  }
}
