/// What the quoted errors of two sources say of them being one object: a factor h = x_a x_b of the odds, by block of
/// errors.
///
/// Where faint sources have large errors and counterparts are bright, a small error is evidence. Bins of the quoted
/// error are joined to blocks; the x of all blocks maximise Σ n [ln(1 + h g) − ln(1 + h q)], and each is at last the
/// mean of its posterior with the others held.
struct ErrorEvidence: Sendable {
  /// The errors of one side.
  struct Side: Sendable, Equatable {
    /// By error bin: the block.
    let block: [Int]
    /// By block: x, positive.
    let factors: [Double]

    /// The factor of an error bin.
    func factor(_ bin: Int) -> Double { factors[block[bin]] }
  }

  /// The errors of a.
  let a: Side
  /// The errors of b.
  let b: Side

  /// Errors that say nothing: one block on each side.
  init(binsA: Int, binsB: Int) {
    self.init(
      a: Side(block: [Int](repeating: 0, count: binsA), factors: [1]),
      b: Side(block: [Int](repeating: 0, count: binsB), factors: [1]))
  }

  private init(a: Side, b: Side) { (self.a, self.b) = (a, b) }

  /// Fits the errors of these pairs, whose odds are taken without any factor of errors.
  ///
  /// One block on both sides says nothing: all factors are 1.
  /// - Complexity: O(33 · rows) for blocks; if there are several, O(200 · rows) beyond.
  init(_ kinds: PairKinds) {
    let (blockA, blockB) = Self.blocks(kinds)
    let (countA, countB) = ((blockA.last ?? 0) + 1, (blockB.last ?? 0) + 1)
    guard countA * countB > 1 else {
      self.init(binsA: kinds.errorBinsA, binsB: kinds.errorBinsB)
      return
    }
    let cells = zip(kinds.errorA, kinds.errorB).map { blockA[Int($0)] * countB + blockB[Int($1)] }
    let none = [Double](repeating: 1, count: kinds.rows)
    let odds = GroupedOdds(kinds, evidence: none, rowKeys: cells, keyCount: countA * countB)
    let fit = ErrorFactors(odds, blocksA: countA, blocksB: countB)
    self.init(a: Side(block: blockA, factors: fit.a), b: Side(block: blockB, factors: fit.b))
  }

  /// h of two error bins.
  func factor(errorA: Int, errorB: Int) -> Double { a.factor(errorA) * b.factor(errorB) }

  /// h of every row.
  func factors(of kinds: PairKinds) -> [Double] {
    zip(kinds.errorA, kinds.errorB).map { factor(errorA: Int($0), errorB: Int($1)) }
  }

  /// The block of each error bin, of a and b.
  private static func blocks(_ kinds: PairKinds) -> ([Int], [Int]) {
    let joinedA = ErrorBlocks.joined(kinds.sideA.sourcesByErrorBin)
    let joinedB = ErrorBlocks.joined(kinds.sideB.sourcesByErrorBin)
    let (countA, countB) = ((joinedA.last ?? 0) + 1, (joinedB.last ?? 0) + 1)
    guard countA * countB > 1 else { return (joinedA, joinedB) }
    var tableA = [SIMD4<Double>](repeating: .zero, count: countA * FactorGrid.vectors)
    var tableB = [SIMD4<Double>](repeating: .zero, count: countB * FactorGrid.vectors)
    let values = FactorGrid.values
    for row in 0..<kinds.rows {
      let startA = joinedA[Int(kinds.errorA[row])] * FactorGrid.vectors
      let startB = joinedB[Int(kinds.errorB[row])] * FactorGrid.vectors
      let (n, g, q) = (kinds.counts[row], kinds.after[row], kinds.before[row])
      for (point, x) in values.enumerated() {
        let gain = n * logarithm((1 + g * x) / (1 + q * x))
        tableA[startA + point] += gain
        tableB[startB + point] += gain
      }
    }
    return (blocks(tableA, joinedA), blocks(tableB, joinedB))
  }

  private static func blocks(_ table: [SIMD4<Double>], _ joined: [Int]) -> [Int] {
    let blocks = ErrorBlocks.blocks(FactorGrid.tables(table))
    return joined.map { blocks[$0] }
  }
}
