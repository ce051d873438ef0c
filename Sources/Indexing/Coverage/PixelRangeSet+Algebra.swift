extension PixelRangeSet {
  /// The place of the first range that ends after `healpix29`. O(log n).
  private func firstRange(endingAfter healpix29: Int64) -> Int {
    ranges.binarySearch { $0.upperBound > healpix29 }
  }

  /// Whether an order-29 pixel is in the set. O(log n).
  public func contains(_ healpix29: Int64) -> Bool {
    let place = firstRange(endingAfter: healpix29)
    return place < ranges.count && ranges[place].lowerBound <= healpix29
  }

  /// Whether all of a range is in the set; true for an empty one. O(log n).
  public func contains(_ range: Range<Int64>) -> Bool {
    if range.isEmpty { return true }
    let place = firstRange(endingAfter: range.lowerBound)
    return place < ranges.count && ranges[place].lowerBound <= range.lowerBound
      && ranges[place].upperBound >= range.upperBound
  }

  /// Whether any of a range is in the set. O(log n).
  public func intersects(_ range: Range<Int64>) -> Bool {
    if range.isEmpty { return false }
    let place = firstRange(endingAfter: range.lowerBound)
    return place < ranges.count && ranges[place].lowerBound < range.upperBound
  }

  /// What is in either set. O(n + m).
  public func union(_ other: PixelRangeSet) -> PixelRangeSet {
    var builder = Builder()
    var (i, j) = (0, 0)
    while i < ranges.count || j < other.ranges.count {
      let takeOwn =
        j == other.ranges.count
        || (i < ranges.count && ranges[i].lowerBound <= other.ranges[j].lowerBound)
      builder.append(takeOwn ? ranges[i] : other.ranges[j])
      if takeOwn { i += 1 } else { j += 1 }
    }
    return builder.finish()
  }

  /// What is in both sets. O(n + m).
  public func intersection(_ other: PixelRangeSet) -> PixelRangeSet {
    var builder = Builder()
    var (i, j) = (0, 0)
    while i < ranges.count && j < other.ranges.count {
      let (mine, theirs) = (ranges[i], other.ranges[j])
      let common = mine.clamped(to: theirs)
      if !common.isEmpty { builder.append(common) }
      if mine.upperBound <= theirs.upperBound { i += 1 } else { j += 1 }
    }
    return builder.finish()
  }

  /// What is in this set and not in the other. O(n + m).
  public func subtracting(_ other: PixelRangeSet) -> PixelRangeSet {
    var builder = Builder()
    var j = 0
    for range in ranges {
      var begin = range.lowerBound
      while j < other.ranges.count && other.ranges[j].upperBound <= begin { j += 1 }
      var k = j
      while k < other.ranges.count && other.ranges[k].lowerBound < range.upperBound {
        if begin < other.ranges[k].lowerBound { builder.append(begin..<other.ranges[k].lowerBound) }
        begin = max(begin, other.ranges[k].upperBound)
        k += 1
      }
      if begin < range.upperBound { builder.append(begin..<range.upperBound) }
    }
    return builder.finish()
  }

  /// The pixels of `order` that touch this set, whole.
  public func rounded(outToOrder order: Int) -> PixelRangeSet {
    let shift = HealpixPixel.shift(fromOrder: order)
    var builder = Builder()
    for range in ranges {
      builder.append(((range.lowerBound >> shift) << shift)..<((((range.upperBound - 1) >> shift) + 1) << shift))
    }
    return builder.finish()
  }
}
