internal import Indexing

/// Builds a coverage map from exact counts.
///
/// 1. Pixels are divided while they hold at least `threshold` sources. What is left are leaves; children without
///    sources are holes.
/// 2. A leaf that touches no hole is covered wholly. The others lie on the border.
/// 3. For a border leaf the density of sources where the sky is covered is taken from the whole leaves around it, and
///    where there are none, from how its own sources fill cells (`Occupancy`). With it the leaf is divided further, until
///    a covered pixel of its size would hold fewer than `threshold` sources; the covered fraction of each part is its own
///    density over that density.
/// 4. Whole siblings are merged.
///
/// The counts alone decide, so the order of rows and the cut into shards do not matter.
public struct CoverageBuilder {
  /// A pixel with at least this many sources is divided. Grows with the catalogue so that a map has at most about half a
  /// million leaves before siblings are merged.
  public let threshold: Int64
  /// Counts the sources whose order-29 index lies in a range.
  private let count: (Range<Int64>) -> Int64

  /// Pixels are never divided beyond this order (0.2″).
  static let finestOrder = 20
  /// Wholly covered siblings are merged while they are finer than this (0.23°).
  static let finestWholeOrder = 8
  /// Densities from whole leaves count as local up to this many orders above a border leaf.
  private static let localOrders = 2
  /// Fewer sources than this say nothing about their density by themselves.
  private static let smallestSample: Int64 = 7

  /// A builder for a catalogue of `rows` sources.
  /// - Parameter count: The number of sources in a range of order-29 indices; asked O(leaves) times.
  public init(rows: Int64, count: @escaping (Range<Int64>) -> Int64) {
    threshold = max(32, rows / 125_000)
    self.count = count
  }

  /// The map.
  /// - Complexity: O(leaves · (log leaves + cost of a count)).
  public func build() -> CoverageMap {
    var leaves: [CoverageMap.Node] = []
    for pixel in HealpixPixel.basePixels { divide(pixel, count(pixel.range29), into: &leaves) }
    for index in leaves.indices { leaves[index].isBorder = touchesHole(leaves[index].pixel) }
    var known = KnownDensities(leaves.filter { !$0.isBorder })
    var densities = leaves.map { $0.isBorder ? localDensity(of: $0, known) : nil }
    // What is known now: whole leaves, and the border leaves with a density of their own.
    known = KnownDensities(zip(leaves, densities).compactMap { sample($0, density: $1) })
    let pooled = known.isEmpty ? pooledDensity(of: leaves) : nil
    for index in leaves.indices where leaves[index].isBorder && densities[index] == nil {
      densities[index] =
        pooled ?? known.density(around: leaves[index].pixel, orders: HealpixPixel.maximumOrder, atLeast: 1)
    }
    var nodes: [CoverageMap.Node] = []
    for (leaf, density) in zip(leaves, densities) {
      if leaf.isBorder { border(leaf, density, into: &nodes) } else { nodes.append(leaf) }
    }
    return CoverageMap(nodes: Self.merged(nodes))
  }

  private func divide(_ pixel: HealpixPixel, _ sources: Int64, into leaves: inout [CoverageMap.Node]) {
    if sources == 0 { return }
    if sources < threshold || pixel.order >= Self.finestOrder {
      leaves.append(CoverageMap.Node(pixel: pixel, count: sources, fraction: 1, isBorder: false))
      return
    }
    for child in pixel.children { divide(child, count(child.range29), into: &leaves) }
  }

  private func touchesHole(_ pixel: HealpixPixel) -> Bool {
    pixel.neighbours.contains { count($0.range29) == 0 }
  }

  // MARK: Densities, sources per deg²

  private func localDensity(of leaf: CoverageMap.Node, _ whole: KnownDensities) -> Double? {
    whole.density(around: leaf.pixel, orders: Self.localOrders, atLeast: 2 * threshold) ?? ownDensity(of: leaf)
  }

  private func ownDensity(of leaf: CoverageMap.Node) -> Double? {
    if leaf.count < Self.smallestSample { return nil }
    return Occupancy(of: [leaf], finestOrder: Self.finestOrder, count: count)?.density
  }

  /// The density of a catalogue so small that no leaf has one of its own: none was divided.
  private func pooledDensity(of leaves: [CoverageMap.Node]) -> Double? {
    let isHandful = leaves.reduce(0) { $0 + $1.count } < Self.smallestSample
    let finest = isHandful ? Self.finestWholeOrder : Self.finestOrder
    return Occupancy(of: leaves, finestOrder: finest, count: count)?.density
  }

  /// A leaf as a sample of known density: its area is that of its sources at that density.
  private func sample(_ leaf: CoverageMap.Node, density: Double?) -> CoverageMap.Node? {
    if !leaf.isBorder { return leaf }
    guard let density else { return nil }
    var leaf = leaf
    leaf.fraction = fraction(leaf, density)
    return leaf
  }

  private func fraction(_ leaf: CoverageMap.Node, _ density: Double) -> Double {
    min(1, Double(leaf.count) / (density * HealpixPixel.area(order: leaf.pixel.order)))
  }

  // MARK: Nodes

  /// Divides a border leaf to the resolution that the density allows. Of unknown density, it is taken for covered.
  private func border(_ leaf: CoverageMap.Node, _ density: Double?, into nodes: inout [CoverageMap.Node]) {
    let area = HealpixPixel.area(order: leaf.pixel.order)
    let density = density ?? Double(leaf.count) / area
    let expected = density * area
    if expected < Double(threshold) || leaf.pixel.order >= Self.finestOrder {
      nodes.append(
        CoverageMap.Node(pixel: leaf.pixel, count: leaf.count, fraction: fraction(leaf, density), isBorder: true))
      return
    }
    for child in leaf.pixel.children {
      let sources = count(child.range29)
      if sources > 0 {
        border(CoverageMap.Node(pixel: child, count: sources, fraction: 1, isBorder: true), density, into: &nodes)
      }
    }
  }

  /// Replaces four whole siblings by their parent, again and again.
  private static func merged(_ nodes: [CoverageMap.Node]) -> [CoverageMap.Node] {
    var stack: [CoverageMap.Node] = []
    for node in nodes {
      stack.append(node)
      while let parent = wholeParent(of: stack.suffix(4)) {
        stack.removeLast(4)
        stack.append(parent)
      }
    }
    return stack
  }

  private static func wholeParent(of four: ArraySlice<CoverageMap.Node>) -> CoverageMap.Node? {
    guard four.count == 4, let first = four.first, let last = four.last else { return nil }
    let order = first.pixel.order
    guard order > finestWholeOrder, last.pixel.order == order, first.pixel.index % 4 == 0,
      last.pixel.index == first.pixel.index + 3,
      four.allSatisfy({ $0.pixel.order == order && !$0.isBorder })
    else { return nil }
    return CoverageMap.Node(
      pixel: first.pixel.parent(order: order - 1), count: four.reduce(0) { $0 + $1.count }, fraction: 1, isBorder: false
    )
  }
}
