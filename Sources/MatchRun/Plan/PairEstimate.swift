internal import CatalogStore
internal import Indexing

/// Candidate pairs to expect in a part of the sky, by the coverage maps of both catalogues.
///
/// Where a map resolves how sources lie, pairs are expected node by node: n_A n_B / area, times the area in which a stranger is
/// a candidate. Nodes smaller than that area are taken together, and within it every source is every other's candidate.
/// Heaps of equal positions are so seen as what they are, down to the finest pixels of a map, if they hold enough sources
/// for a map to divide (docs/format.md).
struct PairEstimate {
  /// Pairs that are held: chance ones, and half of the sparser catalogue for counterparts.
  private(set) var pairs = 0.0
  /// Sources with more candidates than are weighed. Their pairs are not held, but it takes time to find so many.
  private(set) var crowded = 0.0

  private let area: Double
  private let most: Double
  private let order: Int
  private var pixel: Int64 = -1
  private var cell = Cell()
  private var pairedA = 0.0
  private var pairedB = 0.0

  private struct Cell {
    var a = 0.0
    var b = 0.0
    var areaDegrees2 = 0.0
  }

  /// The share of the sources of the sparser catalogue that have a counterpart, for want of anything better.
  private static let matchedShare = 0.5

  /// - Parameters:
  ///   - range: Of order-29 indices.
  ///   - pairAreaDegrees2: The area around a source in which a stranger is a candidate.
  ///   - most: Candidates that a source may have.
  /// - Complexity: O(nodes in the range).
  init(_ a: CoverageMap, _ b: CoverageMap, in range: Range<Int64>, pairAreaDegrees2: Double, most: Int) {
    area = pairAreaDegrees2
    self.most = Double(most)
    order =
      (0...HealpixPixel.maximumOrder).first { HealpixPixel.area(order: $0) <= pairAreaDegrees2 }
      ?? HealpixPixel.maximumOrder
    var i = a.firstNode(endingBeyond: range.lowerBound)
    var j = b.firstNode(endingBeyond: range.lowerBound)
    while i < a.nodes.count, j < b.nodes.count {
      let (rangeA, rangeB) = (a.nodes[i].pixel.range29, b.nodes[j].pixel.range29)
      let overlap = rangeA.clamped(to: rangeB).clamped(to: range)
      if min(rangeA.lowerBound, rangeB.lowerBound) >= range.upperBound { break }
      if !overlap.isEmpty { add(a.nodes[i], b.nodes[j], overlap) }
      if rangeA.upperBound <= rangeB.upperBound { i += 1 } else { j += 1 }
    }
    close()
    pairs += Self.matchedShare * min(pairedA, pairedB)
  }

  private mutating func add(_ a: CoverageMap.Node, _ b: CoverageMap.Node, _ overlap: Range<Int64>) {
    let parent = HealpixPixel(healpix29: overlap.lowerBound, order: order).index
    // A node that is not smaller than the area stands for itself.
    let isSmall = max(a.pixel.order, b.pixel.order) > order
    if !isSmall || parent != pixel { close() }
    pixel = isSmall ? parent : -1
    let common = CommonCoverage(a, b, overlap)
    cell.a += common.countA
    cell.b += common.countB
    cell.areaDegrees2 += common.areaDegrees2
  }

  private mutating func close() {
    defer { cell = Cell() }
    guard cell.areaDegrees2 > 0 else { return }
    let share = min(1, area / cell.areaDegrees2)
    let (isCrowdedA, isCrowdedB) = (cell.b * share > most, cell.a * share > most)
    if isCrowdedA { crowded += cell.a }
    if isCrowdedB { crowded += cell.b }
    if isCrowdedA || isCrowdedB { return }
    pairs += cell.a * cell.b * share
    pairedA += cell.a
    pairedB += cell.b
  }
}
