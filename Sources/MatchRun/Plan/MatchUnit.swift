internal import CatalogStore
public import Indexing

/// A unit of work: it owns the islands whose first member lies in its pixel.
public struct MatchUnit: Sendable, Hashable {
  /// Position along the curve.
  public let position: Int
  /// The pixel.
  public let pixel: HealpixPixel

  /// Divides the sky that either catalogue covers into pixels of at most about `sourcesPerUnit` sources of both.
  ///
  /// A unit's pixel is never so small that a candidate pair could reach across it.
  static func units(_ a: CoverageMap, _ b: CoverageMap, sourcesPerUnit: Double, reach: Angle) -> [MatchUnit] {
    let finest = HealpixGeometry.safeOrder(reach: reach) ?? 0
    let (countsA, countsB) = (SourceCounts(a), SourceCounts(b))
    var pixels: [HealpixPixel] = []
    func divide(_ pixel: HealpixPixel) {
      let range = pixel.range29
      if !a.isOccupied(range) && !b.isOccupied(range) { return }
      if pixel.order >= finest || countsA.count(in: range) + countsB.count(in: range) <= sourcesPerUnit {
        pixels.append(pixel)
      } else {
        pixel.children.forEach(divide)
      }
    }
    HealpixPixel.basePixels.forEach(divide)
    return pixels.enumerated().map { MatchUnit(position: $0, pixel: $1) }
  }
}

/// Counts of a coverage map in any range, by prefix sums; a node's sources are spread evenly over its pixel.
struct SourceCounts {
  private let map: CoverageMap
  private var before: [Double] = [0]

  init(_ map: CoverageMap) {
    self.map = map
    before.reserveCapacity(map.nodes.count + 1)
    for node in map.nodes { before.append(before[before.count - 1] + Double(node.count)) }
  }

  func count(in range: Range<Int64>) -> Double { count(before: range.upperBound) - count(before: range.lowerBound) }

  private func count(before healpix29: Int64) -> Double {
    let position = map.firstNode(endingBeyond: healpix29)
    guard position < map.nodes.count else { return before[position] }
    let node = map.nodes[position]
    let range = node.pixel.range29
    guard healpix29 > range.lowerBound else { return before[position] }
    return before[position] + Double(node.count) * Double(healpix29 - range.lowerBound) / Double(range.count)
  }
}
