public import Indexing

/// Where a catalogue has sources: disjoint pixels of several orders along the curve, with the number of sources in each
/// and the covered fraction of its area.
///
/// A pixel is divided while it holds at least `threshold` sources; a child without sources inside such a pixel is a hole
/// (were it covered, it would hold threshold/4 on average). A pixel that touches no hole counts as covered wholly. One
/// that does lies on the border: its fraction is its own density over that of the covered pixels around it.
/// Whole siblings are merged again up to `finestWholeOrder`, so the map's size follows the border, not the area.
public struct CoverageMap: Sendable, Equatable {
  /// One pixel of the map.
  public struct Node: Sendable, Equatable {
    /// The pixel.
    public var pixel: HealpixPixel
    /// Sources in it.
    public var count: Int64
    /// Covered part of its area, 0…1.
    public var fraction: Double
    /// It touches a hole or the outer border.
    public var isBorder: Bool

    /// Makes a node.
    public init(pixel: HealpixPixel, count: Int64, fraction: Double, isBorder: Bool) {
      self.pixel = pixel
      self.count = count
      self.fraction = fraction
      self.isBorder = isBorder
    }

    /// Covered area, deg².
    public var areaDegrees2: Double { HealpixPixel.area(order: pixel.order) * fraction }
  }

  /// The nodes along the curve, disjoint. Pixels without sources are absent.
  public let nodes: [Node]

  /// A map of nodes that are disjoint and in order.
  public init(nodes: [Node]) { self.nodes = nodes }

  /// Covered area, deg².
  public var areaDegrees2: Double { nodes.reduce(0) { $0 + $1.areaDegrees2 } }

  /// Sources over covered area, deg⁻²; 0 of an empty map.
  public var meanDensityPerDegree2: Double {
    let area = areaDegrees2
    return area > 0 ? nodes.reduce(0) { $0 + Double($1.count) } / area : 0
  }

  /// The position of the first node that ends beyond `healpix29`.
  public func firstNode(endingBeyond healpix29: Int64) -> Int {
    nodes.binarySearch { $0.pixel.range29.upperBound > healpix29 }
  }

  /// The node that contains an index.
  public func node(containing healpix29: Int64) -> Node? {
    let position = firstNode(endingBeyond: healpix29)
    guard position < nodes.count, nodes[position].pixel.range29.contains(healpix29) else { return nil }
    return nodes[position]
  }

  /// Whether any source lies in `range`.
  public func isOccupied(_ range: Range<Int64>) -> Bool {
    let position = firstNode(endingBeyond: range.lowerBound)
    return position < nodes.count && nodes[position].pixel.range29.lowerBound < range.upperBound
  }
}

/// Counts and area of the sky that two catalogues both cover.
public struct CommonCoverage: Sendable, Equatable {
  /// Covered by both, deg².
  public var areaDegrees2 = 0.0
  /// Expected number of sources of the first catalogue in it.
  public var countA = 0.0
  /// Likewise of the second.
  public var countB = 0.0

  /// Nothing.
  public init() {}

  /// Adds what another part of the sky has.
  public static func += (sum: inout CommonCoverage, part: CommonCoverage) {
    sum.areaDegrees2 += part.areaDegrees2
    sum.countA += part.countA
    sum.countB += part.countB
  }

  /// The common coverage of `a` and `b` inside `range`, summed along the curve.
  ///
  /// Where two nodes overlap the smaller one's pixel p is the overlap. Its covered area is A(p)·min(f_a, f_b): two
  /// borders in one pixel are taken to be the same border. A node's sources are spread over its covered area evenly.
  /// - Complexity: O(nodes in the range).
  public init(_ a: CoverageMap, _ b: CoverageMap, in range: Range<Int64>) {
    var i = a.firstNode(endingBeyond: range.lowerBound)
    var j = b.firstNode(endingBeyond: range.lowerBound)
    while i < a.nodes.count, j < b.nodes.count {
      let (nodeA, nodeB) = (a.nodes[i], b.nodes[j])
      let (rangeA, rangeB) = (nodeA.pixel.range29, nodeB.pixel.range29)
      let overlap = rangeA.clamped(to: rangeB).clamped(to: range)
      if overlap.lowerBound >= range.upperBound { return }
      if !overlap.isEmpty { add(nodeA, nodeB, share: overlap) }
      if min(rangeA.lowerBound, rangeB.lowerBound) >= range.upperBound { return }
      if rangeA.upperBound <= rangeB.upperBound { i += 1 } else { j += 1 }
    }
  }

  /// That of one node with another, of which `overlap` are the common indices.
  public init(_ a: CoverageMap.Node, _ b: CoverageMap.Node, _ overlap: Range<Int64>) { add(a, b, share: overlap) }

  private mutating func add(_ a: CoverageMap.Node, _ b: CoverageMap.Node, share overlap: Range<Int64>) {
    let fraction = min(a.fraction, b.fraction)
    let cells = Double(overlap.count)
    areaDegrees2 += HealpixPixel.area(order: 29) * cells * fraction
    func sources(_ node: CoverageMap.Node) -> Double {
      node.fraction > 0
        ? Double(node.count) * (cells / Double(node.pixel.range29.count)) * (fraction / node.fraction) : 0
    }
    countA += sources(a)
    countB += sources(b)
  }
}
