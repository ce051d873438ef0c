internal import Indexing

/// Asks a part of the sky about indices that never fall: O(1) each, after O(ranges) in all.
struct AscendingSweep {
  private let ranges: [Range<Int64>]
  private var position = 0

  init(_ region: PixelRangeSet) { ranges = region.ranges }

  @inline(__always)
  mutating func contains(_ healpix29: Int64) -> Bool {
    while position < ranges.count, ranges[position].upperBound <= healpix29 { position += 1 }
    return position < ranges.count && ranges[position].lowerBound <= healpix29
  }
}
