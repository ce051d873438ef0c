extension RandomAccessCollection {
  /// The first position at which a condition holds that holds at every later one, too; `endIndex` if it holds nowhere.
  /// - Complexity: O(log n).
  @inlinable
  public func binarySearch(_ holds: (Element) throws -> Bool) rethrows -> Index {
    var (low, count) = (startIndex, self.count)
    while count > 0 {
      let half = count / 2
      let middle = index(low, offsetBy: half)
      if try holds(self[middle]) {
        count = half
      } else {
        low = index(after: middle)
        count -= half + 1
      }
    }
    return low
  }
}
