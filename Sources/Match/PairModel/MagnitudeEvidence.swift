/// What the magnitudes of two sources say of them being one object: a factor h of the odds, by classes of a and of b.
///
/// Levels of 1, 2, 4 … 64 classes are fitted, each around the one before, once without each of five folds. The factor
/// is h = Σ α_l h_l, with the weights that make pairs most likely in fits that have not seen them: coarse levels where
/// counterparts are few, fine ones where they are many, level 0, h = 1, where magnitudes say nothing.
///
/// A pair of the region is judged by `factor` with its fold, any other by `meanFactor`.
struct MagnitudeEvidence: Sendable {
  /// The levels of classes that differ.
  let levels: ClassLevels
  /// By level: h by cell and fold left out, element cell · 5 + fold.
  let tables: [[Double]]
  /// α by level, that of "magnitudes say nothing" first; positive, of sum 1.
  let weights: [Double]
  /// h by fold, then by cell of the finest level.
  let factors: [Double]
  /// The mean of `factors` over folds, by cell of the finest level.
  let mean: [Double]

  /// Fits the magnitudes of pairs whose odds have the factor `evidence`, one a row.
  ///
  /// - Parameter warm: An earlier fit of the same classes: begins there and takes 6 steps instead of 12.
  /// - Complexity: O(rows · levels · steps).
  init(_ kinds: PairKinds, evidence: [Double], warm: MagnitudeEvidence? = nil) {
    precondition(
      evidence.count == kinds.rows,
      "MagnitudeEvidence: evidence of \(evidence.count) rows; allowed: \(kinds.rows), as there are rows")
    let levels = Self.levels(kinds)
    let odds = Self.grouped(kinds, evidence, levels)
    let tables = Self.fitted(odds, levels, warm: warm?.levels == levels ? warm : nil)
    let heldOut = Self.heldOut(odds, levels, tables)
    self.init(levels, tables, weights: LevelWeights(odds, factors: heldOut, levels: levels.count).best())
  }

  private init(_ levels: ClassLevels, _ tables: [[Double]], weights: [Double]) {
    (self.levels, self.tables, self.weights) = (levels, tables, weights)
    factors = Self.mixed(levels, tables, weights)
    let (cells, factors) = (levels.cells(levels.finest), self.factors)
    mean = (0..<cells).map { cell in
      (0..<PairKinds.folds).reduce(0) { $0 + factors[$1 * cells + cell] } / Double(PairKinds.folds)
    }
  }

  /// h of a pair of this fold, by the fit that has not seen it.
  func factor(fold: Int, classA: Int, classB: Int) -> Double {
    factors[fold * mean.count + levels.cell(levels.finest, classA, classB)]
  }

  /// h of a pair that took no part in the fit.
  func meanFactor(classA: Int, classB: Int) -> Double { mean[levels.cell(levels.finest, classA, classB)] }

  /// h of every row.
  func factors(of kinds: PairKinds) -> [Double] {
    let cells = Self.finestCells(kinds, levels)
    return kinds.fold.indices.map { factors[Int(kinds.fold[$0]) * mean.count + cells[$0]] }
  }

  private static func levels(_ kinds: PairKinds) -> ClassLevels {
    ClassLevels(
      NestedClasses(classes: kinds.classesA, hasUnknown: kinds.hasUnknownA),
      NestedClasses(classes: kinds.classesB, hasUnknown: kinds.hasUnknownB))
  }

  /// By row: the cell of the finest level.
  private static func finestCells(_ kinds: PairKinds, _ levels: ClassLevels) -> [Int] {
    let number = levels.numbers[levels.finest]
    let (ofA, ofB, countB) = (levels.a.classOf[number], levels.b.classOf[number], levels.b.counts[number])
    return kinds.classA.indices.map { ofA[Int(kinds.classA[$0])] * countB + ofB[Int(kinds.classB[$0])] }
  }

  /// Pairs by fold and cell of the finest level: key fold · cells + place of the cell in the order of cells.
  private static func grouped(_ kinds: PairKinds, _ evidence: [Double], _ levels: ClassLevels) -> GroupedOdds {
    let cells = levels.order.count
    var places = [Int](repeating: 0, count: cells)
    for (place, cell) in levels.order.enumerated() { places[cell] = place }
    let keys = zip(finestCells(kinds, levels), kinds.fold).map { Int($1) * cells + places[$0] }
    return GroupedOdds(kinds, evidence: evidence, rowKeys: keys, keyCount: PairKinds.folds * cells)
  }

  /// h of all levels, one after the other.
  private static func fitted(_ odds: GroupedOdds, _ levels: ClassLevels, warm: MagnitudeEvidence?) -> [[Double]] {
    var tables = [[Double](repeating: 1, count: PairKinds.folds)]
    for level in 1..<max(levels.count, 1) {
      let fit = LevelFit(odds, levels, level: level)
      let steps = warm == nil ? 12 : 6
      tables.append(fit.factors(parentFactors: tables[level - 1], start: warm?.tables[level], steps: steps))
    }
    return tables
  }

  /// By group of pairs, then level: h by the fit without the fold of the group.
  private static func heldOut(_ odds: GroupedOdds, _ levels: ClassLevels, _ tables: [[Double]]) -> [Double] {
    let cells = (0..<levels.count).map { levels.parents(of: levels.finest, at: $0) }
    return odds.keys.flatMap { key in
      let (fold, place) = key.quotientAndRemainder(dividingBy: levels.order.count)
      return tables.indices.map { tables[$0][cells[$0][levels.order[place]] * PairKinds.folds + fold] }
    }
  }

  /// Σ α_l h_l by fold, then by cell of the finest level.
  private static func mixed(_ levels: ClassLevels, _ tables: [[Double]], _ weights: [Double]) -> [Double] {
    let cells = levels.cells(levels.finest)
    var mixed = [Double](repeating: 0, count: PairKinds.folds * cells)
    for (level, weight) in weights.enumerated() {
      for (cell, parent) in levels.parents(of: levels.finest, at: level).enumerated() {
        for fold in 0..<PairKinds.folds {
          mixed[fold * cells + cell] += weight * tables[level][parent * PairKinds.folds + fold]
        }
      }
    }
    return mixed
  }
}
