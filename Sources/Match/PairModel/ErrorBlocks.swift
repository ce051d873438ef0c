/// Joins neighbouring bins of the quoted error whose sources have counterparts alike.
enum ErrorBlocks {
  /// The fewest sources of a bin that is looked at by itself.
  static let leastSources = 250.0
  /// Two blocks are joined while 2 ln L falls by no more.
  private static let loss = 6.0

  /// Bins joined, from small errors to large, until each holds 250 sources and leaves as many beyond it: new bin by
  /// bin.
  static func joined(_ sources: [Double]) -> [Int] {
    var (bins, held, left) = ([Int](), 0.0, sources.reduce(0, +))
    var current = 0
    for count in sources {
      bins.append(current)
      held += count
      left -= count
      if held >= leastSources && left >= leastSources { (current, held) = (current + 1, 0) }
    }
    return bins
  }

  /// The block of each bin: of all neighbours those are joined first that lose least, the first of equals.
  ///
  /// - Parameter tables: ln L of each bin on the grid of factors.
  /// - Complexity: O(bins² · points).
  static func blocks(_ tables: [[Double]]) -> [Int] {
    var tables = tables
    var sizes = [Int](repeating: 1, count: tables.count)
    while let place = leastLoss(tables) {
      tables[place] = zip(tables[place], tables.remove(at: place + 1)).map { $0 + $1 }
      sizes[place] += sizes.remove(at: place + 1)
    }
    return sizes.enumerated().flatMap { [Int](repeating: $0, count: $1) }
  }

  /// The block that loses least if joined to the next; nil where all lose too much.
  private static func leastLoss(_ tables: [[Double]]) -> Int? {
    var (best, place) = (Double.infinity, Int?.none)
    for (index, (one, next)) in zip(tables, tables.dropFirst()).enumerated() {
      let apart = one.reduce(-.infinity, max) + next.reduce(-.infinity, max)
      let lost = apart - zip(one, next).reduce(-.infinity) { max($0, $1.0 + $1.1) }
      if lost < best { (best, place) = (lost, index) }
    }
    return 2 * best > loss ? nil : place
  }
}
