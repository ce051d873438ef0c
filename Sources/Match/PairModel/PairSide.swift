/// What the pairs of a region say of the sources on one side, a or b.
struct PairSide: Sendable {
  /// By row: the fine class of magnitude, 0 ..< `classes`.
  let rowClass: [Int32]
  /// By row: the bin of the quoted error, 0 ..< `errorBins`.
  let rowErrorBin: [Int32]
  /// Fine classes, that without magnitude included.
  let classes: Int
  /// Whether the last class holds sources without magnitude.
  let hasUnknown: Bool
  /// Bins of the quoted error.
  let errorBins: Int
  /// Sources: element class · `errorBins` + bin.
  let sources: [Int64]

  /// Sources by error bin, of all classes.
  var sourcesByErrorBin: [Double] {
    var sums = [Double](repeating: 0, count: errorBins)
    for (place, count) in sources.enumerated() { sums[place % errorBins] += Double(max(count, 0)) }
    return sums
  }

  /// Whether there is a value for each of so many rows, all within range, and a number of sources for each class and
  /// bin.
  func isWhole(rows: Int) -> Bool {
    classes >= 1 && errorBins >= 1 && sources.count == classes * errorBins
      && rowClass.count == rows && rowErrorBin.count == rows
      && rowClass.allSatisfy { $0 >= 0 && $0 < classes } && rowErrorBin.allSatisfy { $0 >= 0 && $0 < errorBins }
  }
}
