/// Sums over sources and pairs by class of the finest level and block of errors: element class · blocks + block.
struct ShareGrid {
  /// Classes of the finest level.
  let classes: Int
  /// Blocks of the quoted error.
  let blocks: Int

  /// Sources by class and block.
  func sources(_ side: PairSide, _ finestClass: [Int], _ block: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: classes * blocks)
    for (place, count) in side.sources.enumerated() {
      let (fine, bin) = place.quotientAndRemainder(dividingBy: side.errorBins)
      sums[finestClass[fine] * blocks + block[bin]] += Double(max(count, 0))
    }
    return sums
  }

  /// The sum of a value of each pair by class and block.
  func pairs(_ side: PairSide, _ finestClass: [Int], _ block: [Int], _ values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: classes * blocks)
    let (rowClass, rowErrorBin) = (side.rowClass, side.rowErrorBin)
    for row in values.indices {
      sums[finestClass[Int(rowClass[row])] * blocks + block[Int(rowErrorBin[row])]] += values[row]
    }
    return sums
  }

  /// Pairs a source of a coarser level, by class of the finest level and block.
  ///
  /// - Parameters:
  ///   - parents: The class of the coarser level of each finest class, 0 ..< `classes`.
  ///   - crossed: Whether the blocks are kept apart.
  func shares(
    _ pairs: [Double], _ sources: [Double], parents: [Int], classes: Int, crossed: Bool
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: classes * blocks)
    var held = sums
    let places = pairs.indices.map { parents[$0 / blocks] * blocks + (crossed ? $0 % blocks : 0) }
    for (place, target) in places.enumerated() {
      sums[target] += pairs[place]
      held[target] += sources[place]
    }
    return places.map { sums[$0] / max(held[$0], 1) }
  }
}
