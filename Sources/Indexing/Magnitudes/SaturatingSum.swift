extension FixedWidthInteger {
  /// The sum, or the number nearest to it that there is.
  ///
  /// Counts that only grow give the same result in whatever order they are added.
  @inlinable
  @inline(__always)
  public func saturatingAdd(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    if !overflow { return sum }
    return other < 0 ? .min : .max
  }
}
