/// A part of the sky as sorted ranges of order-29 pixels: the shape of coverage maps, cones and the rows to be read.
///
/// The ranges are in order, disjoint and never adjacent, so equal sets are equal values. The same content as an IVOA
/// multi-order coverage map.
///
/// - Source: [Fernique2022], §4 (range form).
public struct PixelRangeSet: Sendable, Hashable {
  /// The ranges: sorted, disjoint, non-empty, with gaps between them.
  public let ranges: [Range<Int64>]

  /// Nothing.
  public init() { ranges = [] }

  /// The union of ranges in any order, overlapping or not.
  /// - Precondition: Each lies within 0 ..< 12 · 4²⁹.
  /// - Complexity: O(n log n); O(n) when they come sorted.
  public init(_ ranges: some Sequence<Range<Int64>>) {
    var pieces = ranges.filter { !$0.isEmpty }
    if !pieces.isSortedByLowerBound { pieces.sort { $0.lowerBound < $1.lowerBound } }
    var builder = Builder()
    for piece in pieces { builder.append(piece) }
    self = builder.finish()
    precondition(
      (self.ranges.first?.lowerBound ?? 0) >= 0 && (self.ranges.last?.upperBound ?? 0) <= Healpix29.count,
      "ranges of pixels reach beyond the 12 · 4²⁹ pixels of order 29")
  }

  /// The union of pixels of any orders.
  public init(pixels: some Sequence<HealpixPixel>) {
    self.init(pixels.map(\.range29))
  }

  /// For ranges already sorted, disjoint and apart.
  private init(canonical: [Range<Int64>]) { ranges = canonical }

  /// The whole sky.
  public static let wholeSky = PixelRangeSet([0..<Healpix29.count])

  /// Whether there is nothing in it.
  public var isEmpty: Bool { ranges.isEmpty }

  /// The number of order-29 pixels in it.
  public var pixelCount: Int64 { ranges.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) } }

  /// The area, square degrees.
  public var areaDegrees2: Double { Double(pixelCount) * (skyAreaDegrees2 / Double(Healpix29.count)) }
}

extension PixelRangeSet {
  /// Collects ranges that come sorted by their lower bounds and joins what overlaps or touches.
  struct Builder {
    private var done: [Range<Int64>] = []
    private var open: Range<Int64>?

    /// Adds a range that begins no earlier than the one before.
    mutating func append(_ range: Range<Int64>) {
      guard let current = open else {
        open = range
        return
      }
      if range.lowerBound <= current.upperBound {
        open = current.lowerBound..<max(current.upperBound, range.upperBound)
      } else {
        done.append(current)
        open = range
      }
    }

    /// The set of all that was added.
    consuming func finish() -> PixelRangeSet {
      var result = done
      if let open { result.append(open) }
      return PixelRangeSet(canonical: result)
    }
  }
}

extension [Range<Int64>] {
  /// Whether each range begins no earlier than the one before.
  fileprivate var isSortedByLowerBound: Bool {
    zip(self, dropFirst()).allSatisfy { $0.lowerBound <= $1.lowerBound }
  }
}
