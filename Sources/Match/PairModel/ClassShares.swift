/// The share of sources that have a counterpart, by class of magnitude and block of quoted error.
///
/// s = Σ_pairs r/E over a class / sources of the class, r = g h/(1 + g h), at every level of classes, averaged with the
/// weights of the levels. While a level has no more than 8 classes it is divided by blocks of errors, too.
struct ClassShares: Sendable {
  /// The sources of one side.
  struct Side: Sendable {
    /// The finest class of each fine class.
    let finestClass: [Int]
    /// The block of each error bin.
    let block: [Int]
    /// The number of blocks.
    let blocks: Int
    /// s by class of the finest level and block, element class · blocks + block; 0 to 0.98.
    let shares: [Double]
    /// s by block, from positions and errors alone; 0 to 0.98.
    let withoutMagnitudes: [Double]

    /// The share of the sources of a fine class and error bin that have a counterpart.
    func share(class fine: Int, errorBin: Int) -> Double { shares[finestClass[fine] * blocks + block[errorBin]] }

    /// The same where magnitudes are not looked at.
    func shareWithoutMagnitudes(errorBin: Int) -> Double { withoutMagnitudes[block[errorBin]] }
  }

  /// The sources of a.
  let a: Side
  /// The sources of b.
  let b: Side

  /// The greatest share: no class is certain to have counterparts.
  private static let greatest = 0.98
  /// Levels of more classes are not divided by errors.
  private static let mostCrossed = 8

  /// The shares that follow from both kinds of evidence.
  ///
  /// - Complexity: O(rows).
  init(_ kinds: PairKinds, errors: ErrorEvidence, magnitudes: MagnitudeEvidence) {
    let byErrors = errors.factors(of: kinds)
    let byBoth = zip(byErrors, magnitudes.factors(of: kinds)).map { $0 * $1 }
    let (alone, found) = (Self.found(kinds, byErrors), Self.found(kinds, byBoth))
    let (levels, weights) = (magnitudes.levels, magnitudes.weights)
    a = Self.side(kinds.sideA, errors.a, levels.a, levels.numbers, weights, found: found, alone: alone)
    b = Self.side(kinds.sideB, errors.b, levels.b, levels.numbers, weights, found: found, alone: alone)
  }

  /// Counterparts of each row, those beyond the search included: n r/E.
  private static func found(_ kinds: PairKinds, _ factors: [Double]) -> [Double] {
    kinds.after.indices.map { row in
      let odds = PairKinds.odds(kinds.after[row] * factors[row])
      return kinds.counts[row] * odds / (1 + odds) / kinds.shares[row]
    }
  }

  private static func side(
    _ side: PairSide, _ errors: ErrorEvidence.Side, _ classes: NestedClasses, _ numbers: [Int], _ weights: [Double],
    found: [Double], alone: [Double]
  ) -> Side {
    let finest = numbers[numbers.count - 1]
    let grid = ShareGrid(classes: classes.counts[finest], blocks: errors.factors.count)
    let (finestClass, block) = (classes.classOf[finest], errors.block)
    let sources = grid.sources(side, finestClass, block)
    let pairs = grid.pairs(side, finestClass, block, found)
    var shares = [Double](repeating: 0, count: pairs.count)
    for (number, weight) in zip(numbers, weights) {
      let parents = classes.parents(of: finest, at: number)
      let crossed = classes.counts[number] <= mostCrossed
      let level = grid.shares(pairs, sources, parents: parents, classes: classes.counts[number], crossed: crossed)
      for place in shares.indices { shares[place] += weight * level[place] }
    }
    let single = [Int](repeating: 0, count: grid.classes)
    let withoutMagnitudes = grid.shares(
      grid.pairs(side, finestClass, block, alone), sources, parents: single, classes: 1, crossed: true)
    return Side(
      finestClass: finestClass, block: block, blocks: grid.blocks, shares: shares.map { min($0, greatest) },
      withoutMagnitudes: withoutMagnitudes.prefix(grid.blocks).map { min($0, greatest) })
  }
}
